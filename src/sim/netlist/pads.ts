import { failure } from "../../support/diagnostic.js";
import type { HardCell } from "./chip-database.js";
import { type Netlist, unsupported } from "./netlist.js";

/** A pin of the constraints, and what the bitstream makes of its pad. */
export interface Pad {
  readonly port: string;
  readonly x: number;
  readonly y: number;
  readonly block: number;
  readonly direction: "input" | "output";
}

const simpleInput = 1;
const simpleOutput = 6;

/**
 * The pads that the constraints name.
 *
 * @throws SpikewrightError `netlist-pins` when a line or pin is unknown, `netlist-unsupported` for pads with registers,
 * tristate or DDR.
 */
export function padsOf(netlist: Netlist, constraints: string): Pad[] {
  const lines = constraints.split("\n").map((line) => line.replace(/#.*/, "").trim());
  return lines
    .filter((line) => line.startsWith("set_io"))
    .map((line) => {
      const [port, pin] = line
        .split(/\s+/)
        .slice(1)
        .filter((_, i, all) => !isOption(all, i));
      const place = pin === undefined ? undefined : netlist.chip.pins.get(pin);
      if (port === undefined || !place) {
        throw failure({
          code: "netlist-pins",
          message: `Cannot find the pin of "${line}": wanted a pin of the package`,
          found: line,
        });
      }
      const [x, y, block] = place;
      return { port, x, y, block, direction: directionOf(netlist, x, y, block, port) };
    });
}

/** Declare what pads, global buffers and PLLs drive. */
export function padOutputs(netlist: Netlist, pads: readonly Pad[]): void {
  for (const { x, y, block } of inputs(pads)) netlist.output(x, y, `io_${block}/D_IN_0`);
  for (const pll of usedPlls(netlist)) {
    netlist.output(...pllOut(pll));
    const lock = pll.entries.get("LOCK");
    if (lock) netlist.output(Number(lock[0]), Number(lock[1]), lock[2]!);
  }
  for (const [, [x, y, block]] of netlist.chip.globalPad) netlist.output(x, y, `padin_${block}`);
}

/** Write pads, global buffers, and PLLs as wires: the simulation drives the clock pin at the rate of the core. */
export function padStatements(netlist: Netlist, pads: readonly Pad[]): void {
  for (const { port, x, y, block } of inputs(pads)) {
    netlist.assign(netlist.output(x, y, `io_${block}/D_IN_0`), port);
  }
  for (const { port, x, y, block, direction } of pads) {
    if (direction === "output") netlist.assign(port, netlist.input(x, y, `io_${block}/D_OUT_0`));
  }
  for (const pll of usedPlls(netlist)) pllStatements(netlist, pads, pll);
  for (const [network, pad] of netlist.chip.globalPad) {
    const global = netlist.output(pad[0], pad[1], `padin_${pad[2]}`);
    const fabric = netlist.chip.globalFabric.get(network)!;
    const fromPad = netlist.bitstream.extraBits.has(netlist.chip.extraBits.get(`padin_glb_netwk.${network}`) ?? "");
    const source = fromPad
      ? netlist.input(pad[0], pad[1], `io_${pad[2]}/D_IN_0`)
      : netlist.input(fabric[0], fabric[1], "fabout");
    netlist.assign(global, source);
  }
}

function isOption(words: readonly string[], i: number): boolean {
  return words[i]!.startsWith("-") || (i > 0 && /^-(?:pullup|pullup_resistor)$/.test(words[i - 1]!));
}

function directionOf(netlist: Netlist, x: number, y: number, block: number, port: string): Pad["direction"] {
  const tile = netlist.tile(x, y);
  const bit = (i: number): number => netlist.setting(tile, `IOB_${block}.PINTYPE_${i}`);
  const input = bit(0) + 2 * bit(1);
  const output = bit(2) + 2 * bit(3) + 4 * bit(4) + 8 * bit(5);
  if (output === simpleOutput) return "output";
  if (output === 0 && input === simpleInput) return "input";
  throw unsupported(`pad of ${port} with pin type ${(output * 4 + input).toString(2).padStart(6, "0")}`);
}

function inputs(pads: readonly Pad[]): Pad[] {
  return pads.filter((pad) => pad.direction === "input");
}

/** PLLTYPE: 0 off, 2 SB_PLL40_PAD, 3 SB_PLL40_CORE. */
function pllType(netlist: Netlist, pll: HardCell): number {
  return [0, 1, 2].reduce((type, i) => {
    const [x, y, bit] = pll.entries.get(`PLLTYPE_${i}`)!;
    return type + netlist.setting(netlist.tile(Number(x), Number(y)), `PLL.${bit}`) * 2 ** i;
  }, 0);
}

function usedPlls(netlist: Netlist): HardCell[] {
  return netlist.chip.hardCells.filter((cell) => cell.kind === "PLL" && pllType(netlist, cell) !== 0);
}

/** The PLL's output takes the place of the input of its pad. */
function pllOut(pll: HardCell): [number, number, string] {
  const [x, y, block] = pll.entries.get("PLLOUT_A")!;
  return [Number(x), Number(y), `io_${block}/D_IN_0`];
}

function pllStatements(netlist: Netlist, pads: readonly Pad[], pll: HardCell): void {
  const type = pllType(netlist, pll);
  if (type !== 2 && type !== 3) throw unsupported(`PLL type ${type}`);
  const lock = pll.entries.get("LOCK");
  if (lock) netlist.assign(netlist.output(Number(lock[0]), Number(lock[1]), lock[2]!), "1'b1");
  const [x, y, name] = pllOut(pll);
  if (type === 2) {
    if (inputs(pads).some((pad) => pad.x === x && pad.y === y && name === `io_${pad.block}/D_IN_0`)) return;
    throw unsupported("PLL on a pad without a constraint");
  }
  const [rx, ry, reference] = pll.entries.get("REFERENCECLK")!;
  netlist.assign(netlist.output(x, y, name), netlist.input(Number(rx), Number(ry), reference!));
}
