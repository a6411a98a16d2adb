import type { LayerCall, LayerReader } from "../call.js";
import { spatialInput } from "./convolution.js";
import { placeWindow, type Window } from "./window.js";

/** MaxPooling and AveragePooling; averages count the cells of the input only. */
export function pooling(kind: "max" | "average", rank: 1 | 2): LayerReader {
  return (call) => {
    const { flow, extents, channels } = spatialInput(call, rank);
    const window = poolWindow(call, rank);
    const placed = placeWindow(extents, window);
    const content = {
      op: "pool",
      kind,
      size: window.size,
      strides: window.strides,
      padding: placed.padding,
      includePadding: false,
    } as const;
    return call.add([flow], content, [...placed.extents, channels], call.isChannelsFirst());
  };
}

/** `pool_size`, `strides` and `padding` of a layer over `rank` spatial axes. */
export function poolWindow(call: LayerCall, rank: number): Window {
  const size = call.config.integers("pool_size", rank, 1, 2);
  const hasStrides = call.config.raw("strides") !== undefined;
  return {
    size,
    strides: hasStrides ? call.config.integers("strides", rank, 1) : size,
    dilations: size.map(() => 1),
    padding: call.config.choice("padding", ["valid", "same"]),
    ...(call.isTheano ? { theano: "pool" as const } : {}),
  };
}

/** GlobalMaxPooling and GlobalAveragePooling. */
export function globalPooling(kind: "max" | "average", rank: 1 | 2): LayerReader {
  return (call) => {
    const { flow, extents, channels } = spatialInput(call, rank);
    const keepDims = call.config.boolean("keepdims", false);
    const shape = [...(keepDims ? extents.map(() => 1) : []), channels];
    return call.add([flow], { op: "global-pool", kind, keepDims }, shape, keepDims && call.isChannelsFirst());
  };
}
