import { inflateSync, zipSync } from "fflate";
import { crc32 } from "../../support/crc.js";

/** Deflate cannot expand more than this. */
const largestRatio = 1032;

/** Entries of a zip archive in the order given. The same entries give the same bytes on every machine and day. */
export function packArchive(entries: Readonly<Record<string, Uint8Array>>): Uint8Array {
  // Zip stores local time: the earliest that it can express, wherever this runs.
  const mtime = new Date(1980, 0, 1);
  return zipSync(
    Object.fromEntries(Object.entries(entries).map(([name, bytes]) => [name, [bytes, { level: 9, mtime, os: 3 }]])),
  );
}

/**
 * Reads the wanted entries of a zip archive and nothing else, in any order; sizes are bounded before anything is
 * allocated; checksums must agree.
 *
 * @param limits Name of each entry and the most bytes that it may have.
 * @returns The contents by name, or what is wrong with the archive.
 */
export function unpackArchive(
  bytes: Uint8Array,
  limits: Readonly<Record<string, number>>,
): ReadonlyMap<string, Uint8Array> | string {
  const names = Object.keys(limits);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50) return "it is not a zip archive, or it is cut off";
  if (view.getUint16(end + 10, true) !== names.length)
    return `it has ${view.getUint16(end + 10, true)} entries, wanted ${names.length}`;
  const contents = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  for (const _ of names) {
    const entry = readEntry(bytes, view, at);
    if (typeof entry === "string") return entry;
    if (!names.includes(entry.name) || contents.has(entry.name)) return `it has an entry ${JSON.stringify(entry.name)}`;
    const content = contentOf(bytes, view, entry, limits[entry.name]!);
    if (typeof content === "string") return content;
    contents.set(entry.name, content);
    at = entry.next;
  }
  return contents;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  readonly header: number;
  readonly next: number;
}

function readEntry(bytes: Uint8Array, view: DataView, at: number): Entry | string {
  if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) return "its directory is damaged";
  const nameLength = view.getUint16(at + 28, true);
  const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > bytes.length) return "its directory is damaged";
  return {
    name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + Math.min(nameLength, 100))),
    method: view.getUint16(at + 10, true),
    checksum: view.getUint32(at + 16, true),
    packed: view.getUint32(at + 20, true),
    size: view.getUint32(at + 24, true),
    header: view.getUint32(at + 42, true),
    next,
  };
}

function contentOf(bytes: Uint8Array, view: DataView, entry: Entry, limit: number): Uint8Array | string {
  const { name, header, packed, size, method } = entry;
  if (header + 30 > bytes.length || view.getUint32(header, true) !== 0x04034b50) return `entry "${name}" is damaged`;
  const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (start + packed > bytes.length) return `entry "${name}" is cut off`;
  if (size > limit || size > packed * largestRatio + 64) return `entry "${name}" claims ${size} bytes`;
  const data = bytes.subarray(start, start + packed);
  let content: Uint8Array;
  if (method === 0) content = data.slice();
  else if (method === 8) {
    try {
      content = inflateSync(data, { out: new Uint8Array(size) });
    } catch {
      return `entry "${name}" is damaged`;
    }
  } else return `entry "${name}" is packed by method ${method}`;
  return content.length === size && crc32(content) === entry.checksum ? content : `entry "${name}" is damaged`;
}
