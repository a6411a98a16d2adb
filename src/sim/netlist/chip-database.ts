import { failure } from "../../support/diagnostic.js";
import { type Tile, tileKey, type UnpackedBitstream } from "./asc.js";

/** A hard cell: its ports and settings with tile position and name there, e.g. `ADDRESS_0` → `0 2 lutff_0/in_1`. */
export interface HardCell {
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly entries: ReadonlyMap<string, readonly string[]>;
}

/** What a bitstream makes of a chip: which net drives which, and the chip's cells. */
export interface ConfiguredChip {
  /** Driving net of each net, -1 where none is switched on. */
  readonly sourceOf: Int32Array;
  /** Net by `x y name`, for the names that cells use. */
  readonly netOf: ReadonlyMap<string, number>;
  /** Configuration functions of each kind of tile: name → bits as `row`, `column` pairs. */
  readonly functions: ReadonlyMap<string, ReadonlyMap<string, readonly Bit[]>>;
  readonly hardCells: readonly HardCell[];
  /** Global networks: number → tile whose `fabout` feeds it. */
  readonly globalFabric: ReadonlyMap<number, readonly [x: number, y: number]>;
  /** Global networks: number → pad that feeds it when its extra bit is set. */
  readonly globalPad: ReadonlyMap<number, readonly [x: number, y: number, block: number]>;
  /** Extra bits by function, as `bank x y`. */
  readonly extraBits: ReadonlyMap<string, string>;
  /** Package pin → tile and block. */
  readonly pins: ReadonlyMap<string, readonly [x: number, y: number, block: number]>;
}

export interface Bit {
  readonly row: number;
  readonly column: number;
}

/** Names of nets that cells read or drive. */
const cellNet = /^(?:lutff_|carry_in|ram\/|io_|mult\/|slf_op_|fabout$|padin_|clk$)/;

/**
 * Read the icestorm chip database and apply the bitstream's routing while reading, so that only the switches that are on
 * are kept. The database is text of up to 40 MB; see the head of the file for its form.
 *
 * @throws SpikewrightError `chip-database` when text and bitstream do not belong together.
 */
export function configureChip(database: string, bitstream: UnpackedBitstream, packageName: string): ConfiguredChip {
  const reader = new DatabaseReader(bitstream, packageName);
  for (let start = 0; start < database.length; ) {
    let end = database.indexOf("\n", start);
    if (end < 0) end = database.length;
    if (end > start && database.charCodeAt(start) !== 35) reader.line(database.slice(start, end));
    start = end + 1;
  }
  return reader.chip();
}

class DatabaseReader {
  readonly #bitstream: UnpackedBitstream;
  readonly #package: string;
  #section = "";
  #sourceOf = new Int32Array(0);
  readonly #netOf = new Map<string, number>();
  readonly #functions = new Map<string, Map<string, readonly Bit[]>>();
  readonly #hardCells: (HardCell & { readonly entries: Map<string, readonly string[]> })[] = [];
  readonly #hardNets = new Set<string>();
  readonly #globalFabric = new Map<number, readonly [number, number]>();
  readonly #globalPad = new Map<number, readonly [number, number, number]>();
  readonly #extraBits = new Map<string, string>();
  readonly #pins = new Map<string, readonly [number, number, number]>();
  // of the section that is being read
  #net = -1;
  #setting = "";
  #tileFunctions = new Map<string, readonly Bit[]>();

  constructor(bitstream: UnpackedBitstream, packageName: string) {
    this.#bitstream = bitstream;
    this.#package = packageName;
  }

  line(text: string): void {
    if (text.charCodeAt(0) === 46) this.#header(text);
    else if (this.#section === ".net") this.#netName(text);
    else if (this.#section === ".switch") this.#switch(text);
    else if (this.#section !== "") this.#entry(text.trim().split(/\s+/));
  }

  chip(): ConfiguredChip {
    if (this.#sourceOf.length === 0 || this.#pins.size === 0) {
      throw wrongDatabase(`no device ${this.#bitstream.device} with package ${this.#package}`);
    }
    return {
      sourceOf: this.#sourceOf,
      netOf: this.#netOf,
      functions: this.#functions,
      hardCells: this.#hardCells,
      globalFabric: this.#globalFabric,
      globalPad: this.#globalPad,
      extraBits: this.#extraBits,
      pins: this.#pins,
    };
  }

  #header(text: string): void {
    const fields = text.trim().split(/\s+/);
    const [head] = fields;
    this.#section = head!;
    if (head === ".net") this.#net = Number(fields[1]);
    else if (head === ".buffer" || head === ".routing") this.#startSwitch(fields);
    else if (head === ".device") this.#device(fields);
    else if (head === ".pins") this.#section = fields[1] === this.#package ? ".pins" : "";
    else if (head === ".extra_cell") this.#startHardCell(fields);
    else if (head!.endsWith("_tile_bits")) this.#startFunctions(head!.slice(1, -10));
  }

  #device(fields: readonly string[]): void {
    if (fields[1] !== this.#bitstream.device) {
      throw wrongDatabase(`database of ${fields[1]}, bitstream of ${this.#bitstream.device}`);
    }
    this.#sourceOf = new Int32Array(Number(fields[4])).fill(-1);
  }

  #startSwitch(fields: readonly string[]): void {
    this.#section = ".switch";
    const [, x, y, net, ...bits] = fields;
    this.#net = Number(net);
    const tile = this.#bitstream.tiles.get(tileKey(Number(x), Number(y)));
    this.#setting = tile ? bits.map((bit) => bitOf(tile, parseBit(bit))).join("") : "";
  }

  #switch(text: string): void {
    const blank = text.indexOf(" ");
    if (blank !== this.#setting.length || !text.startsWith(this.#setting)) return;
    this.#sourceOf[this.#net] = Number(text.slice(blank + 1));
  }

  #netName(text: string): void {
    const name = text.slice(text.lastIndexOf(" ") + 1).trim();
    if (cellNet.test(name) || this.#hardNets.has(text)) this.#netOf.set(text.trim(), this.#net);
  }

  #startHardCell(fields: readonly string[]): void {
    const [, x, y] = fields;
    this.#hardCells.push({ kind: fields.at(-1)!, x: Number(x), y: Number(y), entries: new Map() });
  }

  #startFunctions(kind: string): void {
    this.#section = ".functions";
    this.#tileFunctions = new Map();
    this.#functions.set(kind, this.#tileFunctions);
  }

  #entry(fields: readonly string[]): void {
    const [a, b, c, d] = fields;
    if (this.#section === ".functions") this.#tileFunctions.set(a!, fields.slice(1).map(parseBit));
    else if (this.#section === ".pins") this.#pins.set(a!, [Number(b), Number(c), Number(d)]);
    else if (this.#section === ".gbufin") this.#globalFabric.set(Number(c), [Number(a), Number(b)]);
    else if (this.#section === ".gbufpin") this.#globalPad.set(Number(d), [Number(a), Number(b), Number(c)]);
    else if (this.#section === ".extra_bits") this.#extraBits.set(a!, fields.slice(1).join(" "));
    else if (this.#section === ".extra_cell") {
      this.#hardCells.at(-1)!.entries.set(a!, fields.slice(1));
      this.#hardNets.add(fields.slice(1).join(" "));
    }
  }
}

/** Value of a configuration bit of a tile. */
export function bitOf(tile: Tile, bit: Bit): "0" | "1" {
  return tile.rows[bit.row]?.[bit.column] === "1" ? "1" : "0";
}

function parseBit(text: string): Bit {
  const match = /^B(\d+)\[(\d+)\]$/.exec(text);
  if (!match) throw wrongDatabase(`configuration bit ${text}`);
  return { row: Number(match[1]), column: Number(match[2]) };
}

function wrongDatabase(found: string): Error {
  return failure({
    code: "chip-database",
    message: `Cannot use the chip database: ${found}, wanted that of the bitstream's device`,
    found,
  });
}
