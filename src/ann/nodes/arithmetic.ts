import type { Tensor } from "../../support/tensor.js";
import type { NodeBase } from "./base.js";

/**
 * Elementwise with broadcasting (NumPy rules on batchless shapes); two or more inputs, or one input and a `constant`
 * (second operand unless `constantFirst`). Subtract, divide, power and modulo take exactly two operands; modulo has the
 * sign of the divisor.
 */
export interface ElementwiseNode extends NodeBase {
  readonly op: "elementwise";
  readonly kind: "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum" | "average" | "power" | "modulo";
  readonly constant?: Tensor;
  readonly constantFirst?: boolean;
}

/** 1 where the relation of two operands holds, else 0; operands as for `ElementwiseNode`. */
export interface CompareNode extends NodeBase {
  readonly op: "compare";
  readonly kind: "equal" | "greater" | "greater-equal" | "less" | "less-equal";
  readonly constant?: Tensor;
  readonly constantFirst?: boolean;
}

/** Inputs: condition, then, otherwise; broadcasting. A condition holds where it is not 0. */
export interface WhereNode extends NodeBase {
  readonly op: "where";
}

/** Folds `axes` (not negative, no axis twice) to one number each; `l1` is the sum of magnitudes, `l2` the root of the sum of squares. */
export interface ReduceNode extends NodeBase {
  readonly op: "reduce";
  readonly kind: "mean" | "sum" | "max" | "min" | "product" | "l1" | "l2" | "sum-square" | "log-sum-exp";
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Index of the largest (`max`) or smallest (`min`) element of `axis`, the first one of equals. */
export interface ArgNode extends NodeBase {
  readonly op: "arg";
  readonly kind: "max" | "min";
  readonly axis: number;
  readonly keepDims: boolean;
}
