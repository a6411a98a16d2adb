import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { findBoard } from "../../src/board/find.js";
import { loadBoards } from "../../src/board/load.js";
import type { Diagnostic } from "../../src/support/diagnostic.js";
import { flash, flashArguments } from "../../src/toolchain/flash.js";
import { programmerCause } from "../../src/toolchain/programmer-cause.js";

const catalog = loadBoards();
const board = (name: string) => findBoard(catalog, name);
const environment = { PATH: resolve("test/fake-tools") };
let folder: string;
let bitstream: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flash-"));
  bitstream = join(folder, "core.bin");
  writeFileSync(bitstream, "");
  vi.stubEnv("FAKE_TOOLS_LOG", join(folder, "recorded"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function finding(run: Promise<unknown>): Promise<Diagnostic & { blame: string }> {
  try {
    await run;
  } catch (error) {
    const { diagnostics, blame } = error as { diagnostics: Diagnostic[]; blame: string };
    return { ...diagnostics[0]!, blame };
  }
  throw new Error("it did not fail");
}

describe("flash", () => {
  it("runs the programmer of the board", async () => {
    await flash(board("icebreaker"), bitstream, { environment });
    await flash(board("pico-ice"), bitstream, { environment });
    await flash(board("icebreaker"), bitstream, { environment, programmerArguments: ["-d", "i:0x0403:0x6010:1"] });
    const runs = readFileSync(join(folder, "recorded"), "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split("\t"));
    expect(runs).toEqual([
      ["iceprog", bitstream],
      ["dfu-util", "--reset", "-d", "1209:b1c0", "-a", "0", "-D", bitstream],
      ["iceprog", "-d", "i:0x0403:0x6010:1", bitstream],
    ]);
  });

  it("leaves no placeholder for any board", () => {
    for (const one of catalog.boards.values()) {
      const made = flashArguments(board(one.id), "/a/b.bin");
      expect(made.join(" "), one.id).toMatch(/^[^$]*\/a\/b\.bin[^$]*$/);
    }
  });

  it("names a missing bitstream and a missing programmer", async () => {
    expect(await finding(flash(board("icebreaker"), join(folder, "no"), {}))).toMatchObject({
      code: "bitstream-missing",
      blame: "input",
    });
    expect(await finding(flash(board("icebreaker"), bitstream, { environment: { PATH: "" } }))).toMatchObject({
      code: "tool-not-found",
      blame: "tool",
      hint: expect.stringContaining("apt install fpga-icestorm"),
    });
  });

  it("tells cause and remedy of a failed run", async () => {
    vi.stubEnv(
      "FAKE_ICEPROG_SAYS",
      "init..\nCan't find iCE FTDI USB device (vendor_id 0x0403, device_id 0x6010 or 0x6014).\nABORT.",
    );
    vi.stubEnv("FAKE_ICEPROG_EXIT", "2");
    expect(await finding(flash(board("icebreaker"), bitstream, { environment }))).toMatchObject({
      code: "programmer-not-found",
      blame: "device",
      message: expect.stringContaining("(iceprog: exit code 2)"),
      hint: expect.stringContaining("0403:6010"),
    });
  });
});

describe("programmerCause", () => {
  it.each([
    [
      "unable to open ftdi device: -3 (device not found)\nJTAG init failed with: unable to open ftdi device",
      "programmer-not-found",
    ],
    ["dfu-util: No DFU capable USB device available", "programmer-not-found"],
    ["unable to open ftdi device: -4 (usb_open() failed)\nJTAG init failed", "programmer-permission"],
    [
      "dfu-util: Cannot open DFU device 1209:b1c0 found on devnum 3 (LIBUSB_ERROR_ACCESS)\ndfu-util: No DFU capable USB device available",
      "programmer-permission",
    ],
    ["unable to open ftdi device: -5 (unable to claim device)", "programmer-busy"],
    ["unable to open ftdi device: -6 (ftdi_usb_reset failed)", "programmer-reset"],
    ["Failed to reset iCE FTDI USB device.", "programmer-reset"],
    ["flash ID: 0xFF 0xFF 0xFF 0xFF", "programmer-flash"],
    ["programming..\nFound difference between flash and file!", "programmer-verify"],
    ["something else", "programmer-failed"],
    ["", "programmer-failed"],
  ])("reads %j as %s", (output, code) => {
    const cause = programmerCause(output, board("icebreaker"));
    expect(cause.code).toBe(code);
    expect(cause.remedy).toMatch(/^[A-Z]/);
  });
});
