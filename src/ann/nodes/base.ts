import type { Tensor } from "../../support/tensor.js";

/** What every node has. */
export interface NodeBase {
  /** Layer name of the source model; unique in the graph. */
  readonly name: string;
  /** Operator name in the source format, e.g. `Conv2D`; for the conversion ledger. */
  readonly sourceOp: string;
  /** Names of values of the graph, or of earlier nodes. */
  readonly inputs: readonly string[];
  /** Names of the values this node makes. */
  readonly outputs: readonly string[];
}

/** Before and after each axis, e.g. `[[top, bottom], [left, right]]`. Always explicit numbers. */
export type Padding = readonly (readonly [before: number, after: number])[];

/** A value that the file holds: a node without inputs. Readers prefer parameters of nodes where there are any. */
export interface ConstantNode extends NodeBase {
  readonly op: "constant";
  readonly value: Tensor;
}

/** Nothing at inference: dropout, noise, input layers, casts to float. Kept so that the ledger accounts for it. */
export interface IdentityNode extends NodeBase {
  readonly op: "identity";
}

/**
 * An operator that the reader understands as text only. `inspect` shows it, `check` lists it as a blocker; it cannot be
 * evaluated. Its results have unknown shape.
 */
export interface UnsupportedNode extends NodeBase {
  readonly op: "unsupported";
  readonly reason: string;
  readonly hint: string;
}
