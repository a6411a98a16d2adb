import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { failure } from "../../support/diagnostic.js";
import { resolveTool } from "../../toolchain/resolve.js";
import { runTool } from "../../toolchain/run.js";
import { iceunpack } from "../../toolchain/tools/icestorm.js";
import type { Design } from "../rtl/design.js";
import type { RtlMachine } from "../rtl/machine.js";
import { openRtl, type RtlOptions } from "../rtl/open.js";
import { readChipDatabase } from "./chip-database-file.js";
import { chipModule, type ExtractedNetlist, extractNetlist } from "./extract.js";

/** A bitstream and what is needed to name its pins. */
export interface BitstreamSource {
  /** Path of the `.bin` file. */
  readonly bitstream: string;
  /** Text of the pin constraints that it was made with. */
  readonly constraints: string;
  /** Name of the chip database, e.g. `5k`, and of the package, e.g. `sg48`. */
  readonly device: string;
  readonly package: string;
  /** Port of the constraints that is the clock; the simulation drives it at the rate of the core, PLLs are wires. */
  readonly clock: string;
}

/** A netlist as a design that `openRtl` simulates. */
export interface NetlistDesign {
  readonly design: Design;
  readonly cells: ExtractedNetlist["cells"];
}

/**
 * Read a bitstream back into Verilog.
 *
 * @throws SpikewrightError `chip-database-missing`, `tool-not-found`, `bitstream-missing`, and those of `extractNetlist`.
 */
export async function netlistDesign(source: BitstreamSource, options: RtlOptions = {}): Promise<NetlistDesign> {
  const database = await readChipDatabase(source.device, options);
  const text = await unpack(source.bitstream, options);
  const netlist = extractNetlist(text, database, source.package, source.constraints);
  const design: Design = {
    top: chipModule,
    verilog: new Map([
      ["cells.v", await cellModels()],
      ["chip.v", netlist.verilog],
    ]),
    parameters: new Map(),
    clock: source.clock,
    ports: netlist.ports
      .filter(({ name }) => name !== source.clock)
      .map(({ name, direction }) => ({ name, direction, bits: 1 })),
  };
  return { design, cells: netlist.cells };
}

/**
 * Read a bitstream back and start its simulation with Verilator or Icarus; CXXRTL cannot compile the models of the hard
 * cells.
 *
 * @throws SpikewrightError of `netlistDesign` and `openRtl`.
 */
export async function openNetlist(source: BitstreamSource, options: RtlOptions = {}): Promise<RtlMachine> {
  const { design } = await netlistDesign(source, options);
  return openRtl(design, { effort: 1, kind: "native", ...options });
}

async function unpack(bitstream: string, options: RtlOptions): Promise<string> {
  const tool = await resolveTool(iceunpack, options);
  const folder = await mkdtemp(join(tmpdir(), "spikewright-unpack-"));
  try {
    await copyFile(bitstream, join(folder, "chip.bin")).catch((error: Error) => {
      throw failure({
        code: "bitstream-missing",
        message: `Cannot read the bitstream: ${error.message}, wanted a file`,
        place: { file: bitstream },
      });
    });
    await runTool(tool, {
      arguments: ["chip.bin", "chip.asc"],
      folder,
      inputs: ["chip.bin"],
      outputs: ["chip.asc"],
      log: join(folder, "iceunpack.log"),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    return await readFile(join(folder, "chip.asc"), "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Models of the hard cells, from the Yosys package. */
async function cellModels(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve("@yowasp/yosys");
  const text = await readFile(join(dirname(entry), "share", "ice40", "cells_sim.v"), "utf8");
  const modules = ["SB_RAM40_4K", "SB_SPRAM256KA", "SB_MAC16"].map((name) => {
    const module = new RegExp(`^module ${name}\\b[\\s\\S]*?^endmodule`, "m").exec(text);
    if (!module) throw new Error(`the Yosys package has no model of ${name}`);
    return module[0];
  });
  // the models give some ports default values, which Icarus does not know; every port is connected here
  const defaults = ["0", "1", "V(v)"].map((name) => `\`define ICE40_DEFAULT_ASSIGNMENT_${name}\n`);
  return `${defaults.join("")}${modules.join("\n")}\n`;
}
