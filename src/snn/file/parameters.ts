/** Integer arrays one after the other, little endian, in the narrowest of 1, 2 and 4 bytes a number that the width allows. */

/** Bytes of a number of `bits` bits. */
export function bytesOf(bits: number): 1 | 2 | 4 {
  return bits <= 8 ? 1 : bits <= 16 ? 2 : 4;
}

export function writeParameters(arrays: readonly { readonly values: Int32Array; readonly bits: number }[]): Uint8Array {
  const bytes = new Uint8Array(arrays.reduce((sum, { values, bits }) => sum + values.length * bytesOf(bits), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { values, bits } of arrays) {
    const width = bytesOf(bits);
    for (const value of values) {
      if (width === 1) view.setInt8(at, value);
      else if (width === 2) view.setInt16(at, value, true);
      else view.setInt32(at, value, true);
      at += width;
    }
  }
  return bytes;
}

/** Reads arrays in the order in which they were written. */
export class ParameterReader {
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next `count` numbers; undefined when there are not as many. */
  read(count: number, bits: number): Int32Array | undefined {
    const width = bytesOf(bits);
    if (this.at + count * width > this.view.byteLength) return undefined;
    const values = new Int32Array(count);
    for (let i = 0; i < count; i++, this.at += width) {
      if (width === 1) values[i] = this.view.getInt8(this.at);
      else if (width === 2) values[i] = this.view.getInt16(this.at, true);
      else values[i] = this.view.getInt32(this.at, true);
    }
    return values;
  }

  get isAtEnd(): boolean {
    return this.at === this.view.byteLength;
  }
}
