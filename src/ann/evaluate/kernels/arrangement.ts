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
} from "../../nodes/arrangement.js";
import { sliceRange } from "../../slice-range.js";
import { type Prepare, sameBatch, sampleShape, type Value } from "../kernel.js";

export const prepareReshape: Prepare<ReshapeNode> = (node, { tf }) => {
  return ([x]) => [tf.reshape(x!, [x!.shape[0]!, ...node.shape])];
};

export const prepareTranspose: Prepare<TransposeNode> = (node, { tf }) => {
  const permutation = [0, ...node.permutation.map((axis) => axis + 1)];
  return ([x]) => [tf.transpose(x!, permutation)];
};

/** For each element of a padded axis, the element of the source that it shows. */
function paddedIndices(mode: "reflect" | "edge", extent: number, before: number, after: number): number[] {
  return Array.from({ length: before + extent + after }, (_, at) => {
    const index = at - before;
    if (mode === "edge") return Math.min(extent - 1, Math.max(0, index));
    return index < 0 ? -index : index >= extent ? 2 * (extent - 1) - index : index;
  });
}

export const preparePad: Prepare<PadNode> = (node, { tf }) => {
  const { mode } = node;
  if (mode === "constant") {
    const padding = [[0, 0], ...node.padding.map((pair) => [...pair])] as [number, number][];
    return ([x]) => [tf.pad(x!, padding, node.value)];
  }
  return ([x]) => [
    node.padding.reduce((value: Value, [before, after], axis) => {
      if (before === 0 && after === 0) return value;
      const indices = paddedIndices(mode, value.shape[axis + 1]!, before, after);
      return tf.gather(value, tf.tensor1d(indices, "int32"), axis + 1);
    }, x!),
  ];
};

export const prepareConcat: Prepare<ConcatNode> = (node, { tf }) => {
  return (inputs) => [tf.concat([...sameBatch(tf, inputs)], node.axis + 1)];
};

export const prepareSlice: Prepare<SliceNode> = (node, { tf }) => {
  return ([x]) => [
    node.axes.reduce((value: Value, axis, at) => {
      const extent = value.shape[axis + 1]!;
      const step = node.steps[at]!;
      const { first, count } = sliceRange(extent, node.starts[at]!, node.ends[at]!, step);
      if (count === extent && step === 1) return value;
      if (step !== 1) {
        const indices = Array.from({ length: count }, (_, index) => first + index * step);
        return tf.gather(value, tf.tensor1d(indices, "int32"), axis + 1);
      }
      const begin = value.shape.map((_, other) => (other === axis + 1 ? first : 0));
      return tf.slice(
        value,
        begin,
        value.shape.map((size, other) => (other === axis + 1 ? count : size)),
      );
    }, x!),
  ];
};

export const prepareSplit: Prepare<SplitNode> = (node, { tf }) => {
  return ([x]) => tf.split(x!, [...node.sizes], node.axis + 1);
};

export const prepareGather: Prepare<GatherNode> = (node, { tf }) => {
  return ([x]) => {
    const extent = x!.shape[node.axis + 1]!;
    const indices = Int32Array.from(node.indices.data, (index) => (index < 0 ? index + extent : index));
    const taken = tf.gather(x!, tf.tensor1d(indices, "int32"), node.axis + 1);
    const shape = [...x!.shape.slice(0, node.axis + 1), ...node.indices.shape, ...x!.shape.slice(node.axis + 2)];
    return [tf.reshape(taken, shape)];
  };
};

export const prepareExpand: Prepare<ExpandNode> = (node, { tf }) => {
  return ([x]) => {
    const shape = sampleShape(x!);
    const rank = Math.max(shape.length, node.shape.length);
    const own = [...Array<number>(rank - shape.length).fill(1), ...shape];
    const wanted = [...Array<number>(rank - node.shape.length).fill(1), ...node.shape];
    const repeats = own.map((extent, axis) => (extent === 1 ? wanted[axis]! : 1));
    return [tf.tile(tf.reshape(x!, [x!.shape[0]!, ...own]), [1, ...repeats])];
  };
};

export const prepareTile: Prepare<TileNode> = (node, { tf }) => {
  return ([x]) => [tf.tile(x!, [1, ...node.repeats])];
};
