import type { Tensor } from "../../support/tensor.js";
import type { NodeBase } from "./base.js";

/** `y = scale * (x - mean) / sqrt(variance + epsilon) + offset`, per channel of the last axis. */
export interface BatchNormNode extends NodeBase {
  readonly op: "batch-norm";
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly scale?: Tensor;
  readonly offset?: Tensor;
  readonly epsilon: number;
}

/**
 * As batch-norm, with mean and variance of the sample over `axes`. `scale` and `offset` broadcast to the batchless shape
 * (from the last axis on).
 */
export interface LayerNormNode extends NodeBase {
  readonly op: "layer-norm";
  readonly axes: readonly number[];
  readonly scale?: Tensor;
  readonly offset?: Tensor;
  readonly epsilon: number;
}

/**
 * Mean and variance of the sample over the spatial axes and over each of `groups` runs of neighbouring channels (last
 * axis); `scale` and `offset` per channel. Instance normalisation: `groups` = channels.
 */
export interface GroupNormNode extends NodeBase {
  readonly op: "group-norm";
  readonly groups: number;
  readonly scale?: Tensor;
  readonly offset?: Tensor;
  readonly epsilon: number;
}

/**
 * Local response normalisation across channels (last axis): `y[c] = x[c] / (bias + alpha / size * sum x[k]^2)^beta` with
 * `k` from `c - floor((size - 1) / 2)` to `c + ceil((size - 1) / 2)`, inside the channels.
 */
export interface LocalResponseNormNode extends NodeBase {
  readonly op: "local-response-norm";
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly bias: number;
}
