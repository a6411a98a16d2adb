import type { AnnNode } from "../../../ann/graph.js";
import { sliceRange } from "../../../ann/slice-range.js";
import { concatenated, rearranged, reshaped, type Value } from "../value.js";

export type ArrangementNode = Extract<
  AnnNode,
  { op: "reshape" | "transpose" | "pad" | "concat" | "slice" | "split" | "gather" | "expand" | "tile" }
>;

/** Whether an operator only moves elements. */
export function isArrangement(node: AnnNode): node is ArrangementNode {
  return ["reshape", "transpose", "pad", "concat", "slice", "split", "gather", "expand", "tile"].includes(node.op);
}

/**
 * Values that an operator makes by moving elements (and padding with 0): index permutations that the following weights
 * take up.
 *
 * @param shapes Shapes of the outputs.
 */
export function arranged(
  node: ArrangementNode,
  values: readonly Value[],
  shapes: readonly (readonly number[])[],
): readonly Value[] {
  const [value] = values;
  const [shape] = shapes;
  if (node.op === "reshape") return [reshaped(value!, shape!)];
  if (node.op === "concat") return [concatenated(values, node.axis, shape!)];
  if (node.op === "split") {
    let start = 0;
    return shapes.map((part, k) => {
      const first = start;
      start += node.sizes[k]!;
      return moved(value!, part, (index) => index.map((i, axis) => (axis === node.axis ? i + first : i)));
    });
  }
  return [moved(value!, shape!, sourceIndex(node, value!.shape))];
}

/** For an index of the result the index of the source; outside of the source stands for 0. */
function sourceIndex(
  node: Exclude<ArrangementNode, { op: "reshape" | "concat" | "split" }>,
  source: readonly number[],
): (index: readonly number[]) => readonly number[] {
  switch (node.op) {
    case "transpose":
      return (index) => source.map((_, axis) => index[node.permutation.indexOf(axis)]!);
    case "pad":
      return (index) => index.map((i, axis) => i - node.padding[axis]![0]);
    case "slice":
      return (index) =>
        index.map((i, axis) => {
          const k = node.axes.indexOf(axis);
          if (k < 0) return i;
          const { first } = sliceRange(source[axis]!, node.starts[k]!, node.ends[k]!, node.steps[k]!);
          return first + i * node.steps[k]!;
        });
    case "gather": {
      const rank = node.indices.shape.length;
      const { axis } = node;
      return (index) => {
        const at = index.slice(axis, axis + rank).reduce((sum, i, k) => sum * node.indices.shape[k]! + i, 0);
        const taken = node.indices.data[at]!;
        return [...index.slice(0, axis), taken < 0 ? taken + source[axis]! : taken, ...index.slice(axis + rank)];
      };
    }
    case "expand":
      return (index) => index.slice(index.length - source.length).map((i, axis) => (source[axis] === 1 ? 0 : i));
    case "tile":
      return (index) => index.map((i, axis) => i % source[axis]!);
  }
}

function moved(value: Value, shape: readonly number[], source: (index: readonly number[]) => readonly number[]): Value {
  return rearranged(value, shape, (i) => {
    const index: number[] = [];
    for (let axis = shape.length - 1, rest = i; axis >= 0; axis--) {
      index.unshift(rest % shape[axis]!);
      rest = Math.floor(rest / shape[axis]!);
    }
    let at = 0;
    const from = source(index);
    for (let axis = 0; axis < value.shape.length; axis++) {
      if (from[axis]! < 0 || from[axis]! >= value.shape[axis]!) return -1;
      at = at * value.shape[axis]! + from[axis]!;
    }
    return at;
  });
}
