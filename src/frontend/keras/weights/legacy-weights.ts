import type { LayerConfig } from "../layers/layer-config.js";
import { transposeTensor } from "../layers/spatial/kernel.js";
import type { NamedTensor } from "./weights.js";

/**
 * Weights of a Keras 1 layer in the layout of Keras 2.
 *
 * LSTM and GRU have a kernel, a recurrent kernel and a bias for each gate. Convolution2D is `(out, in, h, w)` in Theano's axis order. Convolution1D is four-dimensional with a singleton axis:
 * `(out, in, length, 1)` or `(length, 1, in, out)`. What does not look like any of these is left for the shape check.
 */
export function currentWeights(className: string, config: LayerConfig, weights: readonly NamedTensor[]): NamedTensor[] {
  if (className === "Bidirectional") {
    const half = weights.length / 2;
    return [...joinedGates(weights.slice(0, half)), ...joinedGates(weights.slice(half))];
  }
  if (recurrentNames.has(className)) return joinedGates(weights);
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

const recurrentNames = new Set(["SimpleRNN", "LSTM", "GRU"]);
/** Places of the gates by number of arrays: LSTM i, c, f, o as i, f, c, o; GRU z, r, h as they are. */
const gateOrders: Readonly<Record<number, readonly number[]>> = { 12: [0, 2, 1, 3], 9: [0, 1, 2] };

/** Three arrays from three a gate; anything else as it is. */
function joinedGates(weights: readonly NamedTensor[]): NamedTensor[] {
  const order = gateOrders[weights.length];
  if (!order) return [...weights];
  return ["kernel", "recurrent_kernel", "bias"].map((name, part) =>
    joinedColumns(
      name,
      order.map((gate) => weights[3 * gate + part]!),
    ),
  );
}

/** Arrays side by side along the last axis. */
function joinedColumns(name: string, parts: readonly NamedTensor[]): NamedTensor {
  const rows = parts[0]!.shape.length === 2 ? parts[0]!.shape[0]! : 1;
  const widths = parts.map((part) => part.data.length / rows);
  const width = widths.reduce((sum, n) => sum + n, 0);
  if (!widths.every(Number.isInteger)) return { name, shape: [0], data: new Float32Array(0) };
  const data = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    let at = row * width;
    for (const [i, part] of parts.entries()) {
      data.set(part.data.subarray(row * widths[i]!, (row + 1) * widths[i]!), at);
      at += widths[i]!;
    }
  }
  return { name, shape: [...parts[0]!.shape.slice(0, -1), width], data };
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
