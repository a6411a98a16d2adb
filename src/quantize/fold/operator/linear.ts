import type { ConvNode, DenseNode } from "../../../ann/graph.js";
import { elements, isQuantized } from "../../../support/tensor.js";
import type { Shape3 } from "../../graph.js";
import { blocked } from "../blocked.js";
import { type Builder, open } from "../builder.js";
import type { FoldedTerm } from "../folded.js";
import { asFeatureMap, isWholeMap, type MapPart } from "../layout.js";
import { type Core, featureShape, type LayerCore, type PendingCore, type Value, withCores } from "../value.js";

/** A convolution over two spatial axes in explicit numbers; kernel `[height, width, in / groups, out]`. */
interface Window {
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [top: number, left: number];
  readonly groups: number;
  readonly weights: Float32Array;
}

/** Real value of one integer of the kernel for each output channel, where the file gives integers and one scale a channel. */
function gridOf({ kernel }: DenseNode | ConvNode): Float64Array | undefined {
  if (!isQuantized(kernel)) return undefined;
  const { shape, data } = kernel.grid.scale;
  const outputs = kernel.shape.at(-1)!;
  if (data.length === 1) return new Float64Array(outputs).fill(data[0]!);
  return data.length === outputs && shape.at(-1) === outputs ? Float64Array.from(data) : undefined;
}

/** The grid of a term whose source has a gain: none where channels of the source differ. */
function termGrid(grid: Float64Array | undefined, scale: Float64Array): { grid?: Float64Array } {
  const gain = scale[0]!;
  if (grid === undefined || scale.some((s) => s !== gain)) return {};
  return { grid: grid.map((g) => g * gain) };
}

/** The sum that a dense layer makes: over the whole value, or at each position where the value has several. */
export function denseSum(node: DenseNode, value: Value, builder: Builder): PendingCore {
  const [inputs, outputs] = [node.kernel.shape[0]!, node.kernel.shape[1]!];
  if (elements(value.shape) > inputs) {
    const window: Window = { kernel: [1, 1], stride: [1, 1], padding: [0, 0], groups: 1, weights: node.kernel.data };
    const shape = featureShape([...value.shape.slice(0, -1), outputs]);
    if (shape === undefined) throw layoutBlocked(node);
    return windowSum(node, window, value, shape, builder);
  }
  const settled = builder.settle(value);
  const bias = biasOf(node, outputs);
  const terms = settled.cores.map((core, k): FoldedTerm => {
    const { of, scale, offset } = affineOf(core);
    const channels = of.shape[2];
    const weights = new Float32Array(elements(of.shape) * outputs);
    for (let i = 0; i < inputs; i++) {
      const e = settled.element[i]!;
      if (e < 0 || settled.coreOf[i] !== k) continue;
      for (let o = 0; o < outputs; o++) {
        const weight = node.kernel.data[i * outputs + o]!;
        weights[e * outputs + o]! += weight * scale[e % channels]!;
        bias[o]! += weight * offset[e % channels]!;
      }
    }
    const kernel = [of.shape[0], of.shape[1]] as const;
    const grid = termGrid(gridOf(node), scale);
    return { from: of.name, kernel, stride: [1, 1], padding: [0, 0], groups: 1, weights, isGain: false, ...grid };
  });
  return { kind: "pending", name: node.name, shape: [1, 1, outputs], terms, bias };
}

/** The sum that a convolution over one or two spatial axes makes. */
export function convSum(node: ConvNode, value: Value, shape: readonly number[], builder: Builder): PendingCore {
  const spatial = node.kernel.shape.length - 2;
  const pair = (numbers: readonly number[], missing: number): readonly [number, number] =>
    spatial === 1 ? [missing, numbers[0]!] : [numbers[0]!, numbers[1]!];
  const size = pair(node.kernel.shape, 1);
  const dilation = pair(node.dilations, 1);
  const window: Window = {
    ...dilated(node.kernel.data, size, dilation),
    stride: pair(node.strides, 1),
    padding: pair(
      node.padding.map(([before]) => before),
      0,
    ),
    groups: node.groups,
  };
  return windowSum(node, window, value, featureShape(shape)!, builder);
}

/** A dilated kernel written out, with zeros between its taps. */
function dilated(
  data: Float32Array,
  size: readonly [number, number],
  dilation: readonly [number, number],
): Pick<Window, "kernel" | "weights"> {
  const kernel = [(size[0] - 1) * dilation[0] + 1, (size[1] - 1) * dilation[1] + 1] as const;
  if (dilation[0] === 1 && dilation[1] === 1) return { kernel, weights: data };
  const tap = data.length / (size[0] * size[1]);
  const weights = new Float32Array(kernel[0] * kernel[1] * tap);
  for (let y = 0; y < size[0]; y++) {
    for (let x = 0; x < size[1]; x++) {
      const from = (y * size[1] + x) * tap;
      weights.set(data.subarray(from, from + tap), (y * dilation[0] * kernel[1] + x * dilation[1]) * tap);
    }
  }
  return { kernel, weights };
}

function windowSum(
  node: DenseNode | ConvNode,
  window: Window,
  value: Value,
  shape: Shape3,
  builder: Builder,
): PendingCore {
  const read = withoutBorderOffsets(node, window, builder.settle(value), shape, builder);
  const map = asFeatureMap(read);
  if (map === undefined) throw layoutBlocked(node);
  const outputs = shape[2];
  const bias = biasOf(node, outputs);
  const keepGroups = window.groups === 1 || isWholeMap(map);
  const full = keepGroups ? window : ungrouped(window, map.shape[2], outputs);
  const terms = map.parts.map((part): FoldedTerm => {
    const padding = [full.padding[0] + part.top, full.padding[1] + part.left] as const;
    if (padding[0] >= full.kernel[0] || padding[1] >= full.kernel[1]) {
      throw blocked(
        node,
        `padding ${padding.join("x")}`,
        "less padding than the kernel is large",
        "Pad less before this layer",
      );
    }
    const { of, scale } = affineOf(part.core);
    const weights = partWeights(full, part, map.shape[2], outputs, bias);
    const { kernel, stride, groups } = full;
    const grid = termGrid(gridOf(node), scale);
    return { from: of.name, kernel, stride, padding, groups, weights, isGain: false, ...grid };
  });
  return { kind: "pending", name: node.name, shape, terms, bias };
}

/**
 * Weights `[height, width, core channels / groups, out]` of one part of the map, with the gain of the core; its offset
 * goes into `bias`.
 */
function partWeights(window: Window, part: MapPart, inputs: number, outputs: number, bias: Float64Array): Float32Array {
  const { of, scale, offset } = affineOf(part.core);
  const { kernel, groups, weights: data } = window;
  const inPerGroup = inputs / groups;
  const coreInPerGroup = groups === 1 ? of.shape[2] : inPerGroup;
  const outPerGroup = outputs / groups;
  const weights = new Float32Array(kernel[0] * kernel[1] * coreInPerGroup * outputs);
  for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
    for (let i = 0; i < inPerGroup; i++) {
      for (let o = 0; o < outputs; o++) {
        const channel = part.channels[Math.floor(o / outPerGroup) * inPerGroup + i]!;
        if (channel < 0) continue;
        const weight = data[(tap * inPerGroup + i) * outputs + o]!;
        const row = groups === 1 ? channel : i;
        weights[(tap * coreInPerGroup + row) * outputs + o]! += weight * scale[channel]!;
        bias[o]! += weight * offset[channel]!;
      }
    }
  }
  return weights;
}

/** A grouped kernel as an ungrouped one, zeros between the groups. */
function ungrouped(window: Window, inputs: number, outputs: number): Window {
  const inPerGroup = inputs / window.groups;
  const outPerGroup = outputs / window.groups;
  const taps = window.kernel[0] * window.kernel[1];
  const weights = new Float32Array(taps * inputs * outputs);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < inPerGroup; i++) {
      for (let o = 0; o < outputs; o++) {
        const channel = Math.floor(o / outPerGroup) * inPerGroup + i;
        weights[(tap * inputs + channel) * outputs + o] = window.weights[(tap * inPerGroup + i) * outputs + o]!;
      }
    }
  }
  return { ...window, groups: 1, weights };
}

/**
 * An offset folds into the bias only where no window reaches past the border, where the source model has 0 and not the
 * offset: elsewhere the shifted value becomes a layer of its own.
 */
function withoutBorderOffsets(
  node: DenseNode | ConvNode,
  window: Window,
  value: Value,
  shape: Shape3,
  builder: Builder,
): Value {
  const source = featureShape(value.shape);
  if (source === undefined) throw layoutBlocked(node);
  const past = ([0, 1] as const).some(
    (axis) =>
      window.padding[axis] > 0 ||
      (shape[axis] - 1) * window.stride[axis] - window.padding[axis] + window.kernel[axis] > source[axis],
  );
  if (!past && value.element.every((e) => e >= 0)) return value;
  return withCores(value, (core) =>
    core.kind === "pending" && core.affine!.offset.some((o) => o !== 0) ? builder.materialise(core, open) : core,
  );
}

/** A settled core as gain and offset of a layer. */
export function affineOf(core: Core): { of: LayerCore; scale: Float64Array; offset: Float64Array } {
  if (core.kind === "pending") return core.affine!;
  const channels = core.shape[2];
  return { of: core, scale: new Float64Array(channels).fill(1), offset: new Float64Array(channels) };
}

function biasOf(node: DenseNode | ConvNode, outputs: number): Float64Array {
  return node.bias === undefined ? new Float64Array(outputs) : Float64Array.from(node.bias.data);
}

export function layoutBlocked(node: Parameters<typeof blocked>[0]): Error {
  return blocked(
    node,
    "an input whose pixels and channels are mixed by a reshape, transpose or slice",
    "a feature map in height, width and channel order",
    "Let the layer read a convolution, a pool or the input directly",
    "unsupported-layout",
  );
}
