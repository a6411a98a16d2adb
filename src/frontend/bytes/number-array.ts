import { halfToFloat } from "./half.js";

/** A number type of array files: class and bytes of one element. */
export interface ElementType {
  readonly class: "integer" | "float";
  readonly size: number;
  readonly signed: boolean;
}

/** Whether `decodeNumbers` knows the type: floats of 2, 4 and 8 bytes, integers of 1, 2, 4 and 8. */
export function isKnownElementType(type: ElementType): boolean {
  return type.class === "float" ? [2, 4, 8].includes(type.size) : [1, 2, 4, 8].includes(type.size);
}

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * Convert `count` packed numbers from `offset` on to floats. Integers of 8 bytes and floats of 8 bytes are rounded to the
 * nearest float. What lies there as floats of this machine already is not copied: the result shares the memory of `bytes`.
 *
 * @param bytes At least `offset + count * type.size` bytes; a known type (`isKnownElementType`).
 */
export function decodeNumbers(
  bytes: Uint8Array,
  type: ElementType,
  littleEndian: boolean,
  offset = 0,
  count = Math.floor((bytes.length - offset) / type.size),
): Float32Array {
  const start = bytes.byteOffset + offset;
  const isReady = type.class === "float" && type.size === 4 && littleEndian && hostIsLittleEndian && start % 4 === 0;
  if (isReady) return new Float32Array(bytes.buffer as ArrayBuffer, start, count);
  const out = new Float32Array(count);
  const view = new DataView(bytes.buffer, start, count * type.size);
  const read = elementReader(view, type, littleEndian);
  for (let i = 0; i < count; i++) out[i] = read(i * type.size);
  return out;
}

/** A function from byte position to number. */
export function elementReader(view: DataView, type: ElementType, littleEndian: boolean): (at: number) => number {
  if (type.class === "float") {
    if (type.size === 2) return (at) => halfToFloat(view.getUint16(at, littleEndian));
    if (type.size === 4) return (at) => view.getFloat32(at, littleEndian);
    return (at) => view.getFloat64(at, littleEndian);
  }
  switch (type.size) {
    case 1:
      return type.signed ? (at) => view.getInt8(at) : (at) => view.getUint8(at);
    case 2:
      return type.signed ? (at) => view.getInt16(at, littleEndian) : (at) => view.getUint16(at, littleEndian);
    case 4:
      return type.signed ? (at) => view.getInt32(at, littleEndian) : (at) => view.getUint32(at, littleEndian);
    default:
      return type.signed
        ? (at) => Number(view.getBigInt64(at, littleEndian))
        : (at) => Number(view.getBigUint64(at, littleEndian));
  }
}
