import type { AnnNode, BatchNormNode, ElementwiseNode } from "../../../ann/graph.js";
import type { Tensor } from "../../../support/tensor.js";
import { elements } from "../../../support/tensor.js";
import { blocked } from "../blocked.js";
import type { Builder } from "../builder.js";
import type { Value } from "../value.js";
import { added } from "./add.js";
import { scaledAndShifted } from "./affine.js";

/** Folds a batch normalisation into the sums behind its input. */
export function normalised(node: BatchNormNode, value: Value, builder: Builder): Value {
  const channels = value.shape.at(-1)!;
  const scale = node.mean.data.map(
    (_, c) => (node.scale?.data[c] ?? 1) / Math.sqrt(node.variance.data[c]! + node.epsilon),
  );
  const factor = Float64Array.from(
    node.mean.data,
    (_, c) => (node.scale?.data[c] ?? 1) / Math.sqrt(node.variance.data[c]! + node.epsilon),
  );
  if (scale.some((s) => !Number.isFinite(s))) {
    throw blocked(
      node,
      "a variance that makes the scale infinite",
      "variance + epsilon above 0",
      "Train the layer again",
      "non-finite-weight",
    );
  }
  return scaledAndShifted(
    node,
    value,
    (i) => factor[i % channels]!,
    (i) => (node.offset?.data[i % channels] ?? 0) - node.mean.data[i % channels]! * factor[i % channels]!,
    builder,
  );
}

/** An operand of an elementwise operator: a value of the network or a number of the file. */
export type Operand = Value | Tensor;

function isValue(operand: Operand): operand is Value {
  return "cores" in operand;
}

/**
 * Elementwise operators that a network of sums can take up: sums, differences and averages of values; sums, differences,
 * products and quotients with constants.
 */
export function combined(
  node: ElementwiseNode,
  operands: readonly Operand[],
  shape: readonly number[],
  builder: Builder,
): Value {
  const values = operands.filter(isValue);
  const constants = operands.filter((operand): operand is Tensor => !isValue(operand));
  if (constants.length === 0 && values.length > 1) return ofValues(node, values, builder);
  if (constants.length === 1 && values.length === 1) {
    return withConstant(node, values[0]!, constants[0]!, !isValue(operands[0]!), shape, builder);
  }
  throw notCombined(node);
}

function ofValues(node: ElementwiseNode, values: readonly Value[], builder: Builder): Value {
  if (node.kind === "add")
    return added(
      node,
      values,
      values.map(() => 1),
      builder,
    );
  if (node.kind === "subtract") return added(node, values, [1, -1], builder);
  if (node.kind === "average")
    return added(
      node,
      values,
      values.map(() => 1 / values.length),
      builder,
    );
  throw notCombined(node);
}

function withConstant(
  node: ElementwiseNode,
  value: Value,
  constant: Tensor,
  constantFirst: boolean,
  shape: readonly number[],
  builder: Builder,
): Value {
  if (value.shape.join() !== shape.join()) {
    throw blocked(
      node,
      `a value of shape [${value.shape}] spread to [${shape}]`,
      "a constant of the value's shape or less",
      "Repeat the value in the model",
    );
  }
  const at = broadcastIndex(constant.shape, shape);
  const apply = (scale: (c: number) => number, offset: (c: number) => number): Value =>
    scaledAndShifted(
      node,
      value,
      (i) => scale(constant.data[at(i)]!),
      (i) => offset(constant.data[at(i)]!),
      builder,
    );
  const one = () => 1;
  const zero = () => 0;
  if (node.kind === "add") return apply(one, (c) => c);
  if (node.kind === "multiply") return apply((c) => c, zero);
  if (node.kind === "subtract")
    return constantFirst
      ? apply(
          () => -1,
          (c) => c,
        )
      : apply(one, (c) => -c);
  if (node.kind === "divide" && !constantFirst && constant.data.every((c) => c !== 0)) return apply((c) => 1 / c, zero);
  throw notCombined(node);
}

/** For element `i` of `shape` the element of a constant that broadcasts to it. */
function broadcastIndex(constant: readonly number[], shape: readonly number[]): (i: number) => number {
  if (elements(constant) === 1) return () => 0;
  const missing = shape.length - constant.length;
  return (i) => {
    let at = 0;
    let stride = 1;
    for (let axis = shape.length - 1, rest = i; axis >= missing; axis--) {
      const extent = constant[axis - missing]!;
      at += (extent === 1 ? 0 : rest % shape[axis]!) * stride;
      stride *= extent;
      rest = Math.floor(rest / shape[axis]!);
    }
    return at;
  };
}

function notCombined(node: AnnNode & { readonly kind: string }): Error {
  return blocked(
    node,
    `${node.kind} of these operands`,
    "a sum of values, or a sum or product with constants",
    "Products of values and maxima have no place in a network of sums: move them to the host",
  );
}
