import type { Tensor } from "../../support/tensor.js";
import type { NodeBase } from "./base.js";

/**
 * Uniform staircase: `q = clamp(round(x / scale) + zeroPoint, low, high)` (ONNX QuantizeLinear), or with `shiftFirst`
 * `q = clamp(round(x / scale + zeroPoint), low, high)` (QONNX `Quant`); the two differ at exact halves only.
 *
 * `low`, `high` = `-2^(bits-1)` (one more when `narrow`), `2^(bits-1) - 1` when `signed`; else `0`, `2^bits - 1` (one less
 * when `narrow`). `result` "real" gives `(q - zeroPoint) * scale` (QONNX `Quant`, and a QuantizeLinear/DequantizeLinear
 * pair), "level" gives `q` (QuantizeLinear). `scale`, `zeroPoint` and `bitWidth` broadcast to the batchless shape (a
 * per-channel scale has the shape `[channels]` on channels-last values). A DequantizeLinear is a subtract and a multiply.
 */
export interface QuantNode extends NodeBase {
  readonly op: "quant";
  readonly scale: Tensor;
  readonly zeroPoint: Tensor;
  readonly bitWidth: Tensor;
  readonly signed: boolean;
  readonly narrow: boolean;
  readonly rounding: Rounding;
  readonly shiftFirst?: boolean;
  readonly result: "real" | "level";
}

/**
 * How a real becomes an integer. Names after `half-` say where an exact half goes; the others where every fraction goes:
 * `up` and `down` are towards plus and minus infinity. QONNX: ROUND `half-even`, HALF_UP `half-away`, HALF_DOWN
 * `half-zero`, UP `away`, DOWN `zero`, CEIL `up`, FLOOR `down`. The golden integer model rounds `half-up`.
 */
export type Rounding = "half-even" | "half-up" | "half-away" | "half-zero" | "up" | "down" | "away" | "zero";

/** `scale` where `x >= 0`, else `-scale`; `scale` broadcasts to the batchless shape. */
export interface BipolarQuantNode extends NodeBase {
  readonly op: "bipolar-quant";
  readonly scale: Tensor;
}

/**
 * `y = outScale * #{k : x >= thresholds[c, k]} + outBias` for channel `c` of the last axis; thresholds of shape
 * `[channels, n]`, or `[1, n]` for all channels, ascending in each row.
 */
export interface MultiThresholdNode extends NodeBase {
  readonly op: "multi-threshold";
  readonly thresholds: Tensor;
  readonly outScale: number;
  readonly outBias: number;
}
