import type { NodeContent, ShapedFlow } from "../../builder.js";
import type { LayerCall, LayerReader } from "../call.js";
import { Unsupported } from "../unsupported.js";
import { convWindow, spatialInput } from "./convolution.js";
import { rotateKernel, transposeTensor } from "./kernel.js";
import { poolWindow } from "./pooling.js";
import { placeWindow } from "./window.js";

// AnnGraph has one and two spatial axes. Layers over three are written with these: what works on each axis by itself goes
// over depth and height first and then over width; a convolution sees the slices of its kernel's depth as channels.

/** MaxPooling3D and AveragePooling3D: both are separable, the average since it divides by the cells inside the input. */
export function pooling3d(kind: "max" | "average"): LayerReader {
  return (call) => {
    const { flow, extents, channels } = volumeInput(call);
    const window = poolWindow(call, 3);
    const { padding, extents: results } = placeWindow(extents, window);
    const pool = (axes: readonly number[]): NodeContent => ({
      op: "pool",
      kind,
      size: axes.map((axis) => (axis < 0 ? 1 : window.size[axis]!)),
      strides: axes.map((axis) => (axis < 0 ? 1 : window.strides[axis]!)),
      padding: axes.map((axis) => (axis < 0 ? [0, 0] : padding[axis]!)),
      includePadding: false,
    });
    return inTwoParts(call, flow, results, channels, pool([0, 1]), pool([-1, 2]));
  };
}

/** UpSampling3D, nearest. */
export const upSampling3d: LayerReader = (call) => {
  const { flow, extents, channels } = volumeInput(call);
  const sizes = call.config.integers("size", 3, 1, 2);
  const upsample = (scales: readonly number[]): NodeContent => ({
    op: "upsample",
    mode: "nearest",
    scales,
    coordinates: "asymmetric",
    rounding: "floor",
  });
  const results = extents.map((n, i) => n * sizes[i]!);
  return inTwoParts(call, flow, results, channels, upsample([sizes[0]!, sizes[1]!]), upsample([1, sizes[2]!]));
};

/** GlobalMaxPooling3D and GlobalAveragePooling3D. */
export function globalPooling3d(kind: "max" | "average"): LayerReader {
  return (call) => {
    const { flow, extents, channels } = volumeInput(call);
    const [depth, height, width] = extents as [number, number, number];
    const plane = reshaped(call, "plane", flow, [depth * height, width, channels]);
    if (!call.config.boolean("keepdims", false)) {
      return call.add([plane], { op: "global-pool", kind, keepDims: false }, [channels]);
    }
    const pooled = call.addPart("pooled", [plane], { op: "global-pool", kind, keepDims: false }, [channels]);
    const shape = [1, 1, 1, channels];
    return call.add([pooled], { op: "reshape", shape }, shape, call.isChannelsFirst());
  };
}

/** Conv3D; the kernel is `[depth, height, width, channels, filters]`. */
export const convolution3d: LayerReader = (call) => {
  const { flow, extents, channels } = volumeInput(call);
  const window = convWindow(call, 3);
  const filters = call.config.integer("filters", 1);
  if (call.config.integer("groups", 1, 1) !== 1)
    throw new Unsupported("groups in Conv3D are not supported", "Use groups=1");
  const hasBias = call.config.boolean("use_bias", true);
  const [kernel, bias] = call.weights.take(hasBias ? ["kernel", "bias"] : ["kernel"]);
  const stored = call.weights.shaped("kernel", kernel!, [...window.size, channels, filters]);
  const depthLast = transposeTensor(call.isTheano ? rotateKernel(stored, 3) : stored, [1, 2, 0, 3, 4]);
  const placed = placeWindow(extents, window);
  const [frames = 0, height = 0, width = 0] = placed.extents;
  const slices = depthSlices(
    call,
    flow,
    window.size[0]!,
    window.strides[0]!,
    window.dilations[0]!,
    placed.padding[0]!,
    frames,
  );
  const size = [window.size[1]!, window.size[2]!];
  const frameShape = slices.shape.slice(1);
  const body = call.builder.nested();
  const input = body.addInput("frame", frameShape);
  const result = body.add(
    `${call.name}/slice`,
    call.className,
    [input],
    {
      op: "conv",
      kernel: { shape: [...size, window.size[0]! * channels, filters], data: depthLast.data },
      ...(bias ? { bias: call.weights.shaped("bias", bias, [filters]) } : {}),
      strides: window.strides.slice(1),
      padding: placed.padding.slice(1),
      dilations: window.dilations.slice(1),
      groups: 1,
    },
    [height, width, filters],
  );
  const graph = body.graph(call.name, { format: "keras" }, [result]);
  const shape = [frames, height, width, filters];
  return call.activate(call.add([slices], { op: "time-distributed", body: graph }, shape, call.isChannelsFirst()));
};

/** For each frame of the result, the `size` slices of the input that it reads, side by side as channels. */
function depthSlices(
  call: LayerCall,
  flow: ShapedFlow,
  size: number,
  stride: number,
  dilation: number,
  [before, after]: readonly [number, number],
  frames: number,
): ShapedFlow {
  const [depth = 0, height = 0, width = 0, channels = 0] = flow.shape;
  const padding = [
    [before, after],
    [0, 0],
    [0, 0],
    [0, 0],
  ] as const;
  const isPadded = before + after > 0;
  const source = isPadded
    ? call.addPart("padded", [flow], { op: "pad", padding, value: 0, mode: "constant" }, [
        depth + before + after,
        height,
        width,
        channels,
      ])
    : flow;
  const parts = Array.from({ length: size }, (_, k) => {
    const start = k * dilation;
    const content = {
      op: "slice",
      axes: [0],
      starts: [start],
      ends: [start + (frames - 1) * stride + 1],
      steps: [stride],
    } as const;
    return call.addPart(`depth${k}`, [source], content, [frames, height, width, channels]);
  });
  if (parts.length === 1) return parts[0]!;
  return call.addPart("depths", parts, { op: "concat", axis: 3 }, [frames, height, width, size * channels]);
}

function volumeInput(call: LayerCall) {
  const input = spatialInput(call, 3);
  if (input.extents.includes(-1))
    throw new Unsupported("its input size is open", "Fix the input shape of the model and save it again");
  return input;
}

function inTwoParts(
  call: LayerCall,
  flow: ShapedFlow,
  results: readonly number[],
  channels: number,
  overDepthAndHeight: NodeContent,
  overWidth: NodeContent,
): ShapedFlow {
  const [depth = 0, height = 0, width = 0] = flow.shape;
  const [frames = 0, rows = 0, columns = 0] = results;
  const sheet = reshaped(call, "sheet", flow, [depth, height, width * channels]);
  const first = call.addPart("depth-height", [sheet], overDepthAndHeight, [frames, rows, width * channels]);
  const plane = reshaped(call, "plane", first, [frames * rows, width, channels]);
  const second = call.addPart("width", [plane], overWidth, [frames * rows, columns, channels]);
  const shape = [frames, rows, columns, channels];
  return call.add([second], { op: "reshape", shape }, shape, call.isChannelsFirst());
}

function reshaped(call: LayerCall, part: string, flow: ShapedFlow, shape: readonly number[]): ShapedFlow {
  return call.addPart(part, [flow], { op: "reshape", shape }, shape);
}
