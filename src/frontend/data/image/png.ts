import { failure, type SpikewrightError } from "../../../support/diagnostic.js";
import { crc32 } from "../../bytes/crc32.js";
import { inflate } from "../../bytes/inflate.js";
import { damagedData } from "../samples.js";
import { unfilter } from "./png-filter.js";

/** Pixels of an image as stored: 0..255, or 0..65535 with 16 bits. Row-major, channels last. */
export interface Image {
  readonly width: number;
  readonly height: number;
  /** 1 (gray) or 3 (red, green, blue). */
  readonly channels: 1 | 3;
  readonly data: Float32Array;
  /** The range is 0..255. */
  readonly isByte: boolean;
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const mostPixels = 2 ** 24;
/** Samples a pixel by colour type: gray, RGB, palette, gray and alpha, RGB and alpha. */
const samplesOfType: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
]);
const depthsOfType: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);

/** Whether `bytes` start like a PNG file. */
export function isPng(bytes: Uint8Array): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

/**
 * Decode a PNG: gray, RGB, palette (as RGB) and either with an alpha channel that is opaque everywhere; 1 to 16 bits.
 * Gray of fewer than 8 bits is scaled to 0..255.
 *
 * @throws `data-damaged`, `image-refused` for interlaced or transparent images, or more than 2^24 pixels.
 */
export function decodePng(bytes: Uint8Array, file: string): Image {
  const chunks = readChunks(bytes, file);
  const header = chunks.find((chunk) => chunk.type === "IHDR")?.data;
  if (header?.length !== 13) throw damagedData(file, "it has no image header");
  const view = new DataView(header.buffer, header.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, type, interlace] = [header[8]!, header[9]!, header[12]!];
  if (interlace !== 0) throw refused(file, "it is interlaced", "Save the image without interlacing");
  if (width === 0 || height === 0) throw damagedData(file, `its size is ${width} x ${height}`);
  if (width * height > mostPixels)
    throw refused(file, `it has ${width} x ${height} pixels, wanted at most ${mostPixels}`, "Scale the image down");
  const samples = samplesOfType.get(type);
  if (samples === undefined || !depthsOfType.get(type)?.includes(depth))
    throw damagedData(file, `colour type ${type} with ${depth} bits does not exist`);
  const rowBytes = Math.ceil((width * samples * depth) / 8);
  const packed = joined(chunks.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data));
  const filtered = inflate(packed, "zlib", height * (rowBytes + 1), file);
  if (filtered.length !== height * (rowBytes + 1)) throw damagedData(file, "its pixels are cut off");
  const raw = unfilter(filtered, height, rowBytes, Math.max(1, (samples * depth) / 8));
  if (!raw) throw damagedData(file, "it uses a filter that does not exist");
  const values = unpack(raw, width * samples, height, rowBytes, depth);
  if (type === 3)
    return {
      width,
      height,
      channels: 3,
      isByte: true,
      data: applyPalette(values, chunks.find((chunk) => chunk.type === "PLTE")?.data, file),
    };
  const isGray = type === 0 || type === 4;
  const scaled = type === 0 && depth < 8 ? values.map((value) => (value * 255) / (2 ** depth - 1)) : values;
  const data = type >= 4 ? withoutAlpha(scaled, samples, 2 ** depth - 1, file) : scaled;
  return { width, height, channels: isGray ? 1 : 3, data, isByte: depth < 16 };
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

function readChunks(bytes: Uint8Array, file: string): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    if (at + 12 + length > bytes.length) break;
    const body = bytes.subarray(at + 4, at + 8 + length);
    if (crc32(body) !== view.getUint32(at + 8 + length)) throw damagedData(file, "a chunk does not match its checksum");
    const type = String.fromCharCode(...body.subarray(0, 4));
    chunks.push({ type, data: body.subarray(4) });
    if (type === "IEND") return chunks;
    at += 12 + length;
  }
  throw damagedData(file, "its end is missing");
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Samples of `depth` bits, most significant first, as numbers. */
function unpack(raw: Uint8Array, perRow: number, rows: number, rowBytes: number, depth: number): Float32Array {
  const out = new Float32Array(perRow * rows);
  const mask = 2 ** depth - 1;
  for (let y = 0; y < rows; y++) {
    const row = y * rowBytes;
    for (let x = 0; x < perRow; x++) {
      const bit = x * depth;
      const byte = row + (bit >> 3);
      out[y * perRow + x] =
        depth === 16 ? raw[byte]! * 256 + raw[byte + 1]! : (raw[byte]! >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return out;
}

function applyPalette(indices: Float32Array, palette: Uint8Array | undefined, file: string): Float32Array {
  const out = new Float32Array(3 * indices.length);
  const colours = Math.floor((palette?.length ?? 0) / 3);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index >= colours) throw damagedData(file, `pixel ${i} has colour ${index} of ${colours}`);
    for (let c = 0; c < 3; c++) out[3 * i + c] = palette![3 * index + c]!;
  }
  return out;
}

function withoutAlpha(values: Float32Array, samples: number, opaque: number, file: string): Float32Array {
  const colours = samples - 1;
  const out = new Float32Array((values.length / samples) * colours);
  for (let i = 0; i < values.length / samples; i++) {
    if (values[i * samples + colours] !== opaque)
      throw refused(file, "it has transparent pixels", "Save the image without an alpha channel");
    for (let c = 0; c < colours; c++) out[i * colours + c] = values[i * samples + c]!;
  }
  return out;
}

function refused(file: string, reason: string, hint: string): SpikewrightError {
  return failure({ code: "image-refused", message: `Cannot read "${file}": ${reason}`, place: { file }, hint });
}
