import { join } from "node:path";
import { connect } from "../runtime/connect.js";
import { CycleLinkEngine } from "../sim/virtual/link-engine.js";
import { virtualTransport } from "../sim/virtual/virtual-transport.js";
import type { Schedule } from "../snn/graph.js";
import { packageRoot } from "../support/package-root.js";
import type { ToolchainKind } from "../toolchain/tool.js";
import type { VerbContext } from "./context.js";
import { type BuildCoreResult, buildCore } from "./hardware/build.js";
import { loadInto } from "./hardware/load-network.js";
import { convert } from "./model/convert.js";
import { evaluateFloat } from "./model/evaluate-float.js";
import { readLabels } from "./model/input.js";
import { coreOfBoard } from "./network/core-choice.js";
import { evaluateEngine, evaluateNetwork, type SpikingAccuracyResult } from "./network/evaluate-network.js";
import { openNetwork, readLevels } from "./network/read-network.js";
import { simulate } from "./network/simulate.js";
import { type VerifyResult, verify } from "./network/verify.js";

export interface DemoOptions {
  /** Folder for what the demo makes. Default `build/demo`. */
  readonly output?: string;
  readonly board?: string;
  readonly toolchain?: ToolchainKind;
  /** Leave the bitstream out. */
  readonly skipBuild?: boolean;
}

export interface DemoResult {
  readonly network: string;
  /** One line an engine; `board` is the virtual board over the link. */
  readonly accuracy: readonly (Omit<SpikingAccuracyResult, "engine"> & { readonly engine: string })[];
  readonly verified: readonly (VerifyResult & { readonly schedule: string })[];
  readonly mismatches: number;
  readonly build: BuildCoreResult | null;
  readonly linkErrors: number;
  /** Spike raster of one digit. */
  readonly raster: string;
  readonly seconds: number;
}

/** Samples that the slower schedules are compared on. */
const fewSamples = 100;

/** The whole path on the bundled example: model, network, proof of equality, bitstream, virtual board. */
export async function demo(options: DemoOptions = {}, context: VerbContext = {}): Promise<DemoResult> {
  const start = performance.now();
  const output = options.output ?? "build/demo";
  const board = options.board ?? "icebreaker";
  const example = join(packageRoot(), "examples/digits");
  const model = join(example, "model.json");
  const files = { data: join(example, "test-images.idx.gz"), labels: join(example, "test-labels.idx.gz") };
  const quiet: VerbContext = {
    ...(context.progress ? { progress: context.progress } : {}),
    ...(context.signal ? { signal: context.signal } : {}),
  };
  const network = join(output, "digits.spk");
  const raster = join(output, "digits-raster.svg");

  await convert(
    model,
    { output: network, calibrate: join(example, "train-images.idx.gz"), weights: 4, activations: 4 },
    quiet,
  );
  const accuracy: SpikingAccuracyResult[] = [await evaluateFloat(model, files, quiet)];
  for (const engine of ["quantized", "cycle"] as const) {
    accuracy.push(await evaluateNetwork(network, { ...files, engine, board }, quiet));
  }
  const verified: VerifyResult[] = [];
  for (const schedule of ["graded", "radix", "unary", "pipelined"] as const satisfies readonly Schedule[]) {
    const limit = schedule === "graded" ? {} : { limit: fewSamples };
    const engines = ["quantized", "snn", "cycle"] as const;
    verified.push(await verify(network, { data: files.data, engines, schedule, ...limit }, quiet));
  }
  await simulate(network, { data: files.data, index: 3, schedule: "pipelined", raster }, quiet);
  const build = options.skipBuild
    ? null
    : await buildCore({ board, output: join(output, board), toolchain: options.toolchain ?? "auto" }, quiet);

  const onBoard = await runVirtual(network, files, board, quiet);
  accuracy.push(onBoard.result);
  return {
    network,
    accuracy,
    verified,
    mismatches: verified.reduce((sum, v) => sum + v.mismatches + v.cycleMismatches, 0),
    build,
    linkErrors: onBoard.linkErrors,
    raster,
    seconds: (performance.now() - start) / 1000,
  };
}

/** Loads the network over the link into a virtual board and runs every sample through its packets. */
async function runVirtual(
  path: string,
  files: { readonly data: string; readonly labels: string },
  board: string,
  context: VerbContext,
): Promise<{ readonly result: SpikingAccuracyResult; readonly linkErrors: number }> {
  const network = await openNetwork(path);
  const { samples, levels } = await readLevels(files.data, network, {}, context);
  const labels = await readLabels(files.labels, samples, {});
  const device = await connect(virtualTransport(`virtual ${board}`, new CycleLinkEngine(coreOfBoard(board))));
  try {
    await loadInto(device, network, network.schedule, context);
    const result = await evaluateEngine(
      { engine: "board", run: (sample) => device.run(sample), runMany: (batch) => device.runMany(batch) },
      levels,
      labels,
      context,
    );
    return { result, linkErrors: device.statistics.linkErrors };
  } finally {
    await device.close();
  }
}
