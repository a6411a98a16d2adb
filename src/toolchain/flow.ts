import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildPlan, BuildStep, BuildTool } from "../emit/plan.js";
import type { ProgressListener } from "../support/progress.js";
import { icetimeHz, type PlaceReport, parsePlaceReport, reachedHz } from "./report.js";
import { runTool } from "./run.js";
import type { ResolvedTool } from "./tool.js";

/** One try of place and route. */
interface SeedResult {
  readonly seed: number;
  /** Slower of what nextpnr and, when it ran, icetime say, Hz. */
  readonly fmaxHz: number;
  readonly nextpnrHz: number;
  /** Null when icetime is not there. */
  readonly icetimeHz: number | null;
}

export interface FlowOptions {
  /** Tools by name; optional steps whose tool is missing are left out. */
  readonly tools: ReadonlyMap<BuildTool, ResolvedTool>;
  /** Where the logs go. */
  readonly logs: string;
  readonly onProgress?: ProgressListener;
  readonly onLine?: (tool: string, line: string) => void;
  readonly signal?: AbortSignal;
}

export interface FlowResult {
  readonly best: SeedResult;
  readonly report: PlaceReport;
  readonly tried: readonly SeedResult[];
}

const seedMark = `\${SEED}`;

/**
 * Carry out a plan in `folder`, which receives every file of the plan and every output.
 *
 * Place and route is repeated with the next seed until the target frequency is reached; the fastest result is kept.
 *
 * @throws SpikewrightError of `runTool` and `parsePlaceReport`; the reason of the signal.
 */
export async function runFlow(plan: BuildPlan, folder: string, options: FlowOptions): Promise<FlowResult> {
  await writePlanFiles(plan, folder);
  const steps = plan.steps.filter((step) => !step.optional || options.tools.has(step.tool));
  const first = steps.findIndex((step) => step.arguments.includes(seedMark));
  const signOff = steps.filter((step) => step.optional);
  const after = steps.slice(first + 1).filter((step) => !step.optional);

  for (const step of steps.slice(0, first)) await runStep(step, folder, options, "synthesis");
  const tried: SeedResult[] = [];
  let best: { readonly result: SeedResult; readonly report: PlaceReport } | undefined;
  for (const seed of plan.seeds) {
    const stage = seed === 1 ? "place and route" : `place and route, seed ${seed}`;
    const place = {
      ...steps[first]!,
      arguments: steps[first]!.arguments.map((a) => (a === seedMark ? String(seed) : a)),
    };
    await runStep(place, folder, options, stage);
    const report = await readReport(place, folder);
    const result = await judge(seed, reachedHz(report, plan.targetHz), signOff, folder, options);
    tried.push(result);
    if (!best || result.fmaxHz > best.result.fmaxHz) {
      best = { result, report };
      await renameAll(place.outputs, folder, "", ".best");
    }
    if (result.fmaxHz >= plan.targetHz) break;
  }
  await renameAll(steps[first]!.outputs, folder, ".best", "");
  for (const step of after) await runStep(step, folder, options, "pack");
  return { best: best!.result, report: best!.report, tried };
}

/** Write the files of a plan into `folder`. */
export async function writePlanFiles(plan: BuildPlan, folder: string): Promise<void> {
  for (const [path, text] of plan.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function runStep(step: BuildStep, folder: string, options: FlowOptions, stage: string): Promise<string> {
  options.onProgress?.({ stage, done: 0 });
  return runTool(options.tools.get(step.tool)!, {
    arguments: step.arguments,
    folder,
    inputs: step.inputs,
    outputs: step.outputs,
    log: join(options.logs, `${step.tool}.log`),
    ...(options.onLine ? { onLine: (line) => options.onLine!(step.tool, line) } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

async function readReport(place: BuildStep, folder: string): Promise<PlaceReport> {
  const file = join(folder, place.outputs.find((output) => output.endsWith(".json"))!);
  return parsePlaceReport(await readFile(file, "utf8"), file);
}

async function judge(
  seed: number,
  nextpnrHz: number,
  signOff: readonly BuildStep[],
  folder: string,
  options: FlowOptions,
): Promise<SeedResult> {
  let second: number | undefined;
  for (const step of signOff) second = icetimeHz(await runStep(step, folder, options, "timing sign-off"));
  return { seed, nextpnrHz, icetimeHz: second ?? null, fmaxHz: Math.min(nextpnrHz, second ?? nextpnrHz) };
}

async function renameAll(files: readonly string[], folder: string, from: string, to: string): Promise<void> {
  for (const file of files) await rename(join(folder, file + from), join(folder, file + to));
}
