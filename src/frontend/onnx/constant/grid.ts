import type { Tensor } from "../../../support/tensor.js";

/**
 * The integers behind dequantised numbers: `value = (level - zeroPoint) * scale`, rounded to float32.
 *
 * `scale` and `zeroPoint` broadcast to the tensor. `level = round(value / scale) + zeroPoint` gives the integers of the
 * file back without loss, because their magnitude is below 2^22.
 */
export interface Grid {
  readonly scale: Tensor;
  readonly zeroPoint: Tensor;
  /** Width of a level. */
  readonly bits: number;
  readonly signed: boolean;
  /** The lowest level is not used (signed) or the highest (unsigned). */
  readonly narrow: boolean;
}

/** A parameter that the model file holds as integers with a scale. A kernel of a `dense` or `conv` node may be one. */
export interface QuantizedTensor extends Tensor {
  readonly grid: Grid;
}

/** Holds where the integers of a parameter are known. */
export function isQuantized(tensor: Tensor): tensor is QuantizedTensor {
  return "grid" in tensor && tensor.grid !== undefined;
}
