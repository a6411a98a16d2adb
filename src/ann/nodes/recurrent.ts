import type { Tensor } from "../../support/tensor.js";
import type { ActivationFunction } from "./activation.js";
import type { NodeBase } from "./base.js";

/**
 * A recurrent layer over the first axis of a value `[time, features]`; `time` may be -1 (open).
 *
 * `forward` reads frames from the first to the last, `backward` from the last to the first; at least one is there.
 * Sequences are always in the time order of the input: element `t` belongs to frame `t` in both directions. (Keras
 * `go_backwards` without `Bidirectional` gives processing order: its reader adds a reversing `slice`.) Without
 * `returnSequences` the result is that of the last frame processed (for `backward`: frame 0).
 *
 * Inputs: the sequence, then optionally the initial states, all or none: for `forward` then `backward`, each `h` and, for
 * LSTM, `c`, of shape `[units]`. Without them states start at zero.
 *
 * Outputs: the result, merged over the directions as `merge` says (`none`: two results, forward and backward); then, with
 * `returnState`, the final states in the order of the initial ones. Shapes `[time, units]` or `[units]`; `concat` has
 * `2 * units`. `merge` is "concat" where there is one direction, and does nothing.
 */
export interface RecurrentNode extends NodeBase {
  readonly op: "recurrent";
  readonly forward?: RecurrentCell;
  readonly backward?: RecurrentCell;
  readonly merge: "concat" | "sum" | "multiply" | "average" | "none";
  readonly returnSequences: boolean;
  readonly returnState: boolean;
}

/** One direction of a recurrent layer. Both directions of a layer have the same kind and the same number of units. */
export type RecurrentCell = SimpleCell | LstmCell | GruCell;

/**
 * Parameters that all cells have. Gates lie side by side in the last axis, `units` columns each, in the order that the
 * kind states: `a = x * kernel + h * recurrentKernel + bias`.
 */
interface CellBase {
  /** `[features, gates * units]`. */
  readonly kernel: Tensor;
  /** `[units, gates * units]`. */
  readonly recurrentKernel: Tensor;
  /** `[gates * units]`; the sum of both biases where a format has two, except GRU with `resetAfter`. */
  readonly bias?: Tensor;
  /** Of the new value (`g`); mostly tanh. */
  readonly activation: ActivationFunction;
  /** Arguments of all activations of gates and new values are held in `[-clip, clip]`. */
  readonly clip?: number;
}

/** `h' = activation(a)`; one gate. */
export interface SimpleCell extends CellBase {
  readonly kind: "simple";
}

/**
 * Gate order i, f, g, o (Keras calls g "c"):
 * `c' = f * c + i * g`, `h' = o * outputActivation(c')` with `i, f, o = recurrentActivation(a)`, `g = activation(a)`.
 */
export interface LstmCell extends CellBase {
  readonly kind: "lstm";
  /** Of the gates; mostly sigmoid. */
  readonly recurrentActivation: ActivationFunction;
  /** Of the cell state; `activation` where absent. */
  readonly outputActivation?: ActivationFunction;
  /** `[3, units]` in the order i, f, o: `i` and `f` see `p * c`, `o` sees `p * c'`, added to `a`. */
  readonly peepholes?: Tensor;
  /** Input and forget gate coupled: `f = 1 - i` (ONNX `input_forget`). */
  readonly coupled?: boolean;
}

/**
 * Gate order z, r, g (Keras and ONNX call g "h"): `h' = z * h + (1 - z) * g` with `z, r = recurrentActivation(a)` and
 * `g = activation(x * W + b + (r * h) * U)`, or with `resetAfter` (ONNX `linear_before_reset`)
 * `g = activation(x * W + b + r * (h * U + recurrentBias))`.
 */
export interface GruCell extends CellBase {
  readonly kind: "gru";
  readonly recurrentActivation: ActivationFunction;
  readonly resetAfter: boolean;
  /** `[3 * units]`, with `resetAfter` only: added to `h * recurrentKernel` before `r` multiplies. */
  readonly recurrentBias?: Tensor;
}
