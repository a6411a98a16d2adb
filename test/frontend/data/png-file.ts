import { deflateSync } from "node:zlib";
import { crc32 } from "../../../src/frontend/bytes/crc32.js";
import { concat } from "./files.js";

/** What a PNG writer needs; `rows` are the packed bytes of each row. */
export interface PngParts {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly type: number;
  readonly rows: readonly (readonly number[])[];
  /** Filter of each row, 0..4. */
  readonly filters: readonly number[];
  /** Bytes from a pixel to the one on its left. */
  readonly pixelBytes: number;
  readonly palette?: readonly number[];
  readonly interlace?: number;
}

/** A PNG file. */
export function png(parts: PngParts): Uint8Array {
  const header = new DataView(new ArrayBuffer(13));
  header.setUint32(0, parts.width);
  header.setUint32(4, parts.height);
  header.setUint8(8, parts.depth);
  header.setUint8(9, parts.type);
  header.setUint8(12, parts.interlace ?? 0);
  const filtered = parts.rows.flatMap((row, y) => [
    parts.filters[y]!,
    ...row.map((byte, x) => (byte - predicted(parts, x, y)) & 255),
  ]);
  return concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", new Uint8Array(header.buffer)),
    ...(parts.palette ? [chunk("PLTE", Uint8Array.from(parts.palette))] : []),
    chunk("IDAT", deflateSync(Uint8Array.from(filtered))),
    chunk("IEND", new Uint8Array()),
  ]);
}

function predicted({ rows, filters, pixelBytes }: PngParts, x: number, y: number): number {
  const left = rows[y]![x - pixelBytes] ?? 0;
  const above = rows[y - 1]?.[x] ?? 0;
  const corner = rows[y - 1]?.[x - pixelBytes] ?? 0;
  const nearest = [left, above, corner].reduce((best, value) => {
    const distance = (n: number) => Math.abs(left + above - corner - n);
    return distance(value) < distance(best) ? value : best;
  });
  return [0, left, above, Math.floor((left + above) / 2), nearest][filters[y]!]!;
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = concat([new TextEncoder().encode(name), data]);
  const numbers = new DataView(new ArrayBuffer(8));
  numbers.setUint32(0, data.length);
  numbers.setUint32(4, crc32(body));
  return concat([new Uint8Array(numbers.buffer, 0, 4), body, new Uint8Array(numbers.buffer, 4, 4)]);
}
