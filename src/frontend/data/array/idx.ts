import { decodeNumbers, type ElementType } from "../../bytes/number-array.js";
import { checkExtents, type DataArray, damagedData, limited } from "../samples.js";

const elementTypes: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [0x08, { class: "integer", size: 1, signed: false }],
  [0x09, { class: "integer", size: 1, signed: true }],
  [0x0b, { class: "integer", size: 2, signed: true }],
  [0x0c, { class: "integer", size: 4, signed: true }],
  [0x0d, { class: "float", size: 4, signed: true }],
  [0x0e, { class: "float", size: 8, signed: true }],
]);

/** Whether `bytes` start like an IDX file: two zero bytes, a type, a number of axes. */
export function isIdx(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0 && bytes[1] === 0 && elementTypes.has(bytes[2] ?? 0) && (bytes[3] ?? 0) >= 1 && (bytes[3] ?? 0) <= 8
  );
}

/**
 * Read an IDX file (the format of MNIST): big-endian, `00 00 type axes`, one 32-bit extent an axis, the values.
 *
 * @param limit Entries of the first axis to read.
 * @throws `data-damaged`, `data-too-large`.
 */
export function readIdx(bytes: Uint8Array, file: string, limit?: number): DataArray {
  const axes = bytes[3]!;
  const start = 4 + 4 * axes;
  if (bytes.length < start) throw damagedData(file, "its header is cut off");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stated = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const type = elementTypes.get(bytes[2]!)!;
  const wanted = stated.reduce((product, n) => product * n, type.size);
  if (bytes.length - start !== wanted)
    throw damagedData(file, `its values have ${bytes.length - start} bytes, wanted ${wanted}`);
  const shape = limited(stated, limit);
  const data = decodeNumbers(bytes, type, false, start, checkExtents(shape, file));
  return { shape, data, isByte: type.size === 1 && !type.signed };
}
