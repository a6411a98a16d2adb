import { damaged } from "../damaged.js";

const utf8 = new TextDecoder("utf-8");

/** Bytes of one length-delimited field, as a range of the file. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Reader of the protobuf wire format over a range of a file, without copying.
 *
 * Use: `while (reader.next()) switch (reader.field) …`, with exactly one reading call, or `skip`, for each field. Every
 * read checks the bounds of the range. See https://protobuf.dev/programming-guides/encoding/.
 *
 * @throws `damaged-file` where the bytes do not follow the format.
 */
export class WireReader {
  /** Number of the current field. */
  field = 0;
  private wire = 0;
  private position: number;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly end: number;

  constructor(bytes: Uint8Array, range: Range = { start: 0, end: bytes.length }) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = range.start;
    this.end = range.end;
  }

  /** Step to the next field; false at the end of the range. */
  next(): boolean {
    if (this.position >= this.end) return false;
    const at = this.position;
    const tag = this.varint();
    this.field = Math.floor(tag / 8);
    this.wire = tag % 8;
    if (tag < 8 || tag > 0xffffffff) throw damaged(`field tag at byte ${at}`, String(tag), "a field number from 1 on");
    return true;
  }

  /** A signed 64-bit integer. Beyond 2^53 the nearest double. */
  int64(): number {
    this.expect(0);
    return this.varint();
  }

  uint64(): number {
    this.expect(0);
    const value = this.varint();
    return value < 0 ? value + 2 ** 64 : value;
  }

  float(): number {
    this.expect(5);
    return this.view.getFloat32(this.take(4), true);
  }

  /** A length-delimited field as a range of the file. */
  range(): Range {
    this.expect(2);
    return this.delimited();
  }

  /** A nested message. */
  message(): WireReader {
    return new WireReader(this.bytes, this.range());
  }

  /** A length-delimited field as a view of the file. */
  view8(): Uint8Array {
    const { start, end } = this.range();
    return this.bytes.subarray(start, end);
  }

  string(): string {
    return utf8.decode(this.view8());
  }

  /** Step over the current field, whatever it holds. */
  skip(): void {
    if (this.wire === 0) this.varint();
    else if (this.wire === 1) this.take(8);
    else if (this.wire === 2) this.delimited();
    else if (this.wire === 5) this.take(4);
    else throw damaged(`field ${this.field} at byte ${this.position}`, `wire type ${this.wire}`, "0, 1, 2 or 5");
  }

  /** One element (unpacked) or a run of elements (packed) of a repeated integer field. */
  int64s(into: number[]): void {
    if (this.wire !== 2) {
      into.push(this.int64());
      return;
    }
    const run = new WireReader(this.bytes, this.delimited());
    while (run.position < run.end) into.push(run.varint());
  }

  /** One element or a packed run of a repeated float field. */
  floats(into: number[]): void {
    if (this.wire !== 2) {
      into.push(this.float());
      return;
    }
    const { start, end } = this.delimited();
    if ((end - start) % 4 !== 0)
      throw damaged(`packed floats at byte ${start}`, `${end - start} bytes`, "a multiple of 4");
    for (let at = start; at < end; at += 4) into.push(this.view.getFloat32(at, true));
  }

  /** The range of a run of a repeated scalar field; an unpacked element is a run of one. */
  run(): Range {
    if (this.wire === 2) return this.delimited();
    const start = this.position;
    this.skip();
    return { start, end: this.position };
  }

  private expect(wire: number): void {
    if (this.wire === wire) return;
    throw damaged(`field ${this.field} at byte ${this.position}`, `wire type ${this.wire}`, String(wire));
  }

  private delimited(): Range {
    const length = this.varint();
    const start = this.take(length);
    return { start, end: start + length };
  }

  private take(length: number): number {
    const start = this.position;
    if (length < 0 || length > this.end - start) {
      throw damaged(`field ${this.field} at byte ${start}`, `${length} bytes`, `at most ${this.end - start}`);
    }
    this.position = start + length;
    return start;
  }

  private varint(): number {
    const result = varintAt(this.bytes, this.position, this.end);
    this.position = varintEnd;
    return result;
  }
}

/** Position after the integer that `varintAt` read last; saves an allocation in hot loops. */
export let varintEnd = 0;

/** The signed 64-bit variable-length integer at `position`; `varintEnd` is the position after it. */
export function varintAt(bytes: Uint8Array, position: number, end: number): number {
  let low = 0;
  let high = 0;
  for (let k = 0; k < 10; k++) {
    if (position >= end) throw damaged(`integer at byte ${position}`, "the end of the field", "more bytes");
    const byte = bytes[position++]!;
    const bits = byte & 0x7f;
    if (k < 4) low |= bits << (7 * k);
    else if (k === 4) {
      low |= bits << 28;
      high = bits >> 4;
    } else high |= bits << (7 * k - 32);
    if (byte < 0x80) {
      varintEnd = position;
      return high === 0 ? low >>> 0 : (high | 0) * 2 ** 32 + (low >>> 0);
    }
  }
  throw damaged(`integer at byte ${position}`, "more than 10 bytes", "at most 10");
}
