import { createHash } from "node:crypto";
import { findBoard } from "../../../board/find.js";
import { loadBoards } from "../../../board/load.js";
import { summarizeDynamics } from "../../../report/dynamics/summary.js";
import { dynamicsPage } from "../../../report/html/dynamics-page.js";
import { coreClocks } from "../../../report/network/clocks.js";
import type { DynamicsReport } from "../../../report/result.js";
import { pagePalette } from "../../../report/svg.js";
import type { DynamicsNetwork } from "../../../snn/dynamics/file/file.js";
import type { VerbContext } from "../../context.js";
import { writeWhole } from "../../write-file.js";
import { classOf } from "../any-network.js";
import { mapDynamicsToChosenCore } from "../dynamics-core-choice.js";
import { sampleRaster } from "../step-drawings.js";
import { measure, openSamples, type ReportOptions } from "./measure.js";

/** Reports on a network with dynamics. */
export async function reportDynamics(
  path: string,
  bytes: Uint8Array,
  network: DynamicsNetwork,
  options: ReportOptions,
  context: VerbContext,
): Promise<DynamicsReport> {
  const catalog = loadBoards();
  const board = options.board === undefined ? undefined : findBoard(catalog, options.board);
  const { mapping, config } = mapDynamicsToChosenCore(network.graph, options);
  const clocks = coreClocks(catalog, config, board);
  const samples = options.data === undefined ? undefined : await openSamples(options.data, network, options, context);
  const core = { program: mapping.program, config, clocks };
  const result: DynamicsReport = {
    ...summarizeDynamics(network, mapping, config, clocks),
    file: path,
    digest: createHash("sha256").update(bytes).digest("hex"),
    // traces need not count spikes
    measured: samples ? await measure(core, samples, context, [], (decision) => classOf(network, decision)) : null,
    files: options.html === undefined ? [] : [options.html],
  };
  if (options.html !== undefined) {
    const sample = samples?.levels[0];
    const raster = sample && sampleRaster(network.graph, sample, "Spikes of sample 0", config.lanes, pagePalette);
    await writeWhole(options.html, dynamicsPage(result, raster));
  }
  return result;
}
