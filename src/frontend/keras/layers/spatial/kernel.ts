import { elements, type Tensor } from "../../../../support/tensor.js";

/** The kernel with its first `rank` axes reversed: a convolution in the strict sense made a cross-correlation. */
export function rotateKernel(kernel: Tensor, rank: number): Tensor {
  const cells = elements(kernel.shape.slice(0, rank));
  const size = elements(kernel.shape.slice(rank));
  const data = new Float32Array(kernel.data.length);
  for (let i = 0; i < cells; i++) data.set(kernel.data.subarray(i * size, (i + 1) * size), (cells - 1 - i) * size);
  return { shape: kernel.shape, data };
}

/** `y.shape[k] = x.shape[permutation[k]]`. */
export function transposeTensor(tensor: Tensor, permutation: readonly number[]): Tensor {
  const shape = permutation.map((axis) => tensor.shape[axis]!);
  const strides = tensor.shape.map((_, axis) => elements(tensor.shape.slice(axis + 1)));
  const steps = permutation.map((axis) => strides[axis]!);
  const data = new Float32Array(tensor.data.length);
  const index = new Int32Array(shape.length);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = tensor.data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return { shape, data };
}
