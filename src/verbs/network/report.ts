import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { findBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import { summarizeBuild } from "../../report/core-build/summary.js";
import { buildPage } from "../../report/html/build-page.js";
import { networkPage } from "../../report/html/network-page.js";
import { coreClocks } from "../../report/network/clocks.js";
import { firingLayers } from "../../report/network/measurement.js";
import { summarizeNetwork } from "../../report/network/summary.js";
import type { BuildReport, DynamicsReport, NetworkReport, ReportResult } from "../../report/result.js";
import { readDynamics } from "../../snn/dynamics/file/file.js";
import { isNetworkFile, readNetwork } from "../../snn/file.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import { writeWhole } from "../write-file.js";
import { mapToChosenCore } from "./core-choice.js";
import { reportDynamics } from "./report/dynamics.js";
import { measure, openSamples, type ReportOptions } from "./report/measure.js";
import { stepSpikes } from "./step-spikes.js";

export type { ReportOptions } from "./report/measure.js";

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

async function reportNetwork(
  path: string,
  options: ReportOptions,
  context: VerbContext,
): Promise<NetworkReport | DynamicsReport> {
  if (options.data === undefined && (options.labels !== undefined || options.limit !== undefined)) throw dataMissing();
  const bytes = new Uint8Array(await readFile(path));
  const dynamics = isNetworkFile(bytes) ? readDynamics(bytes, path) : undefined;
  if (dynamics) return await reportDynamics(path, bytes, dynamics, options, context);
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
    measured: samples
      ? await measure({ program: mapping.program, config, clocks }, samples, context, firingLayers(network.snn))
      : null,
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
