import type { LinearTerm, PoolLayer, Shape3 } from "../graph.js";
import type { LedgerLine } from "../ledger.js";

/**
 * The network in the shape of a `QuantGraph`, still in real numbers: every operator of the source is part of a layer of
 * neurons (linear terms, bias, staircase) or a pool.
 *
 *   z[n] = bias[c] + sum over terms sum over synapses weight * x        y[n] = staircase(z[n])
 */
export interface FoldedGraph {
  readonly name: string;
  readonly input: FoldedInput;
  /** Topological order; the last one is the readout. */
  readonly layers: readonly FoldedLayer[];
  readonly ledger: readonly LedgerLine[];
}

export interface FoldedInput {
  readonly name: string;
  readonly shape: Shape3;
  readonly layout: "channels-last" | "channels-first";
  /** Levels of a quantiser that was trained into the model right behind its input. */
  readonly trained?: TrainedInput;
}

/** Level `round((scale * x + offset) / step)` within `low..high` of the input `x`, with the real value `unit` a level. */
export interface TrainedInput {
  readonly unit: number;
  readonly step: number;
  readonly low: number;
  readonly high: number;
  readonly scale: number;
  readonly offset: number;
}

/** A `LinearTerm` with real weights, and without widths. */
export interface FoldedTerm extends Omit<LinearTerm, "weights" | "weightBits"> {
  readonly weights: Float32Array;
  /** Passes values of another layer on (residual addition); no weights of the source model. */
  readonly isGain: boolean;
  /** Real value of one integer of the weights of each output channel, where the source model has integers. */
  readonly grid?: Float64Array;
}

export interface FoldedNeurons {
  readonly kind: "neurons";
  readonly name: string;
  readonly shape: Shape3;
  readonly terms: readonly FoldedTerm[];
  readonly bias: Float64Array;
  readonly staircase: Staircase;
  readonly watch: Watch;
}

/** A pool; `sum` has the real value `gain` times the sum of its window (`1 / cells` for an average). */
export interface FoldedPool extends Omit<PoolLayer, "range"> {
  readonly gain: number;
}

export type FoldedLayer = FoldedNeurons | FoldedPool;

/**
 * Real function that a staircase approximates: `clip(z, min, max)`, infinite where open; `none` for the readout; or the
 * levels of a quantiser that was trained into the model.
 */
export type Staircase =
  | { readonly kind: "clip"; readonly min: number; readonly max: number }
  | TrainedStaircase
  | { readonly kind: "none" };

/**
 * Levels `low..high`, 0 among them, of real value `unit` each: `y = unit * (low + number of thresholds reached)`.
 * `thresholds` ascend and have `high - low` numbers, the same for all channels, or as many for each. A threshold is
 * reached above it, and at it where `atEquality` is 1.
 */
export interface TrainedStaircase {
  readonly kind: "levels";
  readonly low: number;
  readonly high: number;
  readonly unit: number;
  /** Real value of the lowest and highest level. */
  readonly min: number;
  readonly max: number;
  readonly thresholds: Float64Array;
  readonly atEquality: Uint8Array;
}

/** Which value of the source model holds `z`: `z[neuronOf[i]] = value[i] * scale[c] + offset[c]` where `neuronOf[i] >= 0`. */
export interface Watch {
  readonly value: string;
  readonly neuronOf: Int32Array;
  readonly scale?: Float64Array;
  readonly offset?: Float64Array;
}
