import { failure } from "../../support/diagnostic.js";
import { type Tile, tileKey, type UnpackedBitstream } from "./asc.js";
import { bitOf, type ConfiguredChip } from "./chip-database.js";

/**
 * The Verilog that grows while cells are read: which nets are used, which are driven, and the statements.
 *
 * A net is named after the net that drives it through the switches that are on, so routing itself leaves no trace.
 */
export class Netlist {
  readonly chip: ConfiguredChip;
  readonly bitstream: UnpackedBitstream;
  readonly #statements: string[] = [];
  readonly #assignments: { readonly net: string; readonly value: string }[] = [];
  readonly #used = new Set<number>();
  readonly #driven = new Map<number, "wire" | "reg">();

  constructor(chip: ConfiguredChip, bitstream: UnpackedBitstream) {
    this.chip = chip;
    this.bitstream = bitstream;
  }

  /** Verilog of what arrives at a cell's input; `unrouted` when nothing is routed to it. */
  input(x: number, y: number, name: string, unrouted: "1'b0" | "1'b1" = "1'b0"): string {
    const net = this.chip.netOf.get(`${x} ${y} ${name}`);
    if (net === undefined) return unrouted;
    const root = this.#root(net);
    if (root === net && !this.#driven.has(net)) return unrouted;
    this.#used.add(root);
    return `n${root}`;
  }

  /** True when something is routed to the input. */
  isRouted(x: number, y: number, name: string): boolean {
    const net = this.chip.netOf.get(`${x} ${y} ${name}`);
    return net !== undefined && this.chip.sourceOf[net]! >= 0;
  }

  /** Declare that a cell's output drives its net, and return the net's name. All outputs first, inputs afterwards. */
  output(x: number, y: number, name: string, kind: "wire" | "reg" = "wire"): string {
    const net = this.chip.netOf.get(`${x} ${y} ${name}`);
    if (net === undefined) throw new Error(`the chip has no net ${x} ${y} ${name}`);
    this.#driven.set(net, kind);
    return `n${net}`;
  }

  /** Value of a configuration function of a tile: its bits, first bit least significant. */
  setting(tile: Tile, name: string): number {
    const bits = this.chip.functions.get(tile.kind)?.get(name);
    if (!bits) return 0;
    return bits.reduce((value, bit, i) => value + (bitOf(tile, bit) === "1" ? 2 ** i : 0), 0);
  }

  tile(x: number, y: number): Tile {
    const tile = this.bitstream.tiles.get(tileKey(x, y));
    if (!tile) throw new Error(`the chip has no tile ${x} ${y}`);
    return tile;
  }

  tilesOf(kind: string): Tile[] {
    return [...this.bitstream.tiles.values()].filter((tile) => tile.kind === kind);
  }

  /** Give a net or an output port a value. */
  assign(net: string, value: string): void {
    this.#assignments.push({ net, value });
  }

  /** Add a cell or a process. */
  add(statement: string): void {
    this.#statements.push(statement);
  }

  /** How many cells and processes there are. */
  get size(): number {
    return this.#statements.length;
  }

  /** The body of the module. Values of nets that nothing reads are left out; nets without a driver are 0. */
  body(): string {
    const read = new Set([...this.#used].map((net) => `n${net}`));
    const wanted = this.#assignments.filter(({ net }) => read.has(net) || !/^n\d+$/.test(net));
    return [
      ...[...this.#driven].map(([net, kind]) => (kind === "reg" ? `  reg n${net} = 1'b0;` : `  wire n${net};`)),
      ...[...this.#used].filter((net) => !this.#driven.has(net)).map((net) => `  wire n${net} = 1'b0;`),
      ...wanted.map(({ net, value }) => `  assign ${net} = ${value};`),
      ...this.#statements,
    ].join("\n");
  }

  #root(net: number): number {
    let at = net;
    for (let hops = 0; this.chip.sourceOf[at]! >= 0; hops++) {
      if (hops > 10_000) throw unsupported(`a routing loop through net ${net}`);
      at = this.chip.sourceOf[at]!;
    }
    return at;
  }
}

/** A failure about something in the bitstream that is not modelled. Nothing is left out in silence. */
export function unsupported(found: string): Error {
  return failure({
    code: "netlist-unsupported",
    message: `Cannot simulate the bitstream: ${found}, wanted cells that are modelled`,
    found,
    wanted: "logic, carry, block RAM, SPRAM, MAC16, simple pads, PLL as a wire",
  });
}
