import type { Tensor } from "../support/tensor.js";

/**
 * A trained network in float: the common form of every frontend.
 *
 * Values are named; a node makes exactly one value per name in `outputs`. `nodes` are in topological order. Shapes
 * have no batch axis. Convolutions and pools work on channels-last values: `[length, channels]` or
 * `[height, width, channels]`. A frontend of a channels-first format puts `transpose` nodes around them (and leaves out
 * pairs that cancel), so that the meaning of a following flatten is explicit.
 */
export interface AnnGraph {
  readonly name: string;
  readonly source: ModelSource;
  readonly inputs: readonly AnnValue[];
  readonly nodes: readonly AnnNode[];
  /** Names of the values that are the result of the network. */
  readonly outputs: readonly string[];
}

/** Where a graph came from; printed by `inspect` and kept in the manifest. */
export interface ModelSource {
  /** e.g. `keras-h5`, `tfjs-layers`, `onnx`, `nir`. */
  readonly format: string;
  /** Producer and version as the file states it, e.g. `keras 2.0.4 (theano)`. */
  readonly producer?: string;
  readonly file?: string;
}

/** A named value with its shape (no batch axis). `-1` stands for an extent that the file leaves open (sequence length). */
export interface AnnValue {
  readonly name: string;
  readonly shape: readonly number[];
}

interface NodeBase {
  /** Layer name of the source model; unique in the graph. */
  readonly name: string;
  /** Operator name in the source format, e.g. `Conv2D`; for the conversion ledger. */
  readonly sourceOp: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Zero padding before and after each spatial axis, e.g. `[[top, bottom], [left, right]]`. Always explicit numbers. */
export type Padding = readonly (readonly [before: number, after: number])[];

/** `y[o] = sum_i x[i] * kernel[i, o] + bias[o]` over the last axis; kernel shape `[in, out]`. */
export interface DenseNode extends NodeBase {
  readonly op: "dense";
  readonly kernel: Tensor;
  readonly bias?: Tensor;
}

/**
 * Convolution (cross-correlation) over 1 or 2 spatial axes, channels last. Kernel shape `[...spatial, in / groups, out]`.
 * Depthwise: `groups` = input channels; output channel `o` reads input channel `floor(o / (out / groups))`.
 */
export interface ConvNode extends NodeBase {
  readonly op: "conv";
  readonly kernel: Tensor;
  readonly bias?: Tensor;
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dilations: readonly number[];
  readonly groups: number;
}

/** Transposed convolution; kernel shape `[...spatial, out / groups, in]`, `padding` crops the full result. */
export interface ConvTransposeNode extends NodeBase {
  readonly op: "conv-transpose";
  readonly kernel: Tensor;
  readonly bias?: Tensor;
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly outputPadding: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
}

/** `y = scale * (x - mean) / sqrt(variance + epsilon) + offset`, per channel of the last axis. */
export interface BatchNormNode extends NodeBase {
  readonly op: "batch-norm";
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly scale?: Tensor;
  readonly offset?: Tensor;
  readonly epsilon: number;
}

/** Elementwise functions of one value. Parameters that a function does not use are absent. */
export interface ActivationNode extends NodeBase {
  readonly op: "activation";
  readonly function: ActivationFunction;
}

export type ActivationFunction =
  /** `slope*(x - threshold)` below `threshold`, else `min(x, maxValue)`. Plain ReLU: slope 0, threshold 0. */
  | { readonly kind: "relu"; readonly maxValue?: number; readonly negativeSlope: number; readonly threshold: number }
  | { readonly kind: "prelu"; readonly slope: Tensor }
  | { readonly kind: "clip"; readonly min: number; readonly max: number }
  /** `clip(slope * x + offset, 0, 1)`: 0.2 and 0.5 in Keras 1 and 2 and tfjs, 1/6 and 0.5 in Keras 3. */
  | { readonly kind: "hard-sigmoid"; readonly slope: number; readonly offset: number }
  | { readonly kind: "elu"; readonly alpha: number }
  | { readonly kind: "selu"; readonly alpha: number; readonly scale: number }
  | { readonly kind: "celu"; readonly alpha: number }
  | { readonly kind: "thresholded-relu"; readonly threshold: number }
  | { readonly kind: "hard-swish" | "linear" | "sigmoid" | "tanh" | "softplus" | "softsign" | "exp" | "swish" | "gelu" | "mish" | "log-sigmoid" }
  | { readonly kind: "abs" | "neg" | "sqrt" | "log" | "floor" | "ceil" | "round" | "sign" | "reciprocal" | "erf" | "sin" | "cos" };

/** Softmax over `axis` (of the batchless shape). */
export interface SoftmaxNode extends NodeBase {
  readonly op: "softmax";
  readonly axis: number;
  readonly log: boolean;
}

/** Pooling over the spatial axes, channels last. */
export interface PoolNode extends NodeBase {
  readonly op: "pool";
  readonly kind: "max" | "average";
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  /** Average only: padded cells count in the divisor. */
  readonly includePadding: boolean;
}

/** Pooling over all spatial axes; result shape `[channels]`, or with extents of 1 when `keepDims`. */
export interface GlobalPoolNode extends NodeBase {
  readonly op: "global-pool";
  readonly kind: "max" | "average";
  readonly keepDims: boolean;
}

/** Row-major reinterpretation; flatten is a reshape to one axis. */
export interface ReshapeNode extends NodeBase {
  readonly op: "reshape";
  readonly shape: readonly number[];
}

/** `y.shape[k] = x.shape[permutation[k]]`. */
export interface TransposeNode extends NodeBase {
  readonly op: "transpose";
  readonly permutation: readonly number[];
}

/** Constant padding; one pair an axis of the batchless shape. */
export interface PadNode extends NodeBase {
  readonly op: "pad";
  readonly padding: Padding;
  readonly value: number;
  readonly mode: "constant" | "reflect" | "edge";
}

/** Elementwise with broadcasting; two or more inputs, or one input and a `constant` (second operand unless `constantFirst`). */
export interface ElementwiseNode extends NodeBase {
  readonly op: "elementwise";
  readonly kind: "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum" | "average" | "power";
  readonly constant?: Tensor;
  readonly constantFirst?: boolean;
}

/** Joins values along `axis`. */
export interface ConcatNode extends NodeBase {
  readonly op: "concat";
  readonly axis: number;
}

/** Nothing at inference: dropout, noise, input layers, casts. Kept so that the ledger accounts for it. */
export interface IdentityNode extends NodeBase {
  readonly op: "identity";
}

/**
 * An operator that the reader understands as text only. `inspect` shows it, `check` lists it as a blocker; it cannot be
 * evaluated.
 */
export interface UnsupportedNode extends NodeBase {
  readonly op: "unsupported";
  readonly reason: string;
  readonly hint: string;
}

export type AnnNode =
  | DenseNode
  | ConvNode
  | ConvTransposeNode
  | BatchNormNode
  | ActivationNode
  | SoftmaxNode
  | PoolNode
  | GlobalPoolNode
  | ReshapeNode
  | TransposeNode
  | PadNode
  | ElementwiseNode
  | ConcatNode
  | IdentityNode
  | UnsupportedNode;
