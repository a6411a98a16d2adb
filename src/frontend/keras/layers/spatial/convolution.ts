import type { Tensor } from "../../../../support/tensor.js";
import type { ShapedFlow } from "../../builder.js";
import type { LayerCall, LayerReader } from "../call.js";
import { Unsupported } from "../unsupported.js";
import { rotateKernel } from "./kernel.js";
import { placeWindow, type Window } from "./window.js";

/** `kernel_size`, `strides`, `padding` and `dilation_rate` of a layer over `rank` spatial axes. */
export function convWindow(call: LayerCall, rank: number): Window {
  const { config } = call;
  return {
    size: config.integers("kernel_size", rank, 1),
    strides: config.integers("strides", rank, 1, 1),
    dilations: config.integers("dilation_rate", rank, 1, 1),
    padding: config.choice("padding", rank === 1 ? ["valid", "same", "causal"] : ["valid", "same"]),
    ...(call.isTheano ? { theano: "conv" as const } : {}),
  };
}

/** The input with channels last and its (known) number of channels. */
export function spatialInput(
  call: LayerCall,
  rank: number,
): { flow: ShapedFlow; extents: readonly number[]; channels: number } {
  const flow = call.builder.channelsLast(call.input(rank + 1), call.isChannelsFirst());
  const channels = flow.shape.at(-1)!;
  if (channels < 0)
    throw new Unsupported(
      "the number of its input channels is open",
      "Fix the input shape of the model and save it again",
    );
  return { flow, extents: flow.shape.slice(0, -1), channels };
}

/** Conv1D and Conv2D; the kernel is `[...size, channels / groups, filters]` for both axis orders. */
export function convolution(rank: 1 | 2): LayerReader {
  return (call) => {
    const { flow, extents, channels } = spatialInput(call, rank);
    const window = convWindow(call, rank);
    const filters = call.config.integer("filters", 1);
    const groups = call.config.integer("groups", 1, 1);
    if (channels % groups !== 0 || filters % groups !== 0)
      throw call.config.invalid("groups", `a divisor of ${channels} and ${filters}`);
    const hasBias = call.config.boolean("use_bias", true);
    const [kernel, bias] = call.weights.take(hasBias ? ["kernel", "bias"] : ["kernel"]);
    const stored = call.weights.shaped("kernel", kernel!, [...window.size, channels / groups, filters]);
    const placed = placeWindow(extents, window);
    const result = call.add(
      [flow],
      {
        op: "conv",
        kernel: call.isTheano ? rotateKernel(stored, rank) : stored,
        ...(bias ? { bias: call.weights.shaped("bias", bias, [filters]) } : {}),
        strides: window.strides,
        padding: placed.padding,
        dilations: window.dilations,
        groups,
      },
      [...placed.extents, filters],
      call.isChannelsFirst(),
    );
    return call.activate(result);
  };
}

/** DepthwiseConv1D and 2D; the kernel is `[...size, channels, multiplier]`. */
export function depthwise(rank: 1 | 2): LayerReader {
  return (call) => {
    const hasBias = call.config.boolean("use_bias", true);
    const [kernel, bias] = call.weights.take(hasBias ? ["depthwise_kernel", "bias"] : ["depthwise_kernel"]);
    const result = addDepthwise(call, rank, kernel!, bias, (...node) => call.add(...node));
    return call.activate(result);
  };
}

/** SeparableConv1D and 2D: a depthwise convolution, then a convolution of one cell with the bias. */
export function separable(rank: 1 | 2): LayerReader {
  return (call) => {
    const filters = call.config.integer("filters", 1);
    const hasBias = call.config.boolean("use_bias", true);
    const roles = ["depthwise_kernel", "pointwise_kernel", ...(hasBias ? ["bias"] : [])];
    const [kernel, pointwise, bias] = call.weights.take(roles);
    const between = addDepthwise(call, rank, kernel!, undefined, (...node) => call.addPart("depthwise", ...node));
    const ones = Array<number>(rank).fill(1);
    const result = call.add(
      [between],
      {
        op: "conv",
        kernel: call.weights.shaped("pointwise_kernel", pointwise!, [...ones, between.shape.at(-1)!, filters]),
        ...(bias ? { bias: call.weights.shaped("bias", bias, [filters]) } : {}),
        strides: ones,
        padding: ones.map(() => [0, 0] as const),
        dilations: ones,
        groups: 1,
      },
      [...between.shape.slice(0, -1), filters],
      call.isChannelsFirst(),
    );
    return call.activate(result);
  };
}

function addDepthwise(
  call: LayerCall,
  rank: number,
  kernel: Tensor,
  bias: Tensor | undefined,
  add: (...node: Parameters<LayerCall["add"]>) => ShapedFlow,
): ShapedFlow {
  const { flow, extents, channels } = spatialInput(call, rank);
  const window = convWindow(call, rank);
  const multiplier = call.config.integer("depth_multiplier", 1, 1);
  const stored = call.weights.shaped("depthwise_kernel", kernel, [...window.size, channels, multiplier]);
  const placed = placeWindow(extents, window);
  return add(
    [flow],
    {
      op: "conv",
      // The results of an input channel lie side by side in both layouts.
      kernel: { shape: [...window.size, 1, channels * multiplier], data: stored.data },
      ...(bias ? { bias: call.weights.shaped("bias", bias, [channels * multiplier]) } : {}),
      strides: window.strides,
      padding: placed.padding,
      dilations: window.dilations,
      groups: channels,
    },
    [...placed.extents, channels * multiplier],
    call.isChannelsFirst(),
  );
}
