/** A dense float tensor, row-major (last axis fastest), without a batch axis unless said otherwise. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Number of elements of a tensor of shape `shape`; 1 for a scalar. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

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
