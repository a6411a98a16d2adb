import type { Attributes } from "../attributes.js";
import type { Constant, Workspace } from "../constant/constant.js";
import type { TensorRecord } from "../proto/model.js";

/** A node all of whose inputs are constants. */
export interface FoldCall {
  readonly inputs: readonly (Constant | undefined)[];
  readonly attributes: Attributes;
  /** Version of the operator set of the node's domain. */
  readonly version: number;
  /** Number of declared outputs. */
  readonly outputs: number;
  readonly workspace: Workspace;
  /** Reads the numbers of a tensor attribute. */
  readonly payload: (record: TensorRecord) => Constant;
}

/** Evaluates a node; refuses what it cannot. */
export type Fold = (call: FoldCall) => readonly Constant[];
