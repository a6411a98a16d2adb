import { failure, type SpikewrightError } from "../../support/diagnostic.js";
import { crc32 } from "./crc32.js";
import { inflate } from "./inflate.js";

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc: number;
  readonly method: number;
  /** Position of its local header. */
  readonly at: number;
}

const largestTotal = 2 ** 30;
const mostEntries = 65_535;

/** Whether `bytes` start like a zip archive. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** A zip archive in memory; nothing is ever written, names are only keys. */
export class ZipArchive {
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;

  /**
   * Read the directory of an archive.
   *
   * @throws `zip-damaged` (also for two entries of one name, and names that leave the archive), `zip-refused` for encrypted
   *   and 64-bit archives, `zip-too-large` when the entries together hold more than 1 GiB.
   */
  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
    this.entries = this.#directory();
  }

  /**
   * Content of an entry; undefined when there is none of that name. What is stored uncompressed shares the memory of the
   * archive.
   *
   * @throws `zip-damaged` when size or checksum differ from the directory.
   */
  read(name: string): Uint8Array | undefined {
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    const start = this.#contentStart(entry);
    const stored = this.#bytes.subarray(start, start + entry.compressedSize);
    const content = entry.method === 0 ? stored : inflate(stored, "raw", entry.size, `${this.#file}/${name}`);
    if (content.length !== entry.size || crc32(content) !== entry.crc)
      throw this.#damaged(`entry "${name}" does not match its checksum`);
    return content;
  }

  /** Position in the archive of the content of an entry that is stored uncompressed; undefined for any other. */
  positionOf(name: string): number | undefined {
    const entry = this.entries.get(name);
    return entry?.method === 0 ? this.#contentStart(entry) : undefined;
  }

  #contentStart({ name, at, compressedSize }: ZipEntry): number {
    if (!this.#fits(at, 30) || this.#view.getUint32(at, true) !== 0x04034b50)
      throw this.#damaged(`entry "${name}" is not there`);
    const start = at + 30 + this.#view.getUint16(at + 26, true) + this.#view.getUint16(at + 28, true);
    if (!this.#fits(start, compressedSize)) throw this.#damaged(`entry "${name}" is cut off`);
    return start;
  }

  #directory(): Map<string, ZipEntry> {
    const end = this.#endRecord();
    const count = this.#view.getUint16(end + 10, true);
    let at = this.#view.getUint32(end + 16, true);
    if (at === 0xffffffff || count === mostEntries) throw this.#refused("64-bit archives are not supported");
    const entries = new Map<string, ZipEntry>();
    let total = 0;
    for (let i = 0; i < count; i++) {
      if (!this.#fits(at, 46) || this.#view.getUint32(at, true) !== 0x02014b50)
        throw this.#damaged("its directory is cut off");
      const entry = this.#entry(at);
      at +=
        46 +
        this.#view.getUint16(at + 28, true) +
        this.#view.getUint16(at + 30, true) +
        this.#view.getUint16(at + 32, true);
      if (entries.has(entry.name)) throw this.#damaged(`it has two entries "${entry.name}"`);
      total += entry.size;
      if (total > largestTotal) throw this.#tooLarge();
      entries.set(entry.name, entry);
    }
    return entries;
  }

  #entry(at: number): ZipEntry {
    const view = this.#view;
    const nameLength = view.getUint16(at + 28, true);
    if (!this.#fits(at + 46, nameLength)) throw this.#damaged("its directory is cut off");
    const name = new TextDecoder().decode(this.#bytes.subarray(at + 46, at + 46 + nameLength));
    if (name.startsWith("/") || name.includes("\\") || name.split("/").includes(".."))
      throw this.#damaged(`entry name "${name}" leaves the archive`);
    const method = view.getUint16(at + 10, true);
    if (view.getUint16(at + 8, true) & 1) throw this.#refused(`entry "${name}" is encrypted`);
    if (method !== 0 && method !== 8)
      throw this.#refused(`entry "${name}" has compression method ${method}, wanted stored or deflate`);
    return {
      name,
      method,
      crc: view.getUint32(at + 16, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
  }

  /** The record at the end of the archive; a comment of up to 65,535 bytes may follow it. */
  #endRecord(): number {
    const least = Math.max(0, this.#bytes.length - 22 - 65_535);
    for (let at = this.#bytes.length - 22; at >= least; at--) {
      if (this.#view.getUint32(at, true) === 0x06054b50) return at;
    }
    throw this.#damaged("its directory is missing");
  }

  #fits(at: number, length: number): boolean {
    return at + length <= this.#bytes.length;
  }

  #damaged(reason: string): SpikewrightError {
    return this.#problem("zip-damaged", reason, "Copy or download the file again; it is damaged or incomplete");
  }

  #refused(reason: string): SpikewrightError {
    return this.#problem("zip-refused", reason, "Pack the files again as a plain zip archive");
  }

  #tooLarge(): SpikewrightError {
    return this.#problem("zip-too-large", `its entries hold more than ${largestTotal} bytes`, "Split the archive");
  }

  #problem(code: string, reason: string, hint: string): SpikewrightError {
    return failure({ code, message: `Cannot read "${this.#file}": ${reason}`, place: { file: this.#file }, hint });
  }
}
