/** A dense float tensor, row-major (last axis fastest), without a batch axis unless said otherwise. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Number of elements of a tensor of shape `shape`; 1 for a scalar. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
