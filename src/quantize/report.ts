import { channelBounds, sumBits, type ValueRange } from "./bounds.js";
import type { LevelStore } from "./calibrate/store.js";
import type { TrainedLayer } from "./calibrate/trained.js";
import type { FoldedNeurons, Staircase } from "./fold/folded.js";
import { levelOf } from "./fold/operator/trained.js";
import type { NeuronLayer } from "./graph.js";
import type { LedgerLine } from "./ledger.js";

/** One layer of neurons: its numbers, and how far its integers are from the source model over the calibration samples. */
export interface LayerReport {
  readonly name: string;
  readonly neurons: number;
  readonly weights: number;
  /** Widest of its terms. */
  readonly weightBits: number;
  /** Levels of the activation; 0 for the readout. */
  readonly activationBits: number;
  /** Width of the largest threshold; 0 for the readout. */
  readonly thresholdBits: number;
  readonly membraneBits: number;
  /** Proven width of the weighted sum alone. */
  readonly sumBits: number;
  /** Difference between activations in real units; of the readout between its membranes. */
  readonly maxError: number;
  readonly meanError: number;
  /** Share of activations at the largest level. */
  readonly saturatedPercent: number;
  /** Share of neurons that were 0 in every sample. */
  readonly deadPercent: number;
}

/**
 * Compares a rounded layer with the source model.
 *
 * @param charges Real charges of the source model, `[samples, neurons]`.
 * @param store Integers of the layer for the same samples.
 */
export function reportLayer(
  layer: NeuronLayer,
  folded: FoldedNeurons,
  charges: Float32Array,
  store: LevelStore,
  ranges: ReadonlyMap<string, ValueRange>,
): LayerReport {
  const neurons = layer.shape[0] * layer.shape[1] * layer.shape[2];
  const { staircase } = folded;
  const channels = layer.shape[2];
  const top = layer.activation.kind === "none" ? Infinity : layer.activation.max;
  const alive = new Uint8Array(neurons);
  let maxError = 0;
  let sum = 0;
  let saturated = 0;
  for (let i = 0; i < charges.length; i++) {
    const level = store.data[i]!;
    const error = Math.abs(realValue(staircase, i % channels, charges[i]!) - level * store.scale);
    if (error > maxError) maxError = error;
    sum += error;
    if (level === top) saturated++;
    if (level !== 0) alive[i % neurons] = 1;
  }
  const dead = alive.reduce((count, isAlive) => count + 1 - isAlive, 0);
  const { activation, terms, membraneBits } = layer;
  return {
    name: layer.name,
    neurons,
    weights: terms.reduce((count, term) => count + term.weights.length, 0),
    weightBits: Math.max(...terms.map((term) => term.weightBits)),
    activationBits: activation.kind === "none" ? 0 : Math.ceil(Math.log2(activation.max - activation.min + 1)),
    thresholdBits: activation.kind === "none" ? 0 : 32 - Math.clz32(largest(activation.theta)),
    membraneBits,
    sumBits: sumBits(channelBounds(layer, ranges)),
    maxError,
    meanError: sum / charges.length,
    saturatedPercent: (100 * saturated) / charges.length,
    deadPercent: (100 * dead) / neurons,
  };
}

/** What the source model makes of a charge. */
function realValue(staircase: Staircase, channel: number, z: number): number {
  if (staircase.kind === "none") return z;
  if (staircase.kind === "levels") return levelOf(staircase, channel, z) * staircase.unit;
  return Math.min(staircase.max, Math.max(staircase.min, z));
}

/**
 * Ledger with what each layer's rounding costs.
 *
 * @param trained Layers in the integers of the source model.
 */
export function withRounding(
  ledger: readonly LedgerLine[],
  layers: readonly NeuronLayer[],
  trained: ReadonlyMap<string, TrainedLayer>,
): readonly LedgerLine[] {
  return ledger.map((line) => {
    const layer = layers.find((l) => l.name === line.layer);
    if (layer === undefined) return line;
    const own = trained.get(layer.name);
    if (own !== undefined) {
      const note = `${line.note}; integers of the model, ${layer.membraneBits}-bit membranes`;
      if (own.moved === 0) return { ...line, note: `${note}: exact` };
      const share = `${own.moved} of ${own.thresholds} ${layer.activation.kind === "none" ? "biases" : "thresholds"}`;
      return {
        ...line,
        outcome: "approximated",
        note: `${note}: ${share} moved by at most ${Number(own.distance.toPrecision(2))} units of the sum`,
      };
    }
    return { ...line, note: `${line.note}; ${roundingNote(layer)}` };
  });
}

function roundingNote({ terms, activation, membraneBits }: NeuronLayer): string {
  const weights = `${Math.max(...terms.map((term) => term.weightBits))}-bit weights, ${membraneBits}-bit membranes`;
  if (activation.kind === "none") return `${weights}, one scale for all outputs`;
  const least = activation.theta.reduce((a, b) => Math.min(a, b));
  const range = `thresholds ${least}..${largest(activation.theta)}`;
  return `${weights}, ${range}: exact by choice of the weight grid, biases rounded within 1/${2 * least} of a level`;
}

function largest(values: Int32Array): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}
