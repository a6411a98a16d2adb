import type { Engine, SampleResult } from "../../arch/device.js";
import { compareSamples, type Difference } from "../../arch/difference.js";
import { failure, type SpikewrightError } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import type { DataOptions } from "../model/input.js";
import { openAnyNetwork, populationNames, readAnyLevels, scheduleOf } from "./any-network.js";
import { type EngineOptions, type OpenEngine, openEngine, type simulatedEngines } from "./open-engine.js";

export interface VerifyOptions extends DataOptions, EngineOptions {
  readonly data: string;
  /** Compared with the first; at least two. */
  readonly engines: readonly (typeof simulatedEngines)[number][];
}

export interface VerifyResult {
  readonly engines: readonly Engine[];
  readonly schedule: string;
  readonly samples: number;
  /** Neurons whose spike count and membrane potential were compared, over all samples and pairs of engines. */
  readonly neuronsCompared: number;
  readonly mismatches: number;
  /** Samples whose clock cycles differ between engines that count them. */
  readonly cycleMismatches: number;
  readonly first: null | (Difference & { readonly sample: number; readonly engines: readonly [Engine, Engine] });
  /** Mean clock cycles a sample, of the first engine that counts them. */
  readonly cyclesPerSample: number | null;
  readonly wallSeconds: number;
}

/** Samples handed to every engine before the next engine runs. */
const batchSize = 50;

/**
 * Runs the same samples on several engines and compares every neuron: spike count, membrane potential, decision, and
 * clock cycles where both count them.
 */
export async function verify(path: string, options: VerifyOptions, context: VerbContext = {}): Promise<VerifyResult> {
  if (options.engines.length < 2) {
    throw failure({
      code: "engines-missing",
      message: `Cannot compare: found ${options.engines.length} engine, wanted at least 2`,
      place: { item: "--engines" },
      hint: "Give two or more, e.g. --engines quantized,snn,cycle",
    });
  }
  const network = await openAnyNetwork(path);
  const { levels } = await readAnyLevels(options.data, network, options, context);
  const order = populationNames(network);
  const opened: OpenEngine[] = [];
  const start = performance.now();
  const sum = { neuronsCompared: 0, mismatches: 0, cycleMismatches: 0 };
  let first: VerifyResult["first"] = null;
  let cycles = 0;
  let counted = false;
  try {
    for (const engine of options.engines) opened.push(await openEngine(engine, network, options, context));
    for (let begin = 0; begin < levels.length; begin += batchSize) {
      // gives Ctrl-C its turn
      await new Promise(setImmediate);
      context.signal?.throwIfAborted();
      const batch = levels.slice(begin, begin + batchSize);
      const results: SampleResult[][] = [];
      for (const engine of opened) results.push(await runBatch(engine, batch));
      for (let n = 0; n < batch.length; n++) {
        const wanted = results[0]![n]!;
        const timed = results.find((r) => r[n]!.cycles !== undefined);
        if (timed) {
          counted = true;
          cycles += timed[n]!.cycles!;
        }
        results.slice(1).forEach((found, k) => {
          const comparison = compareSamples(withCycles(wanted, timed?.[n]), found[n]!, order);
          sum.neuronsCompared += comparison.neuronsCompared;
          sum.mismatches += comparison.mismatches;
          sum.cycleMismatches += comparison.cycleMismatches;
          const engines = [options.engines[0]!, options.engines[k + 1]!] as const;
          if (comparison.first) first ??= { ...comparison.first, sample: begin + n, engines };
        });
      }
      context.progress?.({ stage: "verify", done: begin + batch.length, total: levels.length, unit: "samples" });
    }
  } finally {
    for (const engine of opened) await engine.close();
  }
  return {
    engines: options.engines,
    schedule: scheduleOf(network, options.schedule),
    samples: levels.length,
    ...sum,
    first,
    cyclesPerSample: counted ? cycles / levels.length : null,
    wallSeconds: (performance.now() - start) / 1000,
  };
}

/** Cycles are compared with the first engine that counts them, which need not be the first of all. */
function withCycles(wanted: SampleResult, timed: SampleResult | undefined): SampleResult {
  return timed?.cycles === undefined || wanted.cycles !== undefined ? wanted : { ...wanted, cycles: timed.cycles };
}

async function runBatch(engine: OpenEngine, batch: readonly Uint8Array[]): Promise<SampleResult[]> {
  if (engine.runNow) return batch.map((levels) => engine.runNow!(levels, { watch: true }));
  if (engine.runMany) return await engine.runMany(batch, { watch: true });
  const results: SampleResult[] = [];
  for (const levels of batch) results.push(await engine.run(levels, { watch: true }));
  return results;
}

/** Turns a difference into an error of blame `verification`; the command line exits with 3. */
export function verificationFailure(result: VerifyResult): SpikewrightError {
  const { first } = result;
  if (!first) throw new Error("nothing differs");
  const place = first.neuron === undefined ? first.population : `${first.population}, neuron ${first.neuron}`;
  return failure(
    {
      code: "engines-differ",
      message: `Engines differ: sample ${first.sample}, ${place}: ${first.engines[1]} has ${first.what} ${first.found}, ${first.engines[0]} has ${first.wanted}`,
      place: { item: place },
      found: String(first.found),
      wanted: String(first.wanted),
      hint: "Report this with the network and the sample: all engines must be equal",
    },
    "verification",
  );
}
