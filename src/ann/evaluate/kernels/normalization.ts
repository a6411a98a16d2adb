import type { Tensor } from "../../../support/tensor.js";
import type { BatchNormNode, GroupNormNode, LayerNormNode, LocalResponseNormNode } from "../../nodes/normalization.js";
import type { Context, Prepare, Value } from "../kernel.js";

export const prepareBatchNorm: Prepare<BatchNormNode> = (node, { tf, parameter }) => {
  // One multiplication and one addition a number; the factors are computed in double precision.
  const channels = node.mean.data.length;
  const scale = new Float32Array(channels);
  const offset = new Float32Array(channels);
  for (let c = 0; c < channels; c++) {
    const factor = (node.scale?.data[c] ?? 1) / Math.sqrt(node.variance.data[c]! + node.epsilon);
    scale[c] = factor;
    offset[c] = (node.offset?.data[c] ?? 0) - node.mean.data[c]! * factor;
  }
  const factor = parameter([channels], scale);
  const shift = parameter([channels], offset);
  return ([x]) => [tf.add(tf.mul(x!, factor), shift)];
};

/** `(x - mean) / sqrt(variance + epsilon)` with mean and variance over `axes` (of the value with batch axis). */
function standardize({ tf }: Context, x: Value, axes: number[], epsilon: number): Value {
  const centered = tf.sub(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.mul(centered, centered), axes, true);
  return tf.div(centered, tf.sqrt(tf.add(variance, epsilon)));
}

/** Multiplies with `scale` and adds `offset`, where they are there. */
function prepareScaling(scale: Tensor | undefined, offset: Tensor | undefined, context: Context): (x: Value) => Value {
  const { tf, parameter } = context;
  const factor = scale && parameter(scale.shape, scale.data);
  const shift = offset && parameter(offset.shape, offset.data);
  return (x) => {
    const scaled = factor ? tf.mul(x, factor) : x;
    return shift ? tf.add(scaled, shift) : scaled;
  };
}

export const prepareLayerNorm: Prepare<LayerNormNode> = (node, context) => {
  const axes = node.axes.map((axis) => axis + 1);
  const scaling = prepareScaling(node.scale, node.offset, context);
  return ([x]) => [scaling(standardize(context, x!, axes, node.epsilon))];
};

export const prepareGroupNorm: Prepare<GroupNormNode> = (node, context) => {
  const { tf } = context;
  const scaling = prepareScaling(node.scale, node.offset, context);
  return ([x]) => {
    const channels = x!.shape.at(-1)!;
    const grouped = tf.reshape(x!, [...x!.shape.slice(0, -1), node.groups, channels / node.groups]);
    const last = grouped.rank - 1;
    const axes = [...Array(last - 1).keys()].slice(1);
    const normal = standardize(context, grouped, [...axes, last], node.epsilon);
    return [scaling(tf.reshape(normal, x!.shape))];
  };
};

export const prepareLocalResponseNorm: Prepare<LocalResponseNormNode> = (node, { tf }) => {
  const before = Math.floor((node.size - 1) / 2);
  const after = Math.ceil((node.size - 1) / 2);
  const band = (channels: number): Float32Array => {
    const data = new Float32Array(channels * channels);
    for (let c = 0; c < channels; c++) {
      for (let k = Math.max(0, c - before); k <= Math.min(channels - 1, c + after); k++) data[k * channels + c] = 1;
    }
    return data;
  };
  return ([x]) => {
    const channels = x!.shape.at(-1)!;
    const squares = tf.reshape(tf.mul(x!, x!), [-1, channels]);
    const sums = tf.matMul(
      squares as ReturnType<typeof tf.tensor2d>,
      tf.tensor2d(band(channels), [channels, channels]),
    );
    const base = tf.add(tf.mul(tf.reshape(sums, x!.shape), node.alpha / node.size), node.bias);
    return [tf.div(x!, tf.pow(base, node.beta))];
  };
};
