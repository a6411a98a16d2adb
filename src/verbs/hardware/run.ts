import type { Schedule } from "../../snn/graph.js";
import type { VerbContext } from "../context.js";
import { type DataOptions, readLabels } from "../model/input.js";
import { classOf, openAnyNetwork, readAnyLevels, scheduleOf } from "../network/any-network.js";
import { evaluateEngine, type SpikingAccuracyResult } from "../network/evaluate-network.js";
import { loadInto } from "./load-network.js";
import { openBoard, type PortOptions } from "./open-board.js";

export interface RunOptions extends PortOptions, DataOptions {
  readonly data: string;
  readonly labels?: string;
  readonly schedule?: Schedule;
}

export interface RunResult extends Omit<SpikingAccuracyResult, "accuracy"> {
  /** Share of samples classified rightly; null without labels. */
  readonly accuracy: number | null;
  readonly port: string;
  /** Class of each sample. */
  readonly decisions: readonly number[];
  readonly linkErrors: number;
  readonly retries: number;
}

/** Drives a board: loads the network if it is not there yet, runs samples, and counts. */
export async function run(path: string, options: RunOptions, context: VerbContext = {}): Promise<RunResult> {
  const network = await openAnyNetwork(path);
  const { samples, levels } = await readAnyLevels(options.data, network, options, context);
  const hasLabels = options.labels !== undefined || samples.labels !== undefined;
  const labels = hasLabels
    ? await readLabels(options.labels, samples, options)
    : new Int32Array(samples.count).fill(-1);
  const device = await openBoard(options);
  const decisions: number[] = [];
  try {
    await loadInto(device, network, scheduleOf(network, options.schedule), context);
    const engine = {
      engine: "board" as const,
      run: (sample: Uint8Array) => device.run(sample),
      runMany: async (batch: readonly Uint8Array[]) => {
        const results = await device.runMany(batch);
        for (const result of results) decisions.push(classOf(network, result.decision));
        return results;
      },
    };
    const result = await evaluateEngine(engine, levels, labels, context, (decision) => classOf(network, decision));
    const { linkErrors, retries } = device.statistics;
    return {
      ...result,
      accuracy: hasLabels ? result.accuracy : null,
      port: options.port,
      decisions,
      linkErrors,
      retries,
    };
  } finally {
    await device.close();
  }
}
