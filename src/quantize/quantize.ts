import { type Evaluator, openEvaluator } from "../ann/evaluate/evaluator.js";
import type { AnnGraph } from "../ann/graph.js";
import { SpikewrightError } from "../support/diagnostic.js";
import type { ProgressListener } from "../support/progress.js";
import { channelBounds, membraneBits, type ValueRange } from "./bounds.js";
import { chooseInput } from "./calibrate/input.js";
import { roundNeurons } from "./calibrate/neurons.js";
import { observeCharges } from "./calibrate/observe.js";
import { openReplay } from "./calibrate/replay.js";
import { type CalibrationData, chooseSamples } from "./calibrate/samples.js";
import { type LevelStore, levelArray } from "./calibrate/store.js";
import { type TrainedLayer, trainedNeurons } from "./calibrate/trained.js";
import type { FoldedGraph, FoldedLayer, FoldedNeurons, FoldedPool } from "./fold/folded.js";
import { normalise } from "./fold/normalise.js";
import type { NeuronLayer, PoolLayer, QuantGraph, QuantLayer } from "./graph.js";
import { quantizeInput } from "./input.js";
import type { LedgerLine } from "./ledger.js";
import { type QuantizeOptions, type ResolvedOptions, resolveOptions } from "./options.js";
import { type LayerReport, reportLayer, withRounding } from "./report.js";
import { verifyQuantGraph } from "./verify.js";

export type { CalibrationData } from "./calibrate/samples.js";
export { findBlockers } from "./fold/normalise.js";
export type { QuantizeOptions } from "./options.js";

/** A quantised network and how it came about. */
export interface QuantizeResult {
  readonly quant: QuantGraph;
  /** One line a layer of the source model. */
  readonly ledger: readonly LedgerLine[];
  /** One line a layer of neurons. */
  readonly layers: readonly LayerReport[];
  /** Calibration samples used. */
  readonly samples: number;
}

/**
 * Turns a trained network into the integer network that every engine computes, after training and without labels.
 *
 * Layers whose integers the model file gives are taken as they are, with the levels of its own quantisers.
 *
 * Layer by layer in topological order, each on the integers of the layers before it: activation range, weight grid and
 * thresholds, weights, initial membranes; then the membrane width is proven. The same inputs give the same network.
 *
 * @param calibration Raw samples of the kind that the network will see; 500 to 2,000 are enough. Take them from the
 * training data, never from what accuracy is measured on.
 * @throws All blockers (`findBlockers`); `invalid-option`, `unknown-layer`, `wrong-input-size`, `non-finite-input`,
 * `non-finite-activation`, `signed-input-padding`, `too-large` where a membrane would need more than 32 bits.
 */
export async function quantize(
  graph: AnnGraph,
  calibration: CalibrationData,
  options: QuantizeOptions = {},
  onProgress?: ProgressListener,
): Promise<QuantizeResult> {
  const { folded, blockers } = normalise(graph);
  if (folded === undefined) throw new SpikewrightError(blockers);
  const neuronNames = folded.layers.filter((layer) => layer.kind === "neurons").map((layer) => layer.name);
  const resolved = resolveOptions(options, neuronNames);
  const samples = chooseSamples(calibration, folded);
  const evaluator = await openEvaluator(graph);
  try {
    return await roundAll(folded, samples, resolved, evaluator, onProgress);
  } finally {
    evaluator.dispose();
  }
}

async function roundAll(
  folded: FoldedGraph,
  samples: CalibrationData,
  options: ResolvedOptions,
  evaluator: Evaluator,
  onProgress?: ProgressListener,
): Promise<QuantizeResult> {
  const { count } = samples;
  const seen = samples.data.map((value) => value * options.inputScale + options.inputOffset);
  const { input, layers: sources, scale, zero } = chooseInput(folded, seen, options);
  const top = 2 ** input.bits - 1;
  const stores = new Map<string, LevelStore>([
    [
      input.name,
      {
        shape: input.shape,
        data: quantizeInput(samples.data, input),
        range: [0, top],
        scale,
        zero,
      },
    ],
  ]);
  const ranges = new Map<string, ValueRange>([[input.name, [0, top]]]);
  const layers: QuantLayer[] = [];
  const reports: LayerReport[] = [];
  const moved = new Map<string, TrainedLayer>();
  for (const [done, source] of sources.entries()) {
    onProgress?.({ stage: "quantize", done, total: sources.length, unit: "layers" });
    if (source.kind === "pool") {
      const pool = roundPool(source, stores.get(source.from)!);
      const { scale, zero } = stores.get(source.from)!;
      const cells = source.op === "sum" ? source.window[0] * source.window[1] : 1;
      stores.set(pool.name, integersOf(pool, stores, count, pool.range, scale * source.gain, zero * cells));
      layers.push(pool);
    } else {
      const charges = await observeCharges(evaluator, seen, count, source);
      const trained = trainedNeurons(source, stores, ranges);
      if (trained !== undefined) moved.set(source.name, trained);
      const rounded = trained?.layer ?? roundLayer(source, { sources: stores, charges, samples: count }, options);
      const layer = { ...rounded, membraneBits: membraneBits(channelBounds(rounded, ranges)) };
      const { activation } = layer;
      const range: ValueRange = activation.kind === "none" ? [-1, 1] : [activation.min, activation.max];
      const store = integersOf(layer, stores, count, range, activation.scale, 0);
      reports.push(reportLayer(layer, source, charges, store, ranges));
      stores.set(layer.name, store);
      layers.push(layer);
    }
    ranges.set(source.name, stores.get(source.name)!.range);
    dropUnread(stores, sources.slice(done + 1));
  }
  const quant: QuantGraph = { name: folded.name, input, layers };
  const findings = verifyQuantGraph(quant);
  if (findings.length > 0) throw new SpikewrightError(findings);
  const rounded = layers.filter((layer): layer is NeuronLayer => layer.kind === "neurons");
  return { quant, ledger: withRounding(folded.ledger, rounded, moved), layers: reports, samples: count };
}

function roundPool({ gain: _, ...pool }: FoldedPool, source: LevelStore): PoolLayer {
  const cells = pool.op === "sum" ? pool.window[0] * pool.window[1] : 1;
  return { ...pool, range: [source.range[0] * cells, source.range[1] * cells] };
}

function roundLayer(
  source: FoldedNeurons,
  data: Parameters<typeof roundNeurons>[1],
  options: ResolvedOptions,
): NeuronLayer {
  return roundNeurons(source, data, options.method, { ...options.ofLayer(source.name), seed: options.seed });
}

/** Integers of a layer for all samples. */
function integersOf(
  layer: QuantLayer,
  stores: ReadonlyMap<string, LevelStore>,
  samples: number,
  range: ValueRange,
  scale: number,
  zero: number,
): LevelStore {
  const replay = openReplay(layer, stores, samples);
  const { values } = replay.layer;
  const data = levelArray(range, samples * values.length);
  for (let sample = 0; sample < samples; sample++) {
    replay.run(sample);
    data.set(values, sample * values.length);
  }
  return { shape: layer.shape, data, range, scale, zero };
}

/** Frees the integers that no later layer reads. */
function dropUnread(stores: Map<string, LevelStore>, later: readonly FoldedLayer[]): void {
  const read = new Set(
    later.flatMap((layer) => (layer.kind === "pool" ? [layer.from] : layer.terms.map((term) => term.from))),
  );
  for (const name of stores.keys()) if (!read.has(name)) stores.delete(name);
}
