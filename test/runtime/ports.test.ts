import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { loadBoards } from "../../src/board/load.js";
import { listPorts } from "../../src/runtime/ports.js";

const boards = [...loadBoards().boards.values()];
const icebreaker = boards.find(({ id }) => id === "icebreaker")!;
const { vendorId, productId } = icebreaker.usb!;
const failing = (): Promise<never> => Promise.reject(new Error("spawn udevadm ENOENT"));

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A machine with a USB bridge of two ports, a port without USB, and things that are no serial ports. */
function machine(): string {
  const root = mkdtempSync(join(tmpdir(), "ports-"));
  folders.push(root);
  mkdirSync(join(root, "dev"));
  for (const name of ["ttyUSB0", "ttyUSB10", "ttyUSB2", "ttyACM0", "tty1", "null"])
    writeFileSync(join(root, "dev", name), "");
  const device = join(root, "sys/devices/usb1/1-1");
  mkdirSync(device, { recursive: true });
  writeFileSync(join(device, "idVendor"), `${vendorId}\n`);
  writeFileSync(join(device, "idProduct"), `${productId}\n`);
  writeFileSync(join(device, "product"), "iCEBreaker V1.0e\n");
  writeFileSync(join(device, "serial"), "ib1234\n");
  for (const [name, number] of [
    ["ttyUSB0", "00"],
    ["ttyUSB2", "01"],
  ] as const) {
    const tty = join(device, `1-1:1.${Number(number)}`, name);
    mkdirSync(tty, { recursive: true });
    writeFileSync(join(device, `1-1:1.${Number(number)}`, "bInterfaceNumber"), number);
    mkdirSync(join(root, "sys/class/tty", name), { recursive: true });
    symlinkSync(tty, join(root, "sys/class/tty", name, "device"));
  }
  return root;
}

describe("listPorts", () => {
  it("reads /dev and /sys where the package cannot list", async () => {
    const root = machine();
    const found = await listPorts(boards, failing, root);
    expect(found.map(({ path }) => path.slice(root.length))).toEqual([
      "/dev/ttyACM0",
      "/dev/ttyUSB0",
      "/dev/ttyUSB2",
      "/dev/ttyUSB10",
    ]);
    expect(found[2]).toEqual({
      path: join(root, "dev/ttyUSB2"),
      vendorId,
      productId,
      product: "iCEBreaker V1.0e",
      serialNumber: "ib1234",
      interface: 1,
      boards: expect.arrayContaining(["icebreaker"]),
    });
    expect(found[0]).toEqual({ path: join(root, "dev/ttyACM0"), boards: [] });
  });

  it("finds nothing on a machine without serial ports", async () => {
    expect(await listPorts(boards, failing, join(tmpdir(), "there-is-no-such-folder"))).toEqual([]);
  });

  it("matches boards by USB ids, and by product where the file says one", async () => {
    const port = (product?: string) => ({ path: "COM3", vendorId, productId, ...(product ? { product } : {}) });
    const matched = async (product?: string) => (await listPorts(boards, async () => [port(product)]))[0]!.boards;
    expect(await matched()).toContain("icebreaker");
    expect(await matched("iCEBreaker V1.0e")).toContain("icebreaker");
    const strict = [{ ...icebreaker, usb: { vendorId, productId, product: "^iCEBreaker" } }];
    expect((await listPorts(strict, async () => [port("something else")]))[0]!.boards).toEqual([]);
  });

  it("leaves out ports that belong to no device", async () => {
    const found = await listPorts(boards, async () => [{ path: "/dev/ttyS0" }, { path: "/dev/ttyACM1" }]);
    expect(found.map(({ path }) => path)).toEqual(["/dev/ttyACM1"]);
  });

  it("does not fail on this machine", async () => {
    expect(Array.isArray(await listPorts(boards))).toBe(true);
  });
});
