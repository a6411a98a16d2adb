import type { LayerConfig } from "./layer-config.js";
import { transposeTensor } from "./layers/kernel.js";
import type { NamedTensor } from "./weights.js";

/**
 * Weights of a Keras 1 layer in the layout of Keras 2.
 *
 * Convolution2D is `(out, in, h, w)` in Theano's axis order. Convolution1D is four-dimensional with a singleton axis:
 * `(out, in, length, 1)` or `(length, 1, in, out)`. What does not look like any of these is left for the shape check.
 */
export function currentWeights(className: string, config: LayerConfig, weights: readonly NamedTensor[]): NamedTensor[] {
  const isTheanoOrder = config.raw("data_format") === "channels_first";
  return weights.map((tensor) => {
    if (className === "Conv1D" && tensor.shape.length === 4) return kernel1d(tensor, config);
    if (tensor.shape.length !== 4) return tensor;
    if (className === "Conv2D" && isTheanoOrder) return permuted(tensor, [2, 3, 1, 0]);
    if (className === "Conv2DTranspose") return permuted(tensor, isTheanoOrder ? [2, 3, 0, 1] : [0, 1, 3, 2]);
    // Depthwise is (multiplier, in, h, w), pointwise (out, in, 1, 1).
    if (className === "SeparableConv2D" && isTheanoOrder) return permuted(tensor, [2, 3, 1, 0]);
    return tensor;
  });
}

function permuted(tensor: NamedTensor, permutation: readonly number[]): NamedTensor {
  return { name: tensor.name, ...transposeTensor(tensor, permutation) };
}

function kernel1d(tensor: NamedTensor, config: LayerConfig): NamedTensor {
  const size = config.integers("kernel_size", 1, 1)[0]!;
  const filters = config.integer("filters", 1);
  const [a, b, c, d] = tensor.shape as [number, number, number, number];
  if (a === size && b === 1 && d === filters) return { name: tensor.name, shape: [a, c, d], data: tensor.data };
  if (a === filters && c === size && d === 1) {
    const turned = transposeTensor(tensor, [2, 3, 1, 0]);
    return { name: tensor.name, shape: [size, b, filters], data: turned.data };
  }
  return tensor;
}
