import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildPlan, BuildTool } from "../emit/plan.js";
import { failure } from "../support/diagnostic.js";
import type { ProgressListener } from "../support/progress.js";
import { type FlowResult, runFlow, writePlanFiles } from "./flow/flow.js";
import type { CellUse } from "./flow/place-report.js";
import { fileDigest, type Manifest, manifestFile, readManifest } from "./manifest.js";
import { findTool, type ResolveOptions, resolveTool } from "./resolve.js";
import type { ResolvedTool, Tool } from "./tool.js";
import { icepack, icetime } from "./tools/icestorm.js";
import { nextpnrIce40 } from "./tools/nextpnr-ice40.js";
import { yosys } from "./tools/yosys.js";

export interface BuildOptions extends ResolveOptions {
  readonly onProgress?: ProgressListener;
  /** Every line that a tool prints. */
  readonly onLine?: (tool: string, line: string) => void;
  readonly signal?: AbortSignal;
  /** Keep a bitstream that misses its target frequency. */
  readonly allowTimingFailure?: boolean;
  /** What one run of a tool may take; place and route of a seed that takes longer is given up. Default 30 minutes. */
  readonly timeLimitMs?: number;
  /** Seeds that are placed at the same time. Default: one an idle processor, at most 4. */
  readonly parallelSeeds?: number;
}

/** What a build gives; `resources` by cell name of the place-and-route tool. */
export interface BuildResult {
  readonly board: string;
  /** Path of the bitstream. */
  readonly bitstream: string;
  readonly toolchain: Readonly<Record<string, { readonly kind: "native" | "wasm"; readonly version: string }>>;
  readonly resources: Readonly<Record<string, CellUse>>;
  readonly fmaxHz: number;
  readonly targetHz: number;
  /** Wall time of this call, seconds. */
  readonly seconds: number;
  /** Path of the manifest. */
  readonly manifest: string;
  /** True when the folder already held this very build. */
  readonly unchanged: boolean;
}

const buildTools: Readonly<Record<BuildTool, Tool>> = { yosys, "nextpnr-ice40": nextpnrIce40, icepack, icetime };

/**
 * Make the bitstream of a plan in `folder`, unless the folder holds it already.
 *
 * Everything is made in a folder beside and moved at the end, so an interrupted build leaves the old files whole. Logs
 * stay under `log/`, also those of a failed build.
 *
 * @throws SpikewrightError `tool-not-found`, `timing-not-met`, `build-folder`, those of `runTool`; the signal's reason.
 */
export async function build(plan: BuildPlan, folder: string, options: BuildOptions = {}): Promise<BuildResult> {
  const start = Date.now();
  const tools = await resolveTools(plan, options);
  const toolchain = Object.fromEntries([...tools].map(([name, { kind, version }]) => [name, { kind, version }]));
  const old = await readManifest(folder);
  if (old && (await isUnchanged(old, plan, folder, toolchain, options))) return resultOf(old, folder, start, true);

  const work = await beside(folder);
  try {
    const flow = await runFlow(plan, work, { ...options, tools, logs: join(folder, "log") });
    if (flow.best.fmaxHz < plan.targetHz && !options.allowTimingFailure) throw timingFailure(plan, flow);
    const manifest = await manifestOf(plan, flow, toolchain, work, start);
    options.signal?.throwIfAborted();
    await moveInto(folder, work, keptFiles(plan), manifest);
    return resultOf(manifest, folder, start, false);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Write only the sources of a plan into `folder`. */
export async function writeSources(plan: BuildPlan, folder: string): Promise<string[]> {
  const work = await beside(folder);
  try {
    await writePlanFiles(plan, work);
    for (const path of plan.files.keys()) await moveFile(join(work, path), join(folder, path));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return [...plan.files.keys()].map((path) => join(folder, path));
}

async function resolveTools(plan: BuildPlan, options: BuildOptions): Promise<Map<BuildTool, ResolvedTool>> {
  const tools = new Map<BuildTool, ResolvedTool>();
  for (const { tool, optional } of plan.steps) {
    const found = optional ? await findTool(buildTools[tool], options) : await resolveTool(buildTools[tool], options);
    if (found) tools.set(tool, found);
  }
  return tools;
}

async function isUnchanged(
  old: Manifest,
  plan: BuildPlan,
  folder: string,
  toolchain: BuildResult["toolchain"],
  options: BuildOptions,
): Promise<boolean> {
  if (old.digest !== plan.digest || JSON.stringify(old.toolchain) !== JSON.stringify(toolchain)) return false;
  if (old.fmaxHz < old.targetHz && !options.allowTimingFailure) return false;
  return (await fileDigest(join(folder, old.bitstream))) === old.bitstreamDigest;
}

async function manifestOf(
  plan: BuildPlan,
  flow: FlowResult,
  toolchain: BuildResult["toolchain"],
  work: string,
  start: number,
): Promise<Manifest> {
  return {
    digest: plan.digest,
    name: plan.name,
    board: plan.board,
    device: plan.device,
    toolchain: { ...toolchain },
    seed: flow.best.seed,
    tried: [...flow.tried],
    resources: { ...flow.report.resources },
    fmaxHz: flow.best.fmaxHz,
    targetHz: plan.targetHz,
    seconds: secondsSince(start),
    bitstream: plan.bitstream,
    bitstreamDigest: (await fileDigest(join(work, plan.bitstream)))!,
  };
}

/** Sources, pin constraints, place-and-route result and bitstream; the netlist between the tools is not kept. */
function keptFiles(plan: BuildPlan): string[] {
  const netlists = new Set(plan.steps.filter((step) => step.tool === "yosys").flatMap((step) => step.outputs));
  const outputs = plan.steps.flatMap((step) => step.outputs).filter((output) => !netlists.has(output));
  return [...plan.files.keys(), ...outputs];
}

async function beside(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    return await mkdtemp(join(folder, ".build-"));
  } catch (error) {
    throw failure({
      code: "build-folder",
      message: `Cannot write the build folder: ${(error as Error).message}, wanted a folder to write to`,
      place: { file: folder },
    });
  }
}

async function moveInto(folder: string, work: string, files: readonly string[], manifest: Manifest): Promise<void> {
  // without a manifest the folder counts as not built, so an interruption between two files is seen
  await rm(join(folder, manifestFile), { force: true });
  for (const file of files) await moveFile(join(work, file), join(folder, file));
  await writeFile(join(work, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
  await moveFile(join(work, manifestFile), join(folder, manifestFile));
}

async function moveFile(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

function resultOf(manifest: Manifest, folder: string, start: number, unchanged: boolean): BuildResult {
  return {
    board: manifest.board,
    bitstream: join(folder, manifest.bitstream),
    toolchain: manifest.toolchain,
    resources: manifest.resources,
    fmaxHz: manifest.fmaxHz,
    targetHz: manifest.targetHz,
    seconds: secondsSince(start),
    manifest: join(folder, manifestFile),
    unchanged,
  };
}

function timingFailure(plan: BuildPlan, flow: FlowResult): Error {
  const found = `${(flow.best.fmaxHz / 1e6).toFixed(2)} MHz`;
  const wanted = `${(plan.targetHz / 1e6).toFixed(2)} MHz`;
  return failure(
    {
      code: "timing-not-met",
      message: `Cannot reach the clock of "${plan.name}": ${found} is the best of ${flow.tried.length} seeds, wanted ${wanted}`,
      place: { item: plan.name },
      found,
      wanted,
      hint: "Ask for a lower core frequency or more seeds",
    },
    "tool",
  );
}

function secondsSince(start: number): number {
  return (Date.now() - start) / 1000;
}
