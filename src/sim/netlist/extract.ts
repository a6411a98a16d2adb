import { parseBitstreamText } from "./asc.js";
import { blockRamOutputs, blockRamStatements, blockRams } from "./block-ram.js";
import { configureChip } from "./chip-database.js";
import { hardCellOutputs, hardCellStatements, usedHardCells } from "./hard-cells.js";
import { Logic } from "./logic.js";
import { Netlist } from "./netlist.js";
import { padOutputs, padStatements, padsOf } from "./pads.js";

/** A netlist read back from a bitstream. */
export interface ExtractedNetlist {
  /** Verilog of module `chip`, over cells SB_RAM40_4K, SB_SPRAM256KA and SB_MAC16. */
  readonly verilog: string;
  readonly ports: readonly { readonly name: string; readonly direction: "input" | "output" }[];
  readonly cells: {
    readonly logic: number;
    readonly blockRam: number;
    readonly spram: number;
    readonly mac16: number;
  };
}

/** Name of the extracted module. */
export const chipModule = "chip";

/**
 * Turn an unpacked bitstream into Verilog, hard cells included.
 *
 * @param text What iceunpack writes.
 * @param database Text of the icestorm chip database of the device.
 * @param packageName e.g. `sg48`.
 * @param constraints Pin constraints that the bitstream was made with; they name the ports.
 * @throws SpikewrightError `bitstream-text`, `chip-database`, `netlist-pins`, `netlist-unsupported`.
 */
export function extractNetlist(
  text: string,
  database: string,
  packageName: string,
  constraints: string,
): ExtractedNetlist {
  const bitstream = parseBitstreamText(text);
  const netlist = new Netlist(configureChip(database, bitstream, packageName), bitstream);
  const pads = padsOf(netlist, constraints);
  const logic = new Logic(netlist);
  const rams = blockRams(netlist);
  const hard = usedHardCells(netlist);

  padOutputs(netlist, pads);
  logic.outputs();
  blockRamOutputs(netlist, rams);
  hardCellOutputs(netlist, hard);

  padStatements(netlist, pads);
  logic.statements();
  blockRamStatements(netlist, rams);
  hardCellStatements(netlist, hard);

  const ports = pads.map(({ port, direction }) => ({ name: port, direction }));
  const header = ports.map(({ name, direction }) => `  ${direction} wire ${name}`).join(",\n");
  return {
    verilog: `module ${chipModule} (\n${header}\n);\n${netlist.body()}\nendmodule\n`,
    ports,
    cells: {
      logic: logic.count,
      blockRam: rams.length,
      spram: hard.filter((cell) => cell.kind === "SPRAM").length,
      mac16: hard.filter((cell) => cell.kind === "MAC16").length,
    },
  };
}
