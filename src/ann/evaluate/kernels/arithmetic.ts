import type { Tensor } from "../../../support/tensor.js";
import type { ArgNode, CompareNode, ElementwiseNode, ReduceNode, WhereNode } from "../../nodes/arithmetic.js";
import { type Context, type Kernel, type Prepare, sameRank, type Value } from "../kernel.js";
import type { Tensorflow } from "../tensorflow.js";

type Binary = (tf: Tensorflow, a: Value, b: Value) => Value;

const binaries: Readonly<Record<ElementwiseNode["kind"], Binary>> = {
  add: (tf, a, b) => tf.add(a, b),
  subtract: (tf, a, b) => tf.sub(a, b),
  multiply: (tf, a, b) => tf.mul(a, b),
  divide: (tf, a, b) => tf.div(a, b),
  maximum: (tf, a, b) => tf.maximum(a, b),
  minimum: (tf, a, b) => tf.minimum(a, b),
  average: (tf, a, b) => tf.add(a, b),
  power: (tf, a, b) => tf.pow(a, b),
  modulo: (tf, a, b) => tf.sub(a, tf.mul(tf.floor(tf.div(a, b)), b)),
};

const relations: Readonly<Record<CompareNode["kind"], Binary>> = {
  equal: (tf, a, b) => tf.equal(a, b),
  greater: (tf, a, b) => tf.greater(a, b),
  "greater-equal": (tf, a, b) => tf.greaterEqual(a, b),
  less: (tf, a, b) => tf.less(a, b),
  "less-equal": (tf, a, b) => tf.lessEqual(a, b),
};

interface WithConstant {
  readonly constant?: Tensor;
  readonly constantFirst?: boolean;
}

/** The operands of a node at equal rank: its inputs and its constant, in order. */
function prepareOperands(
  node: WithConstant,
  { tf, parameter }: Context,
): (inputs: readonly Value[]) => readonly Value[] {
  const constant = node.constant && parameter([1, ...node.constant.shape], node.constant.data);
  return (inputs) => {
    if (!constant) return sameRank(tf, inputs);
    return sameRank(tf, node.constantFirst ? [constant, ...inputs] : [...inputs, constant]);
  };
}

export const prepareElementwise: Prepare<ElementwiseNode> = (node, context): Kernel => {
  const { tf } = context;
  const operands = prepareOperands(node, context);
  const combine = binaries[node.kind];
  return (inputs) => {
    const all = operands(inputs);
    const result = all.reduce((a, b) => combine(tf, a, b));
    return [node.kind === "average" ? tf.div(result, all.length) : result];
  };
};

export const prepareCompare: Prepare<CompareNode> = (node, context) => {
  const { tf } = context;
  const operands = prepareOperands(node, context);
  return (inputs) => {
    const [a, b] = operands(inputs);
    return [tf.cast(relations[node.kind](tf, a!, b!), "float32")];
  };
};

export const prepareWhere: Prepare<WhereNode> = (_node, { tf }) => {
  return (inputs) => {
    const [condition, then, otherwise] = sameRank(tf, inputs);
    return [tf.where(tf.notEqual(condition!, 0), then!, otherwise!)];
  };
};

const folds: Readonly<Record<ReduceNode["kind"], (tf: Tensorflow, x: Value, axes: number[], keep: boolean) => Value>> =
  {
    mean: (tf, x, axes, keep) => tf.mean(x, axes, keep),
    sum: (tf, x, axes, keep) => tf.sum(x, axes, keep),
    max: (tf, x, axes, keep) => tf.max(x, axes, keep),
    min: (tf, x, axes, keep) => tf.min(x, axes, keep),
    product: (tf, x, axes, keep) => tf.prod(x, axes, keep),
    l1: (tf, x, axes, keep) => tf.sum(tf.abs(x), axes, keep),
    l2: (tf, x, axes, keep) => tf.sqrt(tf.sum(tf.mul(x, x), axes, keep)),
    "sum-square": (tf, x, axes, keep) => tf.sum(tf.mul(x, x), axes, keep),
    "log-sum-exp": (tf, x, axes, keep) => tf.logSumExp(x, axes, keep),
  };

export const prepareReduce: Prepare<ReduceNode> = (node, { tf }) => {
  const axes = node.axes.map((axis) => axis + 1);
  // The library folds all axes, the batch axis too, where none is named.
  if (axes.length === 0) return ([x]) => [folds[node.kind](tf, tf.expandDims(x!, 1), [1], false)];
  return ([x]) => [folds[node.kind](tf, x!, axes, node.keepDims)];
};

export const prepareArg: Prepare<ArgNode> = (node, { tf }) => {
  const find = node.kind === "max" ? tf.argMax : tf.argMin;
  return ([x]) => {
    const index = tf.cast(find(x!, node.axis + 1), "float32");
    return [node.keepDims ? tf.expandDims(index, node.axis + 1) : index];
  };
};
