import { failure } from "../../support/diagnostic.js";

/** Configuration bits of one tile: rows of `0` and `1`. */
export interface Tile {
  /** `logic`, `io`, `ramb`, `ramt`, `dsp0` … `dsp3`, `ipcon`. */
  readonly kind: string;
  readonly x: number;
  readonly y: number;
  readonly rows: readonly string[];
}

/** An unpacked bitstream, as iceunpack writes it. */
export interface UnpackedBitstream {
  /** `1k`, `5k`, `8k` … */
  readonly device: string;
  /** By `tileKey`. */
  readonly tiles: ReadonlyMap<number, Tile>;
  /** Initial contents of block RAMs by the key of their lower tile: 16 rows of 64 hexadecimal digits. */
  readonly ramData: ReadonlyMap<number, readonly string[]>;
  /** Global configuration bits that are 1, as `bank x y`. */
  readonly extraBits: ReadonlySet<string>;
}

/** Key of a tile position. Coordinates are below 256. */
export function tileKey(x: number, y: number): number {
  return x * 256 + y;
}

/**
 * Read the text form of a bitstream.
 *
 * @throws SpikewrightError `bitstream-text` when it is not one.
 */
export function parseBitstreamText(text: string): UnpackedBitstream {
  const tiles = new Map<number, Tile>();
  const ramData = new Map<number, readonly string[]>();
  const extraBits = new Set<string>();
  let device = "";
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const fields = lines[at]!.trim().split(/\s+/);
    const head = fields[0]!;
    if (head === ".device") device = fields[1] ?? "";
    else if (head === ".extra_bit") extraBits.add(fields.slice(1, 4).join(" "));
    else if (head === ".ram_data") ramData.set(position(fields), block(lines, at + 1, /^[0-9a-f]{64}$/));
    else if (head.endsWith("_tile")) {
      const [x, y] = [Number(fields[1]), Number(fields[2])];
      tiles.set(position(fields), { kind: head.slice(1, -5), x, y, rows: block(lines, at + 1, /^[01]+$/) });
    }
  }
  if (device === "" || tiles.size === 0) throw notABitstream("no device or no tiles");
  return { device, tiles, ramData, extraBits };
}

function position(fields: readonly string[]): number {
  const [x, y] = [Number(fields[1]), Number(fields[2])];
  if (!(x >= 0 && x < 256 && y >= 0 && y < 256)) throw notABitstream(`position ${fields[1]} ${fields[2]}`);
  return tileKey(x, y);
}

/** The 16 lines that follow the header of a tile or of RAM contents. */
function block(lines: readonly string[], from: number, form: RegExp): string[] {
  const rows = lines.slice(from, from + 16).map((line) => line.trim());
  if (rows.length < 16 || !rows.every((row) => form.test(row))) throw notABitstream(`line ${from + 1}`);
  return rows;
}

function notABitstream(found: string): Error {
  return failure({
    code: "bitstream-text",
    message: `Cannot read the unpacked bitstream: ${found}, wanted device, tiles and RAM contents`,
    found,
  });
}
