import { mismatch, showShape } from "../finding.js";
import type {
  ConcatNode,
  ExpandNode,
  GatherNode,
  PadNode,
  ReshapeNode,
  SliceNode,
  SplitNode,
  TileNode,
  TransposeNode,
} from "../nodes/arrangement.js";
import type { NodeBase } from "../nodes/base.js";
import { sliceRange } from "../slice-range.js";
import { agree, agreeShapes, broadcast, knownElements, OPEN, type Shape, type ShapeRule } from "./extent.js";

/** Every axis that a node names must be there. */
export function requireAxes(node: NodeBase, x: Shape, axes: readonly number[]): void {
  const missing = axes.find((axis) => axis >= x.length);
  if (missing !== undefined) throw mismatch(node, `axis ${missing} of ${showShape(x)}`, `an axis below ${x.length}`);
}

export const reshapeShape: ShapeRule<ReshapeNode> = (node, [x]) => {
  const elements = knownElements(x!);
  const given = node.shape.filter((extent) => extent !== OPEN).reduce((product, extent) => product * extent, 1);
  if (elements === undefined) return [node.shape];
  const fits = node.shape.includes(OPEN) ? elements % given === 0 : elements === given;
  if (!fits) throw mismatch(node, `input ${showShape(x!)}`, `the element count of ${showShape(node.shape)}`);
  return [node.shape.map((extent) => (extent === OPEN ? elements / given : extent))];
};

export const transposeShape: ShapeRule<TransposeNode> = (node, [x]) => {
  if (node.permutation.length !== x!.length) {
    throw mismatch(node, `permutation ${showShape(node.permutation)} of ${showShape(x!)}`, "one entry an axis");
  }
  return [node.permutation.map((axis) => x![axis]!)];
};

export const padShape: ShapeRule<PadNode> = (node, [x]) => {
  if (node.padding.length !== x!.length) {
    throw mismatch(node, `${node.padding.length} pairs of padding for ${showShape(x!)}`, "one pair an axis");
  }
  return [
    x!.map((extent, axis) => {
      const [before, after] = node.padding[axis]!;
      if (extent === OPEN) return OPEN;
      if (node.mode === "reflect" && Math.max(before, after) >= extent) {
        throw mismatch(node, `padding ${Math.max(before, after)} of axis ${axis}`, `less than its ${extent} elements`);
      }
      return extent + before + after;
    }),
  ];
};

export const concatShape: ShapeRule<ConcatNode> = (node, inputs) => {
  requireAxes(node, inputs[0]!, [node.axis]);
  const open = (shape: Shape): Shape => shape.map((extent, axis) => (axis === node.axis ? OPEN : extent));
  let shape: Shape = open(inputs[0]!);
  for (const input of inputs) {
    const agreed = agreeShapes(shape, open(input));
    if (!agreed)
      throw mismatch(node, `inputs ${inputs.map(showShape).join(", ")}`, `equal shapes but axis ${node.axis}`);
    shape = agreed;
  }
  const joined = inputs.map((input) => input[node.axis]!);
  const extent = joined.includes(OPEN) ? OPEN : joined.reduce((sum, size) => sum + size, 0);
  return [shape.map((size, axis) => (axis === node.axis ? extent : size))];
};

/** An open axis gives an open extent, except where the count is the same for every length (the last frame). */
function sliceExtent(node: SliceNode, extent: number, at: number): number {
  const count = (length: number): number => sliceRange(length, node.starts[at]!, node.ends[at]!, node.steps[at]!).count;
  if (extent !== OPEN) return count(extent);
  const long = 2 ** 30;
  const counts = [count(1), count(2), count(long), count(long + 1)];
  return counts.every((value) => value === counts[0]) ? counts[0]! : OPEN;
}

export const sliceShape: ShapeRule<SliceNode> = (node, [x]) => {
  requireAxes(node, x!, node.axes);
  const shape = x!.map((extent, axis) => {
    const at = node.axes.indexOf(axis);
    return at < 0 ? extent : sliceExtent(node, extent, at);
  });
  if (shape.includes(0))
    throw mismatch(node, `result ${showShape(shape)} of ${showShape(x!)}`, "a slice that is not empty");
  return [shape];
};

export const splitShape: ShapeRule<SplitNode> = (node, [x]) => {
  requireAxes(node, x!, [node.axis]);
  const total = node.sizes.reduce((sum, size) => sum + size, 0);
  if (agree(x![node.axis]!, total) === undefined) {
    throw mismatch(node, `axis ${node.axis} of ${showShape(x!)}`, `${total} elements (the sum of its parts)`);
  }
  return node.sizes.map((size) => x!.map((extent, axis) => (axis === node.axis ? size : extent)));
};

export const gatherShape: ShapeRule<GatherNode> = (node, [x]) => {
  requireAxes(node, x!, [node.axis]);
  const extent = x![node.axis]!;
  if (extent !== OPEN) {
    const outside = node.indices.data.find((index) => index < -extent || index >= extent);
    if (outside !== undefined) throw mismatch(node, `index ${outside}`, `-${extent}..${extent - 1}`);
  }
  return [[...x!.slice(0, node.axis), ...node.indices.shape, ...x!.slice(node.axis + 1)]];
};

export const expandShape: ShapeRule<ExpandNode> = (node, [x]) => {
  const shape = broadcast(x!, node.shape);
  if (!shape) throw mismatch(node, `input ${showShape(x!)}`, `a shape that broadcasts with ${showShape(node.shape)}`);
  return [shape];
};

export const tileShape: ShapeRule<TileNode> = (node, [x]) => {
  if (node.repeats.length !== x!.length) {
    throw mismatch(node, `${node.repeats.length} repeats for ${showShape(x!)}`, "one an axis");
  }
  return [x!.map((extent, axis) => (extent === OPEN ? OPEN : extent * node.repeats[axis]!))];
};
