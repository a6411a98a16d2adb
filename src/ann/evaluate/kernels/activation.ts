import type { ActivationFunction, ActivationNode, SoftmaxNode } from "../../nodes/activation.js";
import type { Context, Prepare, Value } from "../kernel.js";
import type { Tensorflow } from "../tensorflow.js";

type Plain = Exclude<
  ActivationFunction,
  { slope: unknown } | { alpha: number } | { scale: number } | { threshold: number } | { min: number }
>;
type PlainKind = Plain["kind"];

const plain: Readonly<Record<PlainKind, (tf: Tensorflow, x: Value) => Value>> = {
  linear: (tf, x) => tf.clone(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  tanh: (tf, x) => tf.tanh(x),
  softplus: (tf, x) => tf.softplus(x),
  softsign: (tf, x) => tf.div(x, tf.add(tf.abs(x), 1)),
  exp: (tf, x) => tf.exp(x),
  "log-sigmoid": (tf, x) => tf.neg(tf.softplus(tf.neg(x))),
  swish: (tf, x) => tf.mul(x, tf.sigmoid(x)),
  "hard-swish": (tf, x) => tf.mul(x, tf.clipByValue(tf.add(tf.div(x, 6), 0.5), 0, 1)),
  gelu: (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  "gelu-tanh": (tf, x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  },
  mish: (tf, x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  floor: (tf, x) => tf.floor(x),
  ceil: (tf, x) => tf.ceil(x),
  round: (tf, x) => tf.round(x),
  trunc: (tf, x) => tf.mul(tf.sign(x), tf.floor(tf.abs(x))),
  not: (tf, x) => tf.cast(tf.equal(x, 0), "float32"),
  abs: (tf, x) => tf.abs(x),
  neg: (tf, x) => tf.neg(x),
  sqrt: (tf, x) => tf.sqrt(x),
  log: (tf, x) => tf.log(x),
  sign: (tf, x) => tf.sign(x),
  reciprocal: (tf, x) => tf.reciprocal(x),
  erf: (tf, x) => tf.erf(x),
  sin: (tf, x) => tf.sin(x),
  cos: (tf, x) => tf.cos(x),
};

/** `slope*(x - threshold)` below the threshold, else `min(x, max)`. */
function relu(tf: Tensorflow, x: Value, slope: number, threshold: number, max: number): Value {
  if (threshold === 0 && max === Number.POSITIVE_INFINITY) return slope === 0 ? tf.relu(x) : tf.leakyRelu(x, slope);
  if (threshold === 0 && slope === 0) return tf.clipByValue(x, 0, max);
  return tf.where(tf.greaterEqual(x, threshold), tf.minimum(x, max), tf.mul(tf.sub(x, threshold), slope));
}

/** `scale * (x above 0, alpha * (exp(x / width) - 1) below)`. */
function exponential(tf: Tensorflow, x: Value, alpha: number, width: number, scale: number): Value {
  const below = tf.mul(tf.expm1(tf.div(tf.minimum(x, 0), width)), alpha);
  const sum = tf.add(tf.relu(x), below);
  return scale === 1 ? sum : tf.mul(sum, scale);
}

/** The function of an activation node or of a recurrent cell. */
export function prepareFunction(f: ActivationFunction, context: Context): (x: Value) => Value {
  const { tf } = context;
  switch (f.kind) {
    case "relu":
      return (x) => relu(tf, x, f.negativeSlope, f.threshold, f.maxValue ?? Number.POSITIVE_INFINITY);
    case "prelu": {
      const slope = context.parameter(f.slope.shape, f.slope.data);
      return (x) => tf.add(tf.relu(x), tf.mul(tf.minimum(x, 0), slope));
    }
    case "clip":
      return (x) => tf.clipByValue(x, f.min, f.max);
    case "hard-sigmoid":
      return (x) => tf.clipByValue(tf.add(tf.mul(x, f.slope), f.offset), 0, 1);
    case "elu":
      return (x) => exponential(tf, x, f.alpha, 1, 1);
    case "selu":
      return (x) => exponential(tf, x, f.alpha, 1, f.scale);
    case "celu":
      return (x) => exponential(tf, x, f.alpha, f.alpha, 1);
    case "thresholded-relu":
      return (x) => tf.mul(x, tf.cast(tf.greater(x, f.threshold), "float32"));
    case "affine":
      return (x) => tf.add(tf.mul(x, f.scale), f.offset);
    case "scaled-tanh":
      return (x) => tf.mul(tf.tanh(tf.mul(x, f.slope)), f.scale);
    default:
      return (x) => plain[f.kind](tf, x);
  }
}

export const prepareActivation: Prepare<ActivationNode> = (node, context) => {
  const f = prepareFunction(node.function, context);
  return ([x]) => [f(x!)];
};

export const prepareSoftmax: Prepare<SoftmaxNode> = (node, { tf }) => {
  const axis = node.axis + 1;
  return ([x]) => {
    // The kernels of the library take the last axis only.
    const shifted = tf.sub(x!, tf.max(x!, axis, true));
    const exponentials = tf.exp(shifted);
    const sum = tf.sum(exponentials, axis, true);
    return [node.log ? tf.sub(shifted, tf.log(sum)) : tf.div(exponentials, sum)];
  };
};
