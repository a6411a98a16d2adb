import type { Tile } from "./asc.js";
import { lutExpression } from "./lut.js";
import type { Netlist } from "./netlist.js";

/**
 * Where the 16 bits of a lookup table lie among the 20 bits of a logic cell, truth-table order.
 * See "LUT bits" in the logic tile page of the icestorm documentation.
 */
const tableBits = [4, 14, 15, 5, 6, 16, 17, 7, 3, 13, 12, 2, 1, 11, 10, 0];
const carryBit = 8;
const flipFlopBit = 9;
const setBit = 18;
const asynchronousBit = 19;

interface LogicCell {
  readonly tile: Tile;
  readonly index: number;
  readonly table: number;
  readonly carry: boolean;
  readonly flipFlop: boolean;
  readonly sets: boolean;
  readonly asynchronous: boolean;
}

/** Flip-flops of one tile that share clock, enable and reset. */
interface FlipFlopGroup {
  readonly clock: string;
  readonly enable: string;
  readonly reset: string;
  readonly asynchronous: boolean;
  readonly cells: { readonly q: string; readonly d: string; readonly sets: boolean }[];
}

/** Every used cell of the logic tiles; call `outputs` before any cell's inputs are asked for. */
export class Logic {
  readonly #netlist: Netlist;
  readonly #cells: readonly LogicCell[];

  constructor(netlist: Netlist) {
    this.#netlist = netlist;
    this.#cells = netlist.tilesOf("logic").flatMap((tile) => usedCells(netlist, tile));
  }

  /** How many cells are used. */
  get count(): number {
    return this.#cells.length;
  }

  /** Declare what the cells drive. */
  outputs(): void {
    for (const { tile, index, flipFlop, carry } of this.#cells) {
      this.#netlist.output(tile.x, tile.y, `lutff_${index}/out`, flipFlop ? "reg" : "wire");
      if (carry) this.#netlist.output(tile.x, tile.y, `lutff_${index}/cout`);
      if (this.#hasTableOutput(tile, index)) this.#netlist.output(tile.x, tile.y, `lutff_${index}/lout`);
    }
    for (const tile of this.#netlist.tilesOf("logic")) {
      if (this.#netlist.setting(tile, "CarryInSet") === 1) this.#netlist.output(tile.x, tile.y, "carry_in_mux");
    }
  }

  /** Write the cells. */
  statements(): void {
    const groups = new Map<string, FlipFlopGroup>();
    for (const cell of this.#cells) this.#cell(cell, groups);
    for (const group of groups.values()) this.#netlist.add(flipFlops(group));
    for (const tile of this.#netlist.tilesOf("logic")) {
      if (this.#netlist.setting(tile, "CarryInSet") !== 1) continue;
      this.#netlist.assign(this.#netlist.output(tile.x, tile.y, "carry_in_mux"), "1'b1");
    }
  }

  #cell(cell: LogicCell, groups: Map<string, FlipFlopGroup>): void {
    const { tile, index } = cell;
    const { x, y } = tile;
    const inputs = [0, 1, 2, 3].map((i) => this.#netlist.input(x, y, `lutff_${index}/in_${i}`));
    const value = lutExpression(cell.table, inputs);
    const out = this.#netlist.output(x, y, `lutff_${index}/out`, cell.flipFlop ? "reg" : "wire");
    if (cell.flipFlop) this.#flipFlop(cell, out, value, groups);
    else this.#netlist.assign(out, value);
    if (this.#hasTableOutput(tile, index)) {
      this.#netlist.assign(this.#netlist.output(x, y, `lutff_${index}/lout`), value);
    }
    if (cell.carry) {
      const below = index === 0 ? "carry_in_mux" : `lutff_${index - 1}/cout`;
      const carry = this.#netlist.input(x, y, below);
      const [, a, b] = inputs;
      this.#netlist.assign(
        this.#netlist.output(x, y, `lutff_${index}/cout`),
        `(${a} & ${b}) | ((${a} | ${b}) & ${carry})`,
      );
    }
  }

  #flipFlop(cell: LogicCell, q: string, d: string, groups: Map<string, FlipFlopGroup>): void {
    const { x, y } = cell.tile;
    const edge = this.#netlist.setting(cell.tile, "NegClk") === 1 ? "negedge" : "posedge";
    const clock = `${edge} ${this.#netlist.input(x, y, "lutff_global/clk")}`;
    const enable = this.#netlist.input(x, y, "lutff_global/cen", "1'b1");
    const reset = this.#netlist.input(x, y, "lutff_global/s_r");
    const key = [clock, enable, reset, cell.asynchronous].join(" ");
    const group = groups.get(key) ?? { clock, enable, reset, asynchronous: cell.asynchronous, cells: [] };
    groups.set(key, group);
    group.cells.push({ q, d, sets: cell.sets });
  }

  #hasTableOutput(tile: Tile, index: number): boolean {
    return this.#netlist.chip.netOf.has(`${tile.x} ${tile.y} lutff_${index}/lout`);
  }
}

function usedCells(netlist: Netlist, tile: Tile): LogicCell[] {
  return Array.from({ length: 8 }, (_, index): LogicCell => {
    const bits = netlist.setting(tile, `LC_${index}`);
    const bit = (i: number): boolean => Math.floor(bits / 2 ** i) % 2 === 1;
    const table = tableBits.reduce((value, at, i) => value + (bit(at) ? 2 ** i : 0), 0);
    return {
      tile,
      index,
      table,
      carry: bit(carryBit),
      flipFlop: bit(flipFlopBit),
      sets: bit(setBit),
      asynchronous: bit(asynchronousBit),
    };
  }).filter((cell) => cell.table !== 0 || cell.carry || cell.flipFlop);
}

function flipFlops(group: FlipFlopGroup): string {
  const take = group.cells.map(({ q, d }) => `${q} <= ${d};`).join(" ");
  const clear = group.cells.map(({ q, sets }) => `${q} <= 1'b${sets ? 1 : 0};`).join(" ");
  const enabled = (body: string): string => (group.enable === "1'b1" ? body : `if (${group.enable}) begin ${body} end`);
  if (group.reset === "1'b0") return `  always @(${group.clock}) begin ${enabled(take)} end`;
  if (group.asynchronous) {
    const sensitive = `${group.clock} or posedge ${group.reset}`;
    return `  always @(${sensitive}) if (${group.reset}) begin ${clear} end else begin ${enabled(take)} end`;
  }
  const body = `if (${group.reset}) begin ${clear} end else begin ${take} end`;
  return `  always @(${group.clock}) begin ${enabled(body)} end`;
}
