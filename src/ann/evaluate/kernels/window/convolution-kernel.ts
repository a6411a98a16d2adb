import type { Tensor } from "../../../../support/tensor.js";

/** `[size, in, out]` as `[size, 1, in, out]`; kernels of two spatial axes stay as they are. */
export function to2d(kernel: Tensor): Tensor {
  if (kernel.shape.length === 4) return kernel;
  const [size, inputs, outputs] = kernel.shape as [number, number, number];
  return { shape: [size, 1, inputs, outputs], data: kernel.data };
}

/** The kernel `[height, width, in, out]` with zeros between its cells, so that dilation 1 does what `dilations` did. */
export function spread(kernel: Tensor, dilations: readonly [number, number]): Tensor {
  const [height, width, inputs, outputs] = kernel.shape as [number, number, number, number];
  const [tall, wide] = [(height - 1) * dilations[0] + 1, (width - 1) * dilations[1] + 1];
  const cell = inputs * outputs;
  const data = new Float32Array(tall * wide * cell);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * cell;
      data.set(kernel.data.subarray(from, from + cell), (y * dilations[0] * wide + x * dilations[1]) * cell);
    }
  }
  return { shape: [tall, wide, inputs, outputs], data };
}

/** The part of a kernel `[height, width, in, out]` that makes output channels `group * out / groups` and on. */
export function ofGroup(kernel: Tensor, groups: number, group: number): Tensor {
  const [height, width, inputs, outputs] = kernel.shape as [number, number, number, number];
  const part = outputs / groups;
  const data = new Float32Array((kernel.data.length / outputs) * part);
  for (let row = 0; row < kernel.data.length / outputs; row++) {
    const from = row * outputs + group * part;
    data.set(kernel.data.subarray(from, from + part), row * part);
  }
  return { shape: [height, width, inputs, part], data };
}

/**
 * The kernel of the convolution that a transposed one with `kernel` `[height, width, out / groups, in]` is, over the
 * input with zeros between its elements: turned by 180 degrees, `[height, width, in / groups, out]`.
 */
export function transposedToForward(kernel: Tensor, groups: number): Tensor {
  const [height, width, outputs, inputs] = kernel.shape as [number, number, number, number];
  const [inPart, out] = [inputs / groups, outputs * groups];
  const data = new Float32Array(kernel.data.length);
  let at = 0;
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      for (let i = 0; i < inPart; i++) {
        for (let o = 0; o < out; o++) {
          const group = Math.floor(o / outputs);
          data[at++] = kernel.data[((y * width + x) * outputs + (o % outputs)) * inputs + group * inPart + i]!;
        }
      }
    }
  }
  return { shape: [height, width, inPart, out], data };
}
