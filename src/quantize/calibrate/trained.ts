import type { ValueRange } from "../bounds.js";
import type { FoldedNeurons, FoldedTerm, TrainedStaircase } from "../fold/folded.js";
import type { LinearTerm, NeuronLayer } from "../graph.js";
import type { LevelStore } from "./store.js";
import { type Fit, fitThresholds } from "./threshold-fit.js";

/** A layer in the integers of the source model. */
export interface TrainedLayer {
  readonly layer: NeuronLayer;
  /** Thresholds of all channels that lie elsewhere than in the source model; 0 for an exact layer. */
  readonly moved: number;
  readonly thresholds: number;
  /** Largest distance of a moved one, in units of the sum of the model's integers. */
  readonly distance: number;
}

/** Weights on the core have at most 8 bits. */
const largestWeight = 127;
/** Share of an integer by which a product of float32 numbers may miss it. */
const tolerance = 1e-3;
/** Bias of a readout in shares of a unit of the sum that is taken for a whole number. */
const biasTolerance = 1e-4;

/** `z[c] = gain[c] * sum + bias[c]`: a layer as integer sums of levels. */
interface Sums {
  /** Integers of each term. */
  readonly integers: readonly Int32Array[];
  readonly gain: Float64Array;
  readonly bias: Float64Array;
}

/**
 * Takes a layer as the integers that the model file gives: weights as they are (times a small whole number a channel
 * where thresholds would fall between sums), thresholds where the sums pass those of the trained quantiser.
 *
 * @param ranges Levels of each source.
 * @returns undefined where the file gives no integers, or none that one sum can hold.
 */
export function trainedNeurons(
  layer: FoldedNeurons,
  sources: ReadonlyMap<string, LevelStore>,
  ranges: ReadonlyMap<string, ValueRange>,
): TrainedLayer | undefined {
  if (layer.staircase.kind === "clip") return undefined;
  const sums = integerSums(layer, sources);
  if (sums === undefined) return undefined;
  if (layer.staircase.kind === "none") return readout(layer, sums);
  return staircase(layer, layer.staircase, sums, ranges);
}

function integerSums(layer: FoldedNeurons, sources: ReadonlyMap<string, LevelStore>): Sums | undefined {
  const channels = layer.shape[2];
  const gain = new Float64Array(channels);
  const bias = Float64Array.from(layer.bias);
  const integers: Int32Array[] = [];
  for (const term of layer.terms) {
    const { scale, zero } = sources.get(term.from)!;
    const own = integersOf(term, channels);
    if (own === undefined) return undefined;
    for (let c = 0; c < channels; c++) {
      const unit = term.grid![c]! * scale;
      if (gain[c] === 0) gain[c] = unit;
      else if (unit !== 0 && Math.abs(unit / gain[c]! - 1) > 1e-6) return undefined;
    }
    for (let i = 0; i < own.length && zero !== 0; i++) {
      bias[i % channels]! -= term.grid![i % channels]! * scale * zero * own[i]!;
    }
    integers.push(own);
  }
  for (const own of integers) for (let i = 0; i < own.length; i++) if (gain[i % channels]! < 0) own[i] = -own[i]!;
  return { integers, gain: gain.map(Math.abs), bias };
}

function integersOf({ weights, grid }: FoldedTerm, channels: number): Int32Array | undefined {
  if (grid === undefined) return undefined;
  const integers = new Int32Array(weights.length);
  for (let i = 0; i < weights.length; i++) {
    const unit = grid[i % channels]!;
    const exact = unit === 0 ? 0 : weights[i]! / unit;
    const n = Math.round(exact);
    if (Math.abs(exact - n) > tolerance * Math.max(1, Math.abs(n)) || Math.abs(n) > largestWeight) return undefined;
    integers[i] = n;
  }
  return integers;
}

/** Largest magnitude among the integers of a channel. */
function largest(integers: readonly Int32Array[], channels: number, c: number): number {
  let most = 0;
  for (const own of integers) for (let i = c; i < own.length; i += channels) most = Math.max(most, Math.abs(own[i]!));
  return most;
}

function staircase(
  layer: FoldedNeurons,
  stairs: TrainedStaircase,
  { integers, gain, bias }: Sums,
  ranges: ReadonlyMap<string, ValueRange>,
): TrainedLayer | undefined {
  const channels = layer.shape[2];
  const steps = stairs.high - stairs.low;
  const theta = new Int32Array(channels);
  const v0 = new Int32Array(channels);
  const factor = new Int32Array(channels);
  const sumRange = rangesOfSums(layer, integers, ranges);
  let moved = 0;
  let distance = 0;
  for (let c = 0; c < channels; c++) {
    const first = (c * steps) % stairs.thresholds.length;
    // The least sum that reaches each level.
    const reach = Float64Array.from({ length: steps }, (_, j) => {
      const at = (stairs.thresholds[first + j]! - bias[c]!) / gain[c]!;
      if (gain[c] === 0) {
        const reached = stairs.atEquality[first + j] === 1 ? at <= 0 : at < 0;
        return reached || Number.isNaN(at) ? -Infinity : Infinity;
      }
      return stairs.atEquality[first + j] === 1 ? Math.ceil(at) : Math.floor(at) + 1;
    });
    const most = Math.max(1, Math.floor(largestWeight / Math.max(1, largest(integers, channels, c))));
    const fit: Fit | undefined = fitThresholds(reach, stairs.low, sumRange[c]!, most);
    if (fit === undefined) return undefined;
    [theta[c], v0[c], factor[c]] = [fit.theta, fit.v0, fit.factor];
    moved += fit.moved;
    distance = Math.max(distance, fit.distance);
  }
  const terms = termsOf(layer, integers, factor);
  const activation = { kind: "quantize", theta, min: stairs.low, max: stairs.high, scale: stairs.unit } as const;
  return { layer: neurons(layer, terms, v0, activation), moved, distance, thresholds: steps * channels };
}

function readout(layer: FoldedNeurons, { integers, gain, bias }: Sums): TrainedLayer | undefined {
  const channels = layer.shape[2];
  const [unit] = gain;
  if (unit === 0 || gain.some((g) => Math.abs(g / unit! - 1) > 1e-6)) return undefined;
  // What all outputs have in common does not change the decision.
  const common = bias[0]! - unit! * Math.round(bias[0]! / unit!);
  const most = Math.floor(largestWeight / Math.max(1, ...bias.map((_, c) => largest(integers, channels, c))));
  let best = { factor: 1, error: Infinity };
  for (let factor = 1; factor <= Math.max(1, most) && best.error > biasTolerance; factor++) {
    const error = bias.reduce((worst, b) => {
      const exact = ((b - common) / unit!) * factor;
      return Math.max(worst, Math.abs(exact - Math.round(exact)) / factor);
    }, 0);
    if (error < best.error) best = { factor, error };
  }
  const { factor, error } = best;
  const v0 = Int32Array.from(bias, (b) => Math.round(((b - common) / unit!) * factor));
  const terms = termsOf(layer, integers, new Int32Array(channels).fill(factor));
  const activation = { kind: "none", scale: unit! / factor } as const;
  return {
    layer: neurons(layer, terms, v0, activation),
    moved: error > biasTolerance ? channels : 0,
    distance: error,
    thresholds: channels,
  };
}

function neurons(
  { name, shape }: FoldedNeurons,
  terms: readonly LinearTerm[],
  v0: Int32Array,
  activation: NeuronLayer["activation"],
): NeuronLayer {
  return { kind: "neurons", name, shape, terms, v0, activation, membraneBits: 32 };
}

function termsOf(layer: FoldedNeurons, integers: readonly Int32Array[], factor: Int32Array): readonly LinearTerm[] {
  return layer.terms.map(({ from, kernel, stride, padding, groups }, k) => {
    const weights = integers[k]!.map((n, i) => n * factor[i % factor.length]!);
    const most = weights.reduce((m, w) => Math.max(m, w < 0 ? -w - 1 : w), 0);
    return { from, kernel, stride, padding, groups, weights, weightBits: Math.max(2, 33 - Math.clz32(most)) };
  });
}

/** Least and largest sum of each channel. */
function rangesOfSums(
  layer: FoldedNeurons,
  integers: readonly Int32Array[],
  ranges: ReadonlyMap<string, ValueRange>,
): readonly ValueRange[] {
  const channels = layer.shape[2];
  const low = new Float64Array(channels);
  const high = new Float64Array(channels);
  layer.terms.forEach((term, k) => {
    const [min, max] = ranges.get(term.from)!;
    integers[k]!.forEach((n, i) => {
      low[i % channels]! += n > 0 ? n * min : n * max;
      high[i % channels]! += n > 0 ? n * max : n * min;
    });
  });
  return Array.from(low, (min, c) => [min, high[c]!] as const);
}
