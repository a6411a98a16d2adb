import type { Tensor } from "../../support/tensor.js";
import type { NodeBase } from "./base.js";

/** Elementwise functions of one value. Parameters that a function does not use are absent. */
export interface ActivationNode extends NodeBase {
  readonly op: "activation";
  readonly function: ActivationFunction;
}

export type ActivationFunction =
  /** `slope*(x - threshold)` below `threshold`, else `min(x, maxValue)`. Plain ReLU: slope 0, threshold 0. */
  | { readonly kind: "relu"; readonly maxValue?: number; readonly negativeSlope: number; readonly threshold: number }
  /** `slope * x` below 0; `slope` broadcasts to the batchless shape. */
  | { readonly kind: "prelu"; readonly slope: Tensor }
  | { readonly kind: "clip"; readonly min: number; readonly max: number }
  /** `clip(slope * x + offset, 0, 1)`: 0.2 and 0.5 in Keras 1 and 2 and tfjs, 1/6 and 0.5 in Keras 3. */
  | { readonly kind: "hard-sigmoid"; readonly slope: number; readonly offset: number }
  | { readonly kind: "elu"; readonly alpha: number }
  /** `scale * x` above 0, else `scale * alpha * (exp(x) - 1)`. */
  | { readonly kind: "selu"; readonly alpha: number; readonly scale: number }
  | { readonly kind: "celu"; readonly alpha: number }
  /** `x` where `x > threshold`, else 0. */
  | { readonly kind: "thresholded-relu"; readonly threshold: number }
  /** `scale * x + offset`. */
  | { readonly kind: "affine"; readonly scale: number; readonly offset: number }
  /** `scale * tanh(slope * x)`. */
  | { readonly kind: "scaled-tanh"; readonly scale: number; readonly slope: number }
  /** `gelu` is `x/2 * (1 + erf(x / sqrt 2))`, `gelu-tanh` its tanh form; `hard-swish` is `x * clip(x/6 + 1/2, 0, 1)`. */
  | { readonly kind: "linear" | "sigmoid" | "tanh" | "softplus" | "softsign" | "exp" | "log-sigmoid" }
  | { readonly kind: "swish" | "hard-swish" | "gelu" | "gelu-tanh" | "mish" }
  /** `round` is half to even; `trunc` (towards zero) is a cast to an integer type; `not` is 1 where `x = 0`, else 0. */
  | { readonly kind: "floor" | "ceil" | "round" | "trunc" | "not" }
  | { readonly kind: "abs" | "neg" | "sqrt" | "log" | "sign" | "reciprocal" | "erf" | "sin" | "cos" };

/** Softmax over `axis` (of the batchless shape, not negative). */
export interface SoftmaxNode extends NodeBase {
  readonly op: "softmax";
  readonly axis: number;
  readonly log: boolean;
}
