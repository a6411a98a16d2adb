import type { HardCell } from "./chip-database.js";
import { type Netlist, unsupported } from "./netlist.js";

/** Ports of a hard cell: name, width (0: a single bit), and direction. */
type Port = readonly [name: string, width: number, direction: "in" | "out"];

const spramPorts: readonly Port[] = [
  ["ADDRESS", 14, "in"],
  ["DATAIN", 16, "in"],
  ["MASKWREN", 4, "in"],
  ["WREN", 0, "in"],
  ["CHIPSELECT", 0, "in"],
  ["CLOCK", 0, "in"],
  ["STANDBY", 0, "in"],
  ["SLEEP", 0, "in"],
  ["POWEROFF", 0, "in"],
  ["DATAOUT", 16, "out"],
];

const macPorts: readonly Port[] = [
  ...(["A", "B", "C", "D"] as const).map((name): Port => [name, 16, "in"]),
  ...["CLK", "CE", "AHOLD", "BHOLD", "CHOLD", "DHOLD", "IRSTTOP", "IRSTBOT", "ORSTTOP", "ORSTBOT"].map(
    (name): Port => [name, 0, "in"],
  ),
  ...["OLOADTOP", "OLOADBOT", "ADDSUBTOP", "ADDSUBBOT", "OHOLDTOP", "OHOLDBOT", "CI"].map(
    (name): Port => [name, 0, "in"],
  ),
  ["O", 32, "out"],
  ["CO", 0, "out"],
];

/** Settings of SB_MAC16 with their widths. */
const macParameters = [
  ["A_REG", 1],
  ["B_REG", 1],
  ["C_REG", 1],
  ["D_REG", 1],
  ["TOP_8x8_MULT_REG", 1],
  ["BOT_8x8_MULT_REG", 1],
  ["PIPELINE_16x16_MULT_REG1", 1],
  ["PIPELINE_16x16_MULT_REG2", 1],
  ["TOPOUTPUT_SELECT", 2],
  ["TOPADDSUB_LOWERINPUT", 2],
  ["TOPADDSUB_UPPERINPUT", 1],
  ["TOPADDSUB_CARRYSELECT", 2],
  ["BOTOUTPUT_SELECT", 2],
  ["BOTADDSUB_LOWERINPUT", 2],
  ["BOTADDSUB_UPPERINPUT", 1],
  ["BOTADDSUB_CARRYSELECT", 2],
  ["MODE_8x8", 1],
  ["A_SIGNED", 1],
  ["B_SIGNED", 1],
] as const;

/** SPRAMs that are switched on, and MAC16s that anything is routed to. */
export function usedHardCells(netlist: Netlist): HardCell[] {
  return netlist.chip.hardCells.filter((cell) => {
    if (cell.kind === "SPRAM") return setting(netlist, cell, "SPRAM_EN") === 1;
    if (cell.kind === "MAC16")
      return portsOf(cell).some((port) => bitsOf(cell, port).some((bit) => routed(netlist, bit)));
    refuseWhenUsed(netlist, cell);
    return false;
  });
}

/** Declare what the cells drive. */
export function hardCellOutputs(netlist: Netlist, cells: readonly HardCell[]): void {
  for (const cell of cells) {
    for (const port of portsOf(cell)) {
      if (port[2] === "out") for (const [x, y, name] of bitsOf(cell, port)) netlist.output(x, y, name);
    }
  }
}

/** Write the cells. */
export function hardCellStatements(netlist: Netlist, cells: readonly HardCell[]): void {
  for (const cell of cells) {
    const module = cell.kind === "SPRAM" ? "SB_SPRAM256KA" : "SB_MAC16";
    const parameters =
      cell.kind === "SPRAM" ? [] : macParameters.map(([name, width]) => parameter(netlist, cell, name, width));
    const ports = portsOf(cell).map((port) => {
      const bits = bitsOf(cell, port).map(([x, y, name]) =>
        port[2] === "out" ? netlist.output(x, y, name) : netlist.input(x, y, name, port[0] === "CE" ? "1'b1" : "1'b0"),
      );
      return `.${port[0]}({${bits.reverse().join(", ")}})`;
    });
    if (cell.kind === "MAC16") ports.push(".ACCUMCI(1'b0)", ".SIGNEXTIN(1'b0)");
    const name = `${cell.kind.toLowerCase()}_${netlist.size}`;
    const list = parameters.length > 0 ? `#(${parameters.join(", ")}) ` : "";
    netlist.add(`  ${module} ${list}${name} (${ports.join(", ")});`);
  }
}

function parameter(netlist: Netlist, cell: HardCell, name: string, width: number): string {
  const parts = width === 1 ? [name] : Array.from({ length: width }, (_, i) => `${name}_${i}`);
  const value = parts.reduce((sum, part, i) => sum + setting(netlist, cell, part) * 2 ** i, 0);
  if ((name === "BOTADDSUB_CARRYSELECT" && value === 2) || (name === "BOTADDSUB_LOWERINPUT" && value === 3)) {
    throw unsupported(`MAC16 ${cell.x} ${cell.y} with a cascade from its neighbour`);
  }
  return `.${name}(${width}'d${value})`;
}

function setting(netlist: Netlist, cell: HardCell, name: string): number {
  const entry = cell.entries.get(name);
  if (!entry) return 0;
  const [x, y, bit] = entry;
  return netlist.setting(netlist.tile(Number(x), Number(y)), `IpConfig.${bit}`);
}

function portsOf(cell: HardCell): readonly Port[] {
  return cell.kind === "SPRAM" ? spramPorts : macPorts;
}

/** Places of the bits of a port, least significant first. */
function bitsOf(cell: HardCell, [name, width]: Port): [number, number, string][] {
  const keys = width === 0 ? [name] : Array.from({ length: width }, (_, i) => `${name}_${i}`);
  return keys.map((key) => {
    const [x, y, net] = cell.entries.get(key) ?? [];
    if (net === undefined) throw unsupported(`${cell.kind} ${cell.x} ${cell.y} without port ${key}`);
    return [Number(x), Number(y), net];
  });
}

function routed(netlist: Netlist, [x, y, name]: [number, number, string]): boolean {
  return netlist.isRouted(x, y, name);
}

/** Oscillators, I2C, SPI and LED drivers are not modelled: refuse a bitstream that switches one of them on. */
function refuseWhenUsed(netlist: Netlist, cell: HardCell): void {
  for (const [key, [x, y, name]] of cell.entries) {
    if (
      /^(?:CLKHFEN|CLKHFPU|CLKLFEN|CLKLFPU|RGBLEDEN|CURREN|SBCLKI|LEDDCLK)$/.test(key) &&
      netlist.isRouted(Number(x), Number(y), name!)
    ) {
      throw unsupported(`a ${cell.kind}`);
    }
  }
}
