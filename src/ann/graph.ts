import type { ActivationNode, SoftmaxNode } from "./nodes/activation.js";
import type { ArgNode, CompareNode, ElementwiseNode, ReduceNode, WhereNode } from "./nodes/arithmetic.js";
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
} from "./nodes/arrangement.js";
import type { ConstantNode, IdentityNode, NodeBase, UnsupportedNode } from "./nodes/base.js";
import type { ConvNode, ConvTransposeNode, DenseNode, EmbeddingNode, MatmulNode } from "./nodes/linear.js";
import type { BatchNormNode, GroupNormNode, LayerNormNode, LocalResponseNormNode } from "./nodes/normalization.js";
import type { GlobalPoolNode, PoolNode, UpsampleNode } from "./nodes/pool.js";
import type { RecurrentNode } from "./nodes/recurrent.js";
import type { BipolarQuantNode, MultiThresholdNode, QuantNode } from "./nodes/staircase.js";

export type * from "./nodes/activation.js";
export type * from "./nodes/arithmetic.js";
export type * from "./nodes/arrangement.js";
export type * from "./nodes/base.js";
export type * from "./nodes/linear.js";
export type * from "./nodes/normalization.js";
export type * from "./nodes/pool.js";
export type * from "./nodes/recurrent.js";
export type * from "./nodes/staircase.js";

/**
 * A trained network in float: the common form of every frontend.
 *
 * Values are named; a node makes exactly one value per name in `outputs`. `nodes` are in topological order. Shapes
 * have no batch axis, and axes are numbered without it, from 0, never negative. Convolutions and pools work on
 * channels-last values: `[length, channels]` or `[height, width, channels]`. A frontend of a channels-first format puts
 * `transpose` nodes around them (and leaves out pairs that cancel), so that the meaning of a following flatten is
 * explicit. Booleans are 0 and 1, integers are whole floats.
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

/**
 * Applies `body` to every element of the first axis: inputs `[time, ...frame]`, one for each input of the body (whose
 * shapes are those of a frame); outputs `[time, ...]`, one for each output of the body. All inputs have the same `time`.
 */
export interface TimeDistributedNode extends NodeBase {
  readonly op: "time-distributed";
  readonly body: AnnGraph;
}

export type AnnNode =
  | DenseNode
  | ConvNode
  | ConvTransposeNode
  | MatmulNode
  | EmbeddingNode
  | BatchNormNode
  | LayerNormNode
  | GroupNormNode
  | LocalResponseNormNode
  | ActivationNode
  | SoftmaxNode
  | PoolNode
  | GlobalPoolNode
  | UpsampleNode
  | ReshapeNode
  | TransposeNode
  | PadNode
  | ConcatNode
  | SliceNode
  | SplitNode
  | GatherNode
  | ExpandNode
  | TileNode
  | ElementwiseNode
  | CompareNode
  | WhereNode
  | ReduceNode
  | ArgNode
  | QuantNode
  | BipolarQuantNode
  | MultiThresholdNode
  | RecurrentNode
  | TimeDistributedNode
  | ConstantNode
  | IdentityNode
  | UnsupportedNode;
