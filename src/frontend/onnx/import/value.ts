import type { Constant } from "../constant/constant.js";
import type { ElementType } from "../proto/element-type.js";
import type { Refused } from "../refusal.js";

/**
 * A value that depends on the input of the network.
 *
 * `shape` is the shape that ONNX gives it for one sample: the batch axis is there with 1 element, an open extent is -1.
 * The graph holds it under the name `stored` with the axes `axes`, in that order: stored axis `k` is axis `axes[k]` of
 * `shape`. Axes that are not stored have 1 element; the batch axis is one of them. So a transposition, a squeeze and the
 * removal of the batch axis need no node.
 */
export interface Runtime {
  readonly kind: "runtime";
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly axes: readonly number[];
  readonly stored: string;
}

/** A value about which nothing is known, because the node that makes it is not supported. */
export interface Unknown {
  readonly kind: "unknown";
  /** Name of that node, or of the graph input of a type that is not read. */
  readonly origin: string;
  /** Why it cannot be read, where it is a tensor of the file or an input. */
  readonly refused?: Refused;
}

export type Value = Constant | Runtime | Unknown;

/** The value with its axes in another order; no data moves. */
export function transposeView(value: Runtime, permutation: readonly number[]): Runtime {
  return {
    ...value,
    shape: permutation.map((axis) => value.shape[axis]!),
    axes: value.axes.map((axis) => permutation.indexOf(axis)),
  };
}

/**
 * The value seen with a shape that differs from its own in axes of one element only, or undefined where it differs in
 * more. Axes of one element that are stored stay stored where the result has an axis of one element in that place.
 */
export function unitView(value: Runtime, shape: readonly number[]): Runtime | undefined {
  const solid = (extents: readonly number[]) => extents.flatMap((extent, axis) => (extent === 1 ? [] : [axis]));
  const before = solid(value.shape);
  const after = solid(shape);
  const same = before.length === after.length && before.every((axis, k) => value.shape[axis] === shape[after[k]!]);
  if (!same || value.axes.some((axis) => value.shape[axis] === 1)) return undefined;
  return { ...value, shape, axes: value.axes.map((axis) => after[before.indexOf(axis)]!) };
}
