import type { CoreConfig } from "../../../arch/core-config.js";
import type { Program } from "../../../program/program.js";
import { type firingLayers, Measurement } from "../../../report/network/measurement.js";
import type { CoreClock, MeasuredSummary } from "../../../report/result.js";
import { CycleDevice } from "../../../sim/cycle/device.js";
import type { Schedule } from "../../../snn/graph.js";
import type { VerbContext } from "../../context.js";
import { type DataOptions, readLabels } from "../../model/input.js";
import { type AnyNetwork, readAnyLevels } from "../any-network.js";
import type { CoreChoice } from "../core-choice.js";

export interface ReportOptions extends DataOptions, CoreChoice {
  /** Samples to measure on. Without them a report has only what can be proven. */
  readonly data?: string;
  readonly labels?: string;
  readonly schedule?: Schedule;
  /** Page to write. */
  readonly html?: string;
}

/** Samples between two looks at the signal. */
const batchSize = 50;

export interface LabeledLevels {
  readonly levels: readonly Uint8Array[];
  readonly labels: Int32Array | undefined;
}

/** Reads the samples to measure on, and their classes if there are any. */
export async function openSamples(
  data: string,
  network: AnyNetwork,
  options: ReportOptions,
  context: VerbContext,
): Promise<LabeledLevels> {
  const { samples, levels } = await readAnyLevels(data, network, options, context);
  const isLabeled = options.labels !== undefined || samples.labels !== undefined;
  return { levels, labels: isLabeled ? await readLabels(options.labels, samples, options) : undefined };
}

export interface MappedCore {
  readonly program: Program;
  readonly config: CoreConfig;
  readonly clocks: readonly CoreClock[];
}

/**
 * Runs every sample on the very program that the rest of the report is about.
 *
 * @param layers Whose spike counts are looked at.
 * @param classOf Class that a decision stands for.
 */
export async function measure(
  { program, config, clocks }: MappedCore,
  { levels, labels }: LabeledLevels,
  context: VerbContext,
  layers: ReturnType<typeof firingLayers>,
  classOf = (decision: number) => decision,
): Promise<MeasuredSummary> {
  const device = new CycleDevice(config);
  device.loadNow(program);
  const measurement = new Measurement(layers);
  for (let n = 0; n < levels.length; n++) {
    if (n % batchSize === 0) {
      // gives an interruption the chance to be heard
      await new Promise(setImmediate);
      context.signal?.throwIfAborted();
      context.progress?.({ stage: "measure", done: n, total: levels.length, unit: "samples" });
    }
    const result = device.runNow(levels[n]!, { watch: true });
    measurement.add({ ...result, decision: classOf(result.decision) }, labels?.[n]);
  }
  context.progress?.({ stage: "measure", done: levels.length, total: levels.length, unit: "samples" });
  return measurement.result(clocks);
}
