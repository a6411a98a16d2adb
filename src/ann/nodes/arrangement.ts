import type { Tensor } from "../../support/tensor.js";
import type { NodeBase, Padding } from "./base.js";

/**
 * Row-major reinterpretation; flatten, squeeze and unsqueeze are reshapes. At most one extent of `shape` is -1: it
 * follows from the others (give it where the value has an open extent).
 */
export interface ReshapeNode extends NodeBase {
  readonly op: "reshape";
  readonly shape: readonly number[];
}

/** `y.shape[k] = x.shape[permutation[k]]`. */
export interface TransposeNode extends NodeBase {
  readonly op: "transpose";
  readonly permutation: readonly number[];
}

/** One pair an axis of the batchless shape. `reflect` mirrors without repeating the border, `edge` repeats it. */
export interface PadNode extends NodeBase {
  readonly op: "pad";
  readonly padding: Padding;
  /** Constant mode only. */
  readonly value: number;
  readonly mode: "constant" | "reflect" | "edge";
}

/** Joins values along `axis`. */
export interface ConcatNode extends NodeBase {
  readonly op: "concat";
  readonly axis: number;
}

/**
 * `x[start : end : step]` of each of `axes`. Negative starts and ends count from the end of the axis, and what lies
 * outside is held inside, as in ONNX and NumPy. Steps may be negative: `start: -1, end: -2^31, step: -1` reverses an axis.
 * Cropping is a slice.
 */
export interface SliceNode extends NodeBase {
  readonly op: "slice";
  readonly axes: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly steps: readonly number[];
}

/** Cuts `axis` into runs of `sizes`; one output a run. */
export interface SplitNode extends NodeBase {
  readonly op: "split";
  readonly axis: number;
  readonly sizes: readonly number[];
}

/** `y = x.take(indices, axis)`: the shape of `indices` replaces `axis`. Negative indices count from the end. */
export interface GatherNode extends NodeBase {
  readonly op: "gather";
  readonly axis: number;
  readonly indices: Tensor;
}

/** Broadcasts (NumPy rules) to `shape`. An extent of 1 in `shape` keeps a larger extent of the value, as in ONNX. */
export interface ExpandNode extends NodeBase {
  readonly op: "expand";
  readonly shape: readonly number[];
}

/** Repeats the whole value along each axis; one number an axis of the batchless shape. */
export interface TileNode extends NodeBase {
  readonly op: "tile";
  readonly repeats: readonly number[];
}
