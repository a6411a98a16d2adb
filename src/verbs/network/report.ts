import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { CoreConfig } from "../../arch/core-config.js";
import { findBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import type { Mapping } from "../../map/map.js";
import { summarizeBuild } from "../../report/core-build/summary.js";
import { buildPage } from "../../report/html/build-page.js";
import { networkPage } from "../../report/html/network-page.js";
import { coreClocks } from "../../report/network/clocks.js";
import { Measurement } from "../../report/network/measurement.js";
import { summarizeNetwork } from "../../report/network/summary.js";
import type { BuildReport, CoreClock, MeasuredSummary, NetworkReport, ReportResult } from "../../report/result.js";
import { CycleDevice } from "../../sim/cycle/device.js";
import { type Network, readNetwork } from "../../snn/file.js";
import type { Schedule, SnnGraph } from "../../snn/graph.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import { type DataOptions, readLabels } from "../model/input.js";
import { writeWhole } from "../write-file.js";
import { type CoreChoice, mapToChosenCore } from "./core-choice.js";
import { readLevels } from "./read-network.js";
import { stepSpikes } from "./step-spikes.js";

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

/**
 * Reports on a build folder or a network file.
 *
 * @param path A folder made by `build`, or a network made by `convert`.
 * @throws `build-missing`, `build-damaged`, `option-not-for-build`, `data-missing`; the codes of `readNetwork`, of
 *   mapping, and of reading samples; system errors of reading and writing.
 */
export async function report(
  path: string,
  options: ReportOptions = {},
  context: VerbContext = {},
): Promise<ReportResult> {
  if ((await stat(path)).isDirectory()) return await reportBuild(path, options, context);
  return await reportNetwork(path, options, context);
}

async function reportBuild(folder: string, options: ReportOptions, context: VerbContext): Promise<BuildReport> {
  const { html, ...others } = options;
  const given = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
  if (given !== undefined) {
    throw failure({
      code: "option-not-for-build",
      message: `Cannot use option ${given} for "${folder}": it is a folder, wanted a network file`,
      place: { file: folder, item: given },
      found: "a folder",
      wanted: "a network file",
      hint: "Leave the option out, or name the file made by: spikewright convert",
    });
  }
  const summary = await summarizeBuild(folder);
  const { file, state } = summary.bitstream;
  if (state !== "intact") {
    context.warn?.({
      code: "bitstream-changed",
      severity: "warning",
      message: `The bitstream "${file}" is ${state}: it is not what the build made`,
      place: { file },
      found: state,
      hint: "Build again, or do not trust the numbers",
    });
  }
  if (html === undefined) return summary;
  await writeWhole(html, buildPage(summary));
  return { ...summary, files: [html] };
}

async function reportNetwork(path: string, options: ReportOptions, context: VerbContext): Promise<NetworkReport> {
  if (options.data === undefined && (options.labels !== undefined || options.limit !== undefined)) throw dataMissing();
  const bytes = new Uint8Array(await readFile(path));
  const network = readNetwork(bytes, path);
  const catalog = loadBoards();
  const board = options.board === undefined ? undefined : findBoard(catalog, options.board);
  const schedule = options.schedule ?? network.schedule;
  const { mapping, config } = mapToChosenCore(network.snn, options, { schedule }, context);
  const clocks = coreClocks(catalog, config, board);
  const samples = options.data === undefined ? undefined : await openSamples(options.data, network, options, context);
  const result: NetworkReport = {
    ...summarizeNetwork(network, mapping, config, clocks),
    file: path,
    digest: createHash("sha256").update(bytes).digest("hex"),
    measured: samples ? await measure(network.snn, { mapping, config, clocks }, samples, context) : null,
    files: options.html === undefined ? [] : [options.html],
  };
  if (options.html !== undefined) {
    await writeWhole(
      options.html,
      networkPage(result, samples && { index: 0, ...stepSpikes(network.snn, "pipelined", samples.levels[0]!) }),
    );
  }
  return result;
}

function dataMissing() {
  return failure({
    code: "data-missing",
    message: "Cannot measure: labels or a limit were given, but no samples",
    place: { item: "--data" },
    hint: "Give the samples with --data",
  });
}

interface LabeledLevels {
  readonly levels: readonly Uint8Array[];
  readonly labels: Int32Array | undefined;
}

async function openSamples(
  data: string,
  network: Network,
  options: ReportOptions,
  context: VerbContext,
): Promise<LabeledLevels> {
  const { samples, levels } = await readLevels(data, network, options, context);
  const isLabeled = options.labels !== undefined || samples.labels !== undefined;
  return { levels, labels: isLabeled ? await readLabels(options.labels, samples, options) : undefined };
}

interface MappedCore {
  readonly mapping: Mapping;
  readonly config: CoreConfig;
  readonly clocks: readonly CoreClock[];
}

/** Runs every sample on the very program that the rest of the report is about. */
async function measure(
  graph: SnnGraph,
  { mapping, config, clocks }: MappedCore,
  { levels, labels }: LabeledLevels,
  context: VerbContext,
): Promise<MeasuredSummary> {
  const device = new CycleDevice(config);
  device.loadNow(mapping.program);
  const measurement = new Measurement(graph);
  for (let n = 0; n < levels.length; n++) {
    if (n % batchSize === 0) {
      // gives an interruption the chance to be heard
      await new Promise(setImmediate);
      context.signal?.throwIfAborted();
      context.progress?.({ stage: "measure", done: n, total: levels.length, unit: "samples" });
    }
    measurement.add(device.runNow(levels[n]!, { watch: true }), labels?.[n]);
  }
  context.progress?.({ stage: "measure", done: levels.length, total: levels.length, unit: "samples" });
  return measurement.result(clocks);
}
