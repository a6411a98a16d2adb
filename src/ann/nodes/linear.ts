import type { Tensor } from "../../support/tensor.js";
import type { NodeBase, Padding } from "./base.js";

/** `y[o] = sum_i x[i] * kernel[i, o] + bias[o]` over the last axis; kernel shape `[in, out]`. */
export interface DenseNode extends NodeBase {
  readonly op: "dense";
  readonly kernel: Tensor;
  readonly bias?: Tensor;
}

/**
 * Convolution (cross-correlation) over 1 or 2 spatial axes, channels last. Kernel shape `[...spatial, in / groups, out]`.
 * Depthwise: `groups` = input channels; output channel `o` reads the input channels of group `floor(o / (out / groups))`.
 */
export interface ConvNode extends NodeBase {
  readonly op: "conv";
  readonly kernel: Tensor;
  readonly bias?: Tensor;
  readonly strides: readonly number[];
  /** Zero padding of each spatial axis. */
  readonly padding: Padding;
  readonly dilations: readonly number[];
  readonly groups: number;
}

/**
 * Transposed convolution; kernel shape `[...spatial, out / groups, in]`. The full result has
 * `(in - 1) * stride + (size - 1) * dilation + 1` elements an axis; `padding` crops it, then `outputPadding` adds zeros
 * (before the bias) at the end: elements that the crop left out are kept where there are any, as in ONNX.
 */
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

/**
 * Matrix product of two values `[..., m, k]` and `[..., k, n]` (before the optional transposition of the last two axes);
 * leading axes broadcast. Where one factor is a parameter use `dense`.
 */
export interface MatmulNode extends NodeBase {
  readonly op: "matmul";
  readonly transposeFirst: boolean;
  readonly transposeSecond: boolean;
}

/** Row `x` of `table` (shape `[vocabulary, features]`) for every element `x` of the value: adds a last axis. */
export interface EmbeddingNode extends NodeBase {
  readonly op: "embedding";
  readonly table: Tensor;
}
