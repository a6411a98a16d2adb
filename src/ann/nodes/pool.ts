import type { NodeBase, Padding } from "./base.js";

/** Pooling over the spatial axes, channels last. Padded cells never win a maximum. */
export interface PoolNode extends NodeBase {
  readonly op: "pool";
  readonly kind: "max" | "average";
  readonly size: readonly number[];
  readonly strides: readonly number[];
  /** A window may reach past the padding of a reader that rounds extents up: such a reader enlarges `after`. */
  readonly padding: Padding;
  /** Average only: padded cells count in the divisor. */
  readonly includePadding: boolean;
  /** Distance of the cells of a window; 1 where absent. */
  readonly dilations?: readonly number[];
}

/** Pooling over all spatial axes; result shape `[channels]`, or with extents of 1 when `keepDims`. */
export interface GlobalPoolNode extends NodeBase {
  readonly op: "global-pool";
  readonly kind: "max" | "average";
  readonly keepDims: boolean;
}

/**
 * Resizes the spatial axes, channels last: extents become `floor(extent * scale)`. Output index `i` reads at source
 * coordinate `i / scale` (`asymmetric`), `(i + 1/2) / scale - 1/2` (`half-pixel`; `pytorch-half-pixel` reads 0 where the
 * result has one element) or `i * (in - 1) / (out - 1)` (`align-corners`), held inside the source.
 * Keras `UpSampling`: nearest, asymmetric, floor; or bilinear, half-pixel.
 */
export interface UpsampleNode extends NodeBase {
  readonly op: "upsample";
  readonly mode: "nearest" | "linear";
  readonly scales: readonly number[];
  readonly coordinates: "asymmetric" | "half-pixel" | "pytorch-half-pixel" | "align-corners";
  /** Nearest only: how a coordinate becomes an index. The two half forms differ at exact halves. */
  readonly rounding: "floor" | "ceil" | "half-down" | "half-up";
}
