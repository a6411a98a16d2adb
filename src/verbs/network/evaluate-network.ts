import type { SampleResult } from "../../arch/device.js";
import type { VerbContext } from "../context.js";
import type { AccuracyResult } from "../model/evaluate-float.js";
import { type DataOptions, readLabels } from "../model/input.js";
import { classOf, isDynamics, openAnyNetwork, readAnyLevels } from "./any-network.js";
import { type EngineOptions, type OpenEngine, openEngine, type simulatedEngines } from "./open-engine.js";

export interface EvaluateNetworkOptions extends DataOptions, EngineOptions {
  readonly data: string;
  readonly labels?: string;
  /** Default `quantized`, or `snn` for a network with dynamics. */
  readonly engine?: (typeof simulatedEngines)[number];
}

/** Accuracy with the counts of NeuroBench where the engine has them. */
export interface SpikingAccuracyResult extends AccuracyResult {
  readonly spikesPerSample?: number;
  readonly synapticOperationsPerSample?: number;
  readonly cyclesPerSample?: { readonly mean: number; readonly min: number; readonly max: number };
}

const batchSize = 50;

/** Accuracy of a converted network on labelled data, on any engine. */
export async function evaluateNetwork(
  path: string,
  options: EvaluateNetworkOptions,
  context: VerbContext = {},
): Promise<SpikingAccuracyResult> {
  const network = await openAnyNetwork(path);
  const { samples, levels } = await readAnyLevels(options.data, network, options, context);
  const labels = await readLabels(options.labels, samples, options);
  const engine = await openEngine(
    options.engine ?? (isDynamics(network) ? "snn" : "quantized"),
    network,
    options,
    context,
  );
  try {
    return await evaluateEngine(engine, levels, labels, context, (decision) => classOf(network, decision));
  } finally {
    await engine.close();
  }
}

/**
 * Accuracy and counts of an engine over levels and labels of equal number.
 *
 * @param toClass The class that a decision stands for.
 */
export async function evaluateEngine(
  engine: Pick<OpenEngine, "engine" | "run" | "runNow" | "runMany">,
  levels: readonly Uint8Array[],
  labels: Int32Array,
  context: VerbContext,
  toClass: (decision: number) => number = (decision) => decision,
): Promise<SpikingAccuracyResult> {
  const tally = new Tally();
  const start = performance.now();
  for (let begin = 0; begin < levels.length; begin += batchSize) {
    // gives Ctrl-C its turn
    await new Promise(setImmediate);
    context.signal?.throwIfAborted();
    const batch = levels.slice(begin, begin + batchSize);
    const results = engine.runNow
      ? batch.map((sample) => engine.runNow!(sample))
      : engine.runMany
        ? await engine.runMany(batch)
        : await runOneByOne(engine, batch);
    results.forEach((result, n) => {
      tally.add({ ...result, decision: toClass(result.decision) }, labels[begin + n]!);
    });
    context.progress?.({ stage: engine.engine, done: begin + batch.length, total: levels.length, unit: "samples" });
  }
  return tally.result(engine.engine, (performance.now() - start) / 1000);
}

async function runOneByOne(engine: Pick<OpenEngine, "run">, batch: readonly Uint8Array[]): Promise<SampleResult[]> {
  const results: SampleResult[] = [];
  for (const sample of batch) results.push(await engine.run(sample));
  return results;
}

/** Sums over samples. */
class Tally {
  #samples = 0;
  #correct = 0;
  #spikes = 0;
  #operations = 0;
  #cycles = 0;
  #minCycles = Number.POSITIVE_INFINITY;
  #maxCycles = 0;
  #hasCounts = false;
  #hasCycles = false;

  add(result: SampleResult, label: number): void {
    this.#samples++;
    if (result.decision === label) this.#correct++;
    if (result.operations !== undefined) {
      this.#hasCounts = true;
      this.#operations += result.operations;
      this.#spikes += result.spikes ?? 0;
    }
    if (result.cycles === undefined) return;
    this.#hasCycles = true;
    this.#cycles += result.cycles;
    this.#minCycles = Math.min(this.#minCycles, result.cycles);
    this.#maxCycles = Math.max(this.#maxCycles, result.cycles);
  }

  result(engine: string, wallSeconds: number): SpikingAccuracyResult {
    const samples = this.#samples;
    const counts = {
      spikesPerSample: this.#spikes / samples,
      synapticOperationsPerSample: this.#operations / samples,
    };
    const cyclesPerSample = { mean: this.#cycles / samples, min: this.#minCycles, max: this.#maxCycles };
    return {
      engine,
      samples,
      accuracy: this.#correct / samples,
      wallSeconds,
      samplesPerSecond: samples / wallSeconds,
      ...(this.#hasCounts ? counts : {}),
      ...(this.#hasCycles ? { cyclesPerSample } : {}),
    };
  }
}
