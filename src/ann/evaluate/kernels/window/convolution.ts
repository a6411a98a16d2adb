import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { Tensor } from "../../../../support/tensor.js";
import type { ConvNode, ConvTransposeNode } from "../../../nodes/linear.js";
import type { Context, Prepare, Value } from "../../kernel.js";
import { ofGroup, spread, to2d, transposedToForward } from "./convolution-kernel.js";

/** A pair for the two spatial axes; the second axis of a 1-D convolution has extent 1. */
type Two<T> = readonly [T, T];

interface Geometry {
  readonly strides: Two<number>;
  readonly dilations: Two<number>;
  readonly padding: Two<readonly [number, number]>;
}

function both<T>(list: readonly T[], missing: T): Two<T> {
  return [list[0]!, list.length > 1 ? list[1]! : missing];
}

/** Convolution of `[batch, height, width, channels]` with a kernel `[height, width, in / groups, out]`. */
function prepare2d(
  kernel: Tensor,
  bias: Tensor | undefined,
  groups: number,
  geometry: Geometry,
  { tf, parameter }: Context,
): (x: Value) => Value {
  const [tall, wide] = geometry.dilations;
  const strided = geometry.strides[0] > 1 || geometry.strides[1] > 1;
  // The library refuses strides together with dilations.
  const spreads = strided && (tall > 1 || wide > 1);
  const filter = spreads ? spread(kernel, geometry.dilations) : kernel;
  const common = {
    strides: [...geometry.strides] as [number, number],
    // The fused forms take explicit padding as the plain ones do; their types leave it out.
    pad: [[0, 0], ...geometry.padding.map((pair) => [...pair]), [0, 0]] as unknown as "valid",
    dataFormat: "NHWC" as const,
    dilations: spreads ? ([1, 1] as [number, number]) : ([tall, wide] as [number, number]),
  };
  const biasValue = bias && parameter(bias.shape, bias.data);
  const withBias = biasValue && { bias: biasValue };
  const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
  if (groups === 1) {
    const weights = parameter(filter.shape, filter.data) as Tensor4D;
    return (x) => tf.fused.conv2d({ x: x as Tensor4D, filter: weights, ...common, ...withBias });
  }
  if (inputs === 1) {
    // Output channel c * multiplier + m reads input channel c: the library's order of depthwise kernels.
    const weights = parameter([height, width, groups, outputs / groups], filter.data) as Tensor4D;
    return (x) => tf.fused.depthwiseConv2d({ x: x as Tensor4D, filter: weights, ...common, ...withBias });
  }
  // The library has no grouped convolution.
  const parts = Array.from({ length: groups }, (_, group) => {
    const part = ofGroup(filter, groups, group);
    return parameter(part.shape, part.data) as Tensor4D;
  });
  return (x) => {
    const [batch, rows, columns] = x.shape as [number, number, number];
    // Splitting channels on the WebAssembly back-end copies all of them for every group, so they are split here.
    const byGroup = tf.transpose(tf.reshape(x, [-1, groups, inputs]), [1, 0, 2]).dataSync() as Float32Array;
    const size = byGroup.length / groups;
    const results: Value[] = parts.map((weights, at) => {
      const piece = tf.tensor4d(byGroup.subarray(at * size, (at + 1) * size), [batch, rows, columns, inputs]);
      return tf.fused.conv2d({ x: piece, filter: weights, ...common });
    });
    const joined = tf.concat(results, 3);
    return biasValue ? tf.add(joined, biasValue) : joined;
  };
}

/** Applies a function of `[batch, height, width, channels]` to values of one or two spatial axes. */
function spatially(tf: Context["tf"], axes: number, f: (x: Value) => Value): (x: Value) => Value {
  if (axes === 2) return f;
  return (x) => {
    const [batch, length, channels] = x.shape as [number, number, number];
    const y = f(tf.reshape(x, [batch, length, 1, channels]));
    return tf.reshape(y, [batch, y.shape[1]!, y.shape[3]!]);
  };
}

export const prepareConv: Prepare<ConvNode> = (node, context) => {
  const geometry: Geometry = {
    strides: both(node.strides, 1),
    dilations: both(node.dilations, 1),
    padding: both(node.padding, [0, 0]),
  };
  const run = prepare2d(to2d(node.kernel), node.bias, node.groups, geometry, context);
  const kernel = spatially(context.tf, node.strides.length, run);
  return ([x]) => [kernel(x!)];
};

/** A transposed convolution is a convolution over the input with zeros between its elements. */
export const prepareConvTranspose: Prepare<ConvTransposeNode> = (node, context) => {
  const { tf } = context;
  const strides = both(node.strides, 1);
  const dilations = both(node.dilations, 1);
  const padding = both<readonly [number, number]>(node.padding, [0, 0]);
  const outputPadding = both(node.outputPadding, 0);
  const transposed = to2d(node.kernel);
  const margins = [0, 1].map((axis) => {
    const reach = (transposed.shape[axis]! - 1) * dilations[axis]!;
    // Spreading leaves stride - 1 zeros behind the last element too.
    const after = reach - padding[axis]![1] + outputPadding[axis]! - (strides[axis]! - 1);
    return [reach - padding[axis]![0], after] as const;
  });
  const grow = margins.map(([before, after]) => [Math.max(0, before), Math.max(0, after)] as const);
  const crop = margins.map(([before, after]) => [Math.max(0, -before), Math.max(0, -after)] as const);
  const geometry: Geometry = { strides: [1, 1], dilations, padding: [grow[0]!, grow[1]!] };
  const convolve = prepare2d(transposedToForward(transposed, node.groups), node.bias, node.groups, geometry, context);
  const kernel = spatially(tf, node.strides.length, (x) => {
    const [batch, height, width, channels] = x.shape as [number, number, number, number];
    const cells = tf.reshape(x, [batch, height, 1, width, 1, channels]);
    const between = tf.pad(cells, [
      [0, 0],
      [0, 0],
      [0, strides[0] - 1],
      [0, 0],
      [0, strides[1] - 1],
      [0, 0],
    ]);
    const [tall, wide] = [height * strides[0], width * strides[1]];
    const spreadOut = tf.reshape(between, [batch, tall, wide, channels]);
    const extents = [tall - crop[0]![0] - crop[0]![1], wide - crop[1]![0] - crop[1]![1]];
    return convolve(tf.slice(spreadOut, [0, crop[0]![0], crop[1]![0], 0], [batch, ...extents, channels]));
  });
  return ([x]) => [kernel(x!)];
};
