import type { FoldedNeurons, FoldedTerm } from "../../fold/folded.js";
import type { LevelStore } from "../store.js";
import { type WeightRange, weightRange } from "./threshold.js";

/** Gains of residual additions keep their ratio to the weights beside them: they may take up to 8 bits. */
const gainBits = 8;

/** Width of the weights of a term. */
export function bitsOfTerm(term: Pick<FoldedTerm, "isGain">, weightBits: number): number {
  return term.isGain ? Math.max(gainBits, weightBits) : weightBits;
}

/** Weights of one output channel, in the order of the terms. */
export interface ChannelColumn {
  /** Real charge that one level of the source gives. */
  readonly weights: Float64Array;
  readonly ranges: readonly WeightRange[];
}

/** Weights of a term that one output channel has: `kernelHeight * kernelWidth * inChannels / groups`. */
export function fanIn(term: FoldedTerm, channels: number): number {
  return term.weights.length / channels;
}

/** The weights of output channel `c` over `terms`. */
export function columnOf(
  layer: FoldedNeurons,
  terms: readonly FoldedTerm[],
  sources: ReadonlyMap<string, LevelStore>,
  weightBits: number,
  c: number,
): ChannelColumn {
  const channels = layer.shape[2];
  const count = terms.reduce((sum, term) => sum + fanIn(term, channels), 0);
  const weights = new Float64Array(count);
  const ranges: WeightRange[] = [];
  let at = 0;
  for (const term of terms) {
    const { scale } = sources.get(term.from)!;
    const range = weightRange(bitsOfTerm(term, weightBits));
    for (let i = c; i < term.weights.length; i += channels) {
      weights[at++] = term.weights[i]! * scale;
      ranges.push(range);
    }
  }
  return { weights, ranges };
}

/** Mean square level that each weight of output channel `c` meets, in the order of `columnOf`. */
export function importanceOf(
  layer: FoldedNeurons,
  terms: readonly FoldedTerm[],
  squares: ReadonlyMap<FoldedTerm, Float64Array>,
  c: number,
): Float64Array {
  const channels = layer.shape[2];
  const parts = terms.map((term) => {
    const perChannel = squares.get(term)!;
    const size = fanIn(term, channels);
    const inPerGroup = size / (term.kernel[0] * term.kernel[1]);
    const first = Math.floor(c / (channels / term.groups)) * inPerGroup;
    const whole = perChannel.length === size;
    return Float64Array.from({ length: size }, (_, i) => perChannel[whole ? i : first + (i % inPerGroup)]!);
  });
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Mean square level of a source: per neuron where a dense term reads it whole, else per channel.
 */
export function meanSquares(store: LevelStore, perNeuron: boolean): Float64Array {
  const period = perNeuron ? store.shape[0] * store.shape[1] * store.shape[2] : store.shape[2];
  const sums = new Float64Array(period);
  const { data } = store;
  for (let i = 0, k = 0; i < data.length; i++) {
    const level = data[i]! - store.zero;
    if (level !== 0) sums[k]! += level * level;
    if (++k === period) k = 0;
  }
  return sums.map((sum) => (sum * period) / data.length);
}
