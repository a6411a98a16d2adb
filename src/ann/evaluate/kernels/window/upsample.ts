import type { UpsampleNode } from "../../../nodes/pool.js";
import type { Prepare, Value } from "../../kernel.js";
import type { Tensorflow } from "../../tensorflow.js";

/** Coordinate in the source that output index `index` reads at, held inside `0..extent - 1`. */
function coordinate(node: UpsampleNode, index: number, extent: number, result: number, scale: number): number {
  const at = {
    asymmetric: index / scale,
    "half-pixel": (index + 0.5) / scale - 0.5,
    "pytorch-half-pixel": result > 1 ? (index + 0.5) / scale - 0.5 : 0,
    "align-corners": result > 1 ? (index * (extent - 1)) / (result - 1) : 0,
  }[node.coordinates];
  return Math.min(extent - 1, Math.max(0, at));
}

function nearest(rounding: UpsampleNode["rounding"], at: number): number {
  switch (rounding) {
    case "floor":
      return Math.floor(at);
    case "ceil":
      return Math.ceil(at);
    case "half-down":
      return Math.ceil(at - 0.5);
    case "half-up":
      return Math.floor(at + 0.5);
  }
}

/** Resizes one axis (of the value with batch axis). */
function resize(tf: Tensorflow, node: UpsampleNode, x: Value, axis: number, scale: number): Value {
  const extent = x.shape[axis]!;
  const result = Math.floor(extent * scale);
  const at = Array.from({ length: result }, (_, index) => coordinate(node, index, extent, result, scale));
  const take = (indices: number[]): Value => tf.gather(x, tf.tensor1d(indices, "int32"), axis);
  if (node.mode === "nearest") return take(at.map((where) => nearest(node.rounding, where)));
  const lower = take(at.map(Math.floor));
  const upper = take(at.map((where) => Math.min(extent - 1, Math.floor(where) + 1)));
  const shape = x.shape.map((_, other) => (other === axis ? result : 1));
  const share = tf.tensor(
    at.map((where) => where - Math.floor(where)),
    shape,
    "float32",
  );
  return tf.add(lower, tf.mul(tf.sub(upper, lower), share));
}

export const prepareUpsample: Prepare<UpsampleNode> = (node, { tf }) => {
  return ([x]) => [
    node.scales.reduce(
      (value: Value, scale, axis) => (scale === 1 ? value : resize(tf, node, value, axis + 1, scale)),
      x!,
    ),
  ];
};
