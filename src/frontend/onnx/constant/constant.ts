import type { Grid, Tensor } from "../../../support/tensor.js";
import { type ElementType, elementInfo } from "../proto/element-type.js";
import { refuse } from "../refusal.js";

export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array;

/**
 * A value known when the model is read, row-major.
 *
 * Integers of 64 bits are held in doubles: exact up to 2^53, the nearest double beyond. An integer that depends on an
 * open extent (sequence length) is NaN; only operators that move numbers accept it.
 */
export interface Constant {
  readonly kind: "constant";
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly data: NumberArray;
  /** Set where the numbers lie on a grid of integers (quantised weights). */
  readonly grid?: Grid;
}

/** Number of elements; refuses shapes that no machine can hold. */
export function count(shape: readonly number[]): number {
  let product = 1;
  for (const extent of shape) {
    if (!Number.isInteger(extent) || extent < 0) throw refuse("shape", `extent ${extent} in a shape of a constant`);
    product *= extent;
  }
  if (product > 2 ** 31) throw refuse("constant-too-large", `a constant of ${product} elements`);
  return product;
}

/** How much memory folding may make: counts every byte once, so that it bounds the time too. */
export class Workspace {
  private left: number;

  constructor(bytes: number) {
    this.left = bytes;
  }

  /** A zeroed array for `length` elements of `type`. */
  allocate(type: ElementType, length: number): NumberArray {
    const make = storage(type);
    this.left -= length * make.BYTES_PER_ELEMENT;
    if (this.left < 0) {
      throw refuse("constant-too-large", `folding constants needs more memory than the size of the model allows`);
    }
    return new make(length);
  }
}

/** The array class that holds `type`. */
export function storage(type: ElementType) {
  switch (type) {
    case "float64":
    case "int64":
    case "uint64":
      return Float64Array;
    case "int8":
    case "int4":
    case "int2":
      return Int8Array;
    case "uint8":
    case "uint4":
    case "uint2":
    case "bool":
      return Uint8Array;
    case "int16":
      return Int16Array;
    case "uint16":
      return Uint16Array;
    case "int32":
      return Int32Array;
    case "uint32":
      return Uint32Array;
    default:
      if (elementInfo(type).kind !== "float") throw refuse("element-type", `elements of type ${type}`);
      return Float32Array;
  }
}

export function constant(type: ElementType, shape: readonly number[], data: NumberArray, grid?: Grid): Constant {
  return { kind: "constant", type, shape, data, ...(grid ? { grid } : {}) };
}

/** A vector of 64-bit integers, as shape arithmetic uses it. */
export function integers(values: readonly number[]): Constant {
  return constant("int64", [values.length], Float64Array.from(values));
}

/** The numbers of a constant of integers that all are known. */
export function knownIntegers(c: Constant, what: string): number[] {
  const values = Array.from(c.data);
  if (!values.every(Number.isInteger)) {
    throw refuse("open-extent", `${what} depends on an extent that the file leaves open`, "Export with a fixed length");
  }
  return values;
}

/** Holds where the constant depends on an open extent. */
export function isOpen(c: Constant): boolean {
  return c.data instanceof Float64Array && c.type !== "float64" && c.data.some(Number.isNaN);
}

/** The single number of a scalar or of a tensor with one element. */
export function scalarOf(c: Constant, what: string): number {
  if (c.data.length !== 1) throw refuse("shape", `${what} has ${c.data.length} elements, wanted 1`);
  return c.data[0]!;
}

/** The constant in float32; a view where it is float32 already. Keeps the grid. */
export function toTensor(c: Constant): Tensor {
  const data = c.data instanceof Float32Array ? c.data : Float32Array.from(c.data);
  return { shape: c.shape, data, ...(c.grid ? { grid: c.grid } : {}) } as Tensor;
}
