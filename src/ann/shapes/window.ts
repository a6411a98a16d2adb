import { mismatch, showShape } from "../finding.js";
import { MAX_ELEMENTS } from "../legality/limits.js";
import type { NodeBase, Padding } from "../nodes/base.js";
import type { ConvNode, ConvTransposeNode } from "../nodes/linear.js";
import type { GlobalPoolNode, PoolNode, UpsampleNode } from "../nodes/pool.js";
import { agree, OPEN, type Shape, type ShapeRule } from "./extent.js";

interface Window {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Padding;
}

/** Spatial extents after a window moved over `x`. */
function windowed(node: NodeBase, x: Shape, window: Window): number[] {
  const padded = window.size.map((_, axis) =>
    x[axis] === OPEN ? OPEN : x[axis]! + window.padding[axis]![0] + window.padding[axis]![1],
  );
  if (padded.reduce((product, extent) => product * Math.abs(extent), x.at(-1)!) > MAX_ELEMENTS) {
    throw mismatch(node, `padded input ${showShape(padded)}`, `at most ${MAX_ELEMENTS} elements`, "size-too-large");
  }
  return window.size.map((size, axis) => {
    if (padded[axis] === OPEN) return OPEN;
    const reach = (size - 1) * window.dilations[axis]! + 1;
    if (padded[axis]! < reach) {
      throw mismatch(node, `padded input ${showShape(padded)}`, `at least ${reach} elements on spatial axis ${axis}`);
    }
    return Math.floor((padded[axis]! - reach) / window.strides[axis]!) + 1;
  });
}

function requireRank(node: NodeBase, x: Shape, spatial: number): void {
  if (x.length !== spatial + 1) {
    throw mismatch(node, `input ${showShape(x)}`, `${spatial} spatial axes and channels`);
  }
}

function requireChannels(node: NodeBase, x: Shape, channels: number): void {
  if (agree(x.at(-1)!, channels) === undefined) {
    throw mismatch(node, `input ${showShape(x)}`, `${channels} channels (from the kernel and groups)`);
  }
}

export const convShape: ShapeRule<ConvNode> = (node, [x]) => {
  const size = node.kernel.shape.slice(0, -2);
  requireRank(node, x!, size.length);
  requireChannels(node, x!, node.kernel.shape.at(-2)! * node.groups);
  return [[...windowed(node, x!, { ...node, size }), node.kernel.shape.at(-1)!]];
};

export const convTransposeShape: ShapeRule<ConvTransposeNode> = (node, [x]) => {
  const size = node.kernel.shape.slice(0, -2);
  requireRank(node, x!, size.length);
  requireChannels(node, x!, node.kernel.shape.at(-1)!);
  const spatial = size.map((width, axis) => {
    if (x![axis] === OPEN) return OPEN;
    const full = (x![axis]! - 1) * node.strides[axis]! + (width - 1) * node.dilations[axis]! + 1;
    const extent = full - node.padding[axis]![0] - node.padding[axis]![1] + node.outputPadding[axis]!;
    if (extent < 1) {
      throw mismatch(node, `extent ${extent} on spatial axis ${axis}`, "at least 1 (smaller padding)");
    }
    return extent;
  });
  return [[...spatial, node.kernel.shape.at(-2)! * node.groups]];
};

export const poolShape: ShapeRule<PoolNode> = (node, [x]) => {
  requireRank(node, x!, node.size.length);
  const dilations = node.dilations ?? node.size.map(() => 1);
  return [[...windowed(node, x!, { ...node, dilations }), x!.at(-1)!]];
};

export const globalPoolShape: ShapeRule<GlobalPoolNode> = (node, [x]) => {
  if (x!.length < 2) throw mismatch(node, `input ${showShape(x!)}`, "at least one spatial axis and channels");
  return [node.keepDims ? x!.map((extent, axis) => (axis === x!.length - 1 ? extent : 1)) : [x!.at(-1)!]];
};

export const upsampleShape: ShapeRule<UpsampleNode> = (node, [x]) => {
  requireRank(node, x!, node.scales.length);
  const spatial = node.scales.map((scale, axis) => (x![axis] === OPEN ? OPEN : Math.floor(x![axis]! * scale)));
  if (spatial.includes(0)) throw mismatch(node, `result ${showShape(spatial)}`, "at least one element an axis");
  return [[...spatial, x!.at(-1)!]];
};
