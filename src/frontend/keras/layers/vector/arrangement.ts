import { elements } from "../../../../support/tensor.js";
import type { LayerReader } from "../call.js";
import { spatialInput } from "../spatial/convolution.js";
import { Unsupported } from "../unsupported.js";

/**
 * Flatten to one axis, in the order of the source model. With `data_format` "channels_first" Keras moves the channels to
 * the last axis before it flattens.
 */
export const flatten: LayerReader = (call) => {
  const input = call.input();
  const isMoved = call.isChannelsFirst() && input.shape.length > 1;
  const flow = isMoved ? call.builder.channelsLast(input, true) : call.builder.logical(input);
  const shape = [flow.shape.includes(-1) ? -1 : elements(flow.shape)];
  return call.add([flow], { op: "reshape", shape }, shape);
};

/** Reshape to `target_shape`, at most one extent of which is -1. */
export const reshape: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const target = call.config.raw("target_shape");
  const shape = call.config.integers("target_shape", Array.isArray(target) ? target.length : 1, -1);
  const known = elements(shape.filter((n) => n !== -1));
  const open = shape.filter((n) => n === -1).length;
  if (flow.shape.includes(-1)) {
    if (open !== 1)
      throw new Unsupported(
        "it reshapes a value of open size to a fixed one",
        "Fix the input shape of the model and save it again",
        shape,
      );
    return call.add([flow], { op: "reshape", shape }, shape);
  }
  const total = elements(flow.shape);
  const fits = open === 0 ? known === total : open === 1 && known > 0 && total % known === 0;
  if (!fits) throw call.config.invalid("target_shape", `a shape of ${total} elements`);
  const full = shape.map((n) => (n === -1 ? total / known : n));
  return call.add([flow], { op: "reshape", shape: full }, full);
};

/** Permute; `dims` counts axes from 1. */
export const permute: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const permutation = call.config.integers("dims", flow.shape.length, 1).map((axis) => axis - 1);
  if (new Set(permutation).size !== permutation.length || permutation.some((axis) => axis >= flow.shape.length)) {
    throw call.config.invalid("dims", `a permutation of 1 to ${flow.shape.length}`);
  }
  const shape = permutation.map((axis) => flow.shape[axis]!);
  return call.add([flow], { op: "transpose", permutation }, shape);
};

/** RepeatVector: `[features]` to `[n, features]`. */
export const repeatVector: LayerReader = (call) => {
  const flow = call.input(1);
  const n = call.config.integer("n", 1);
  const column = call.addPart("column", [flow], { op: "reshape", shape: [1, ...flow.shape] }, [1, ...flow.shape]);
  return call.add([column], { op: "tile", repeats: [n, 1] }, [n, ...flow.shape]);
};

/** ZeroPadding over `rank` spatial axes. */
export function zeroPadding(rank: 1 | 2 | 3): LayerReader {
  return (call) => {
    const { flow, extents, channels } = spatialInput(call, rank);
    const pairs = call.config.pairs("padding", rank, 1);
    const shape = [...extents.map((n, i) => (n < 0 ? n : n + pairs[i]![0] + pairs[i]![1])), channels];
    const content = { op: "pad", padding: [...pairs, [0, 0]], value: 0, mode: "constant" } as const;
    return call.add([flow], content, shape, call.isChannelsFirst());
  };
}

/** Cropping over `rank` spatial axes. */
export function cropping(rank: 1 | 2 | 3): LayerReader {
  return (call) => {
    const { flow, extents, channels } = spatialInput(call, rank);
    const pairs = call.config.pairs("cropping", rank, rank === 1 ? 1 : 0);
    const shape = [...extents.map((n, i) => (n < 0 ? n : n - pairs[i]![0] - pairs[i]![1])), channels];
    const content = {
      op: "slice",
      axes: pairs.map((_, axis) => axis),
      starts: pairs.map(([before]) => before),
      ends: pairs.map(([, after]) => (after === 0 ? 2 ** 31 - 1 : -after)),
      steps: pairs.map(() => 1),
    } as const;
    return call.add([flow], content, shape, call.isChannelsFirst());
  };
}

/** UpSampling by whole factors: nearest, or bilinear in the half-pixel form of TensorFlow 2. */
export function upSampling(rank: 1 | 2): LayerReader {
  return (call) => {
    const { flow, extents, channels } = spatialInput(call, rank);
    const scales = call.config.integers("size", rank, 1, 2);
    const shape = [...extents.map((n, i) => (n < 0 ? n : n * scales[i]!)), channels];
    const interpolation = call.config.string("interpolation", "nearest");
    if (interpolation !== "nearest" && interpolation !== "bilinear") {
      throw new Unsupported(`interpolation "${interpolation}" is not supported`, 'Use "nearest" or "bilinear"', shape);
    }
    const isNearest = interpolation === "nearest";
    const content = {
      op: "upsample",
      mode: isNearest ? "nearest" : "linear",
      scales,
      coordinates: isNearest ? "asymmetric" : "half-pixel",
      rounding: "floor",
    } as const;
    return call.add([flow], content, shape, call.isChannelsFirst());
  };
}
