import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { extractNetlist } from "../../../src/sim/netlist/extract.js";
import { type BitstreamSource, netlistDesign, openNetlist } from "../../../src/sim/netlist/open.js";
import { Batch } from "../../../src/sim/rtl/batch.js";
import type { RtlMachine } from "../../../src/sim/rtl/machine.js";
import { availableBackends, openRtl } from "../../../src/sim/rtl/open.js";
import { build } from "../../../src/toolchain/build.js";
import { standInPlan } from "../../toolchain/stand-in/plan.js";
import { standInTraffic } from "../rtl/stand-in-model.js";

const haveDatabase = existsSync("/usr/share/fpga-icestorm/chipdb/chipdb-5k.txt");
if (!haveDatabase) console.warn("fpga-icestorm is not installed: no bitstream is read back");
const backends = (await availableBackends()).filter((backend) => backend !== "cxxrtl");

const folder = mkdtempSync(join(tmpdir(), "netlist-"));
const open: RtlMachine[] = [];
afterAll(async () => {
  await Promise.all(open.map((machine) => machine.close()));
  rmSync(folder, { recursive: true, force: true });
});

/** What the design answers to the bytes over its pins. */
async function answers(machine: RtlMachine, sent: Uint8Array, count: number): Promise<Uint8Array> {
  open.push(machine);
  const batch = new Batch(machine.design);
  batch.set("uart_rx_i", 1);
  batch.step(50);
  batch.serial("uart_rx_i", "uart_tx_o", 8);
  batch.send(sent);
  const got = batch.receive(count, 10_000);
  return (await machine.run(batch)).of(got);
}

describe.runIf(haveDatabase)("a bitstream read back", () => {
  let source: BitstreamSource;
  beforeAll(async () => {
    const plan = standInPlan();
    const { bitstream } = await build(plan, join(folder, "build"));
    const constraints = plan.files.get("pins.pcf")!;
    source = { bitstream, constraints, device: "5k", package: "sg48", clock: "clk_pin_i" };
  });

  it("has every cell that was placed", async () => {
    const { cells, design } = await netlistDesign(source);
    expect(cells).toMatchObject({ blockRam: 1, spram: 1, mac16: 1 });
    expect(cells.logic).toBeGreaterThan(200);
    expect(design.ports.map((port) => port.name).sort()).toEqual(["led_o", "uart_rx_i", "uart_tx_o"]);
  });

  it.each(backends)("answers as the design means, in %s", async (backend) => {
    const { sent, expected } = standInTraffic(5, backend === "icarus" ? 60 : 1500);
    const machine = await openNetlist(source, { backend });
    expect(await answers(machine, sent, expected.length)).toEqual(expected);
  });

  it.runIf(backends.includes("icarus"))("answers wrongly when a bit of a lookup table is flipped", async () => {
    const database = readFileSync("/usr/share/fpga-icestorm/chipdb/chipdb-5k.txt", "utf8");
    const text = readFileSync(join(folder, "build", "design.asc"), "utf8");
    const { design } = await netlistDesign(source);
    const { sent, expected } = standInTraffic(5, 60);
    const tables = usedTables(text.split("\n"));
    vi.stubEnv("SPIKEWRIGHT_CACHE", join(folder, "cache"));
    // many bits do not matter, such as those of counters that never get so far
    let seen = 0;
    for (let i = 0; i < 24 && seen < 2; i++) {
      const flipped = flipTable(text, tables[Math.floor(((i + 0.5) * tables.length) / 24)]!);
      const { verilog } = extractNetlist(flipped, database, "sg48", source.constraints);
      const wrong = { ...design, verilog: new Map([...design.verilog, ["chip.v", verilog]]) };
      const machine = await openRtl(wrong, { backend: "icarus" });
      seen += Number((await answers(machine, sent, expected.length)).join() !== expected.join());
    }
    vi.unstubAllEnvs();
    expect(seen).toBe(2);
  });
});

/** Lines of the text that hold the first half of a logic cell whose table is used: bits 36 to 43 are half a table. */
function usedTables(lines: readonly string[]): { line: number; column: number }[] {
  let inLogic = false;
  const found: { line: number; column: number }[] = [];
  lines.forEach((text, line) => {
    if (text.startsWith(".")) inLogic = text.startsWith(".logic_tile");
    else if (inLogic && /1/.test(text.slice(36, 44)))
      found.push({ line, column: 36 + text.slice(36, 44).indexOf("1") });
  });
  return found;
}

function flipTable(text: string, { line, column }: { line: number; column: number }): string {
  const lines = text.split("\n");
  lines[line] = `${lines[line]!.slice(0, column)}0${lines[line]!.slice(column + 1)}`;
  return lines.join("\n");
}

describe("what cannot be read back", () => {
  const nothing = { bitstream: "none.bin", constraints: "", device: "5k", package: "sg48", clock: "clk" };

  it("names the missing chip database and how to get it", async () => {
    const missing = netlistDesign({ ...nothing, device: "9k" });
    await expect(missing).rejects.toMatchObject({
      blame: "tool",
      diagnostics: [{ code: "chip-database-missing", hint: expect.stringContaining("apt install fpga-icestorm") }],
    });
  });

  it.runIf(haveDatabase)("names a missing bitstream, and one that is none", async () => {
    await expect(netlistDesign(nothing)).rejects.toMatchObject({ diagnostics: [{ code: "bitstream-missing" }] });
    writeFileSync(join(folder, "noise.bin"), Buffer.alloc(5000, 0xa5));
    const noise = netlistDesign({ ...nothing, bitstream: join(folder, "noise.bin") });
    await expect(noise).rejects.toMatchObject({ diagnostics: [{ code: "tool-failed" }] });
  });

  it("refuses text that is no bitstream, a database of another device, and unknown pins", () => {
    const tile = `.logic_tile 1 1\n${"0".repeat(54)}\n`.replace(/\n(0+)\n/, (_, row) => `\n${`${row}\n`.repeat(16)}`);
    const text = `.device 5k\n${tile}`;
    const database = ".device 5k 26 32 10\n.pins sg48\n35 12 31 1\n";
    expect(codeOf(() => extractNetlist("", database, "sg48", ""))).toBe("bitstream-text");
    expect(codeOf(() => extractNetlist(".device 5k\n.logic_tile 1 1\n01\n", database, "sg48", ""))).toBe(
      "bitstream-text",
    );
    expect(codeOf(() => extractNetlist(".device 5k\n.logic_tile 1 999\n", database, "sg48", ""))).toBe(
      "bitstream-text",
    );
    expect(codeOf(() => extractNetlist(text, database.replace("5k", "8k"), "sg48", ""))).toBe("chip-database");
    expect(codeOf(() => extractNetlist(text, database, "ct256", ""))).toBe("chip-database");
    expect(codeOf(() => extractNetlist(text, database, "sg48", "set_io a 99\n"))).toBe("netlist-pins");
    expect(codeOf(() => extractNetlist(text, database, "sg48", "set_io\n"))).toBe("netlist-pins");
    expect(extractNetlist(text, database, "sg48", "# nothing\n").cells.logic).toBe(0);
  });
});

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { diagnostics: { code: string }[] }).diagnostics[0]!.code;
  }
  return "ok";
}
