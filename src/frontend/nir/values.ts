import { elementReader } from "../bytes/number-array.js";
import type { Hdf5Value } from "../hdf5/tree.js";
import type { NirTensor } from "./graph.js";

/** Real numbers in the precision of the file; integers become doubles. Undefined for anything else. */
export function tensorOf(value: Hdf5Value): NirTensor | undefined {
  if (value.type !== "number") return undefined;
  const { bytes, format, shape } = value;
  const count = bytes.length / format.size;
  const data = format.class === "float" && format.size <= 4 ? new Float32Array(count) : new Float64Array(count);
  const read = elementReader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), format, true);
  for (let k = 0; k < count; k++) data[k] = read(k * format.size);
  return { shape, data };
}

/** Whole numbers; undefined for anything else. */
export function integersOf(value: Hdf5Value): number[] | undefined {
  const tensor = tensorOf(value);
  if (!tensor) return undefined;
  const numbers = Array.from(tensor.data);
  return numbers.every(Number.isSafeInteger) ? numbers : undefined;
}

/** A tensor like `like`, filled with `value`; or with `given`, which may be a scalar. */
export function fillLike(like: NirTensor, value: number, given?: NirTensor): NirTensor {
  if (given && given.data.length !== 1) return given;
  const make = (given ?? like).data instanceof Float32Array ? Float32Array : Float64Array;
  return { shape: like.shape, data: new make(like.data.length).fill(given?.data[0] ?? value) };
}
