import { mkdir, rename, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { dirname, join } from "node:path";
import type { BuildPlan, BuildStep } from "../../emit/plan.js";
import { type PlaceAttempt, type Placement, placeWithSeed, type SeedResult } from "./place.js";
import type { PlaceReport } from "./place-report.js";
import { trySeeds } from "./seeds.js";
import { runStep, type StepOptions } from "./step.js";

export interface FlowOptions extends StepOptions {
  /** Seeds that are placed at the same time. Default: one an idle processor, at most 4, for each takes up to 1 GB. */
  readonly parallelSeeds?: number;
}

export interface FlowResult {
  readonly best: Placement;
  readonly report: PlaceReport;
  readonly tried: readonly SeedResult[];
}

/** Mark in the arguments of a step that stands for the seed; the first step with it is place and route. */
const seedMark = `\${SEED}`;
const mostParallelSeeds = 4;

/**
 * Carry out a plan in `folder`, which receives every file of the plan and every output.
 *
 * Place and route is repeated with other seeds until one reaches the frequency that the plan aims at; without one the
 * fastest result is kept. A seed that finds no result or does not end in time is passed over.
 *
 * @throws SpikewrightError of `runTool` and `parsePlaceReport`, for place and route when no seed has a result; the reason
 * of the signal.
 */
export async function runFlow(plan: BuildPlan, folder: string, options: FlowOptions): Promise<FlowResult> {
  await writePlanFiles(plan, folder);
  const steps = plan.steps.filter((step) => !step.optional || options.tools.has(step.tool));
  const first = steps.findIndex((step) => step.arguments.includes(seedMark));
  const place = steps[first]!;
  const after = steps.slice(first + 1).filter((step) => !step.optional);

  for (const step of steps.slice(0, first)) await runStep(step, folder, options, "synthesis");
  const attempts = await trySeeds(
    plan.seeds,
    options.parallelSeeds ?? idleProcessors(),
    (seed, unwanted) => {
      const signal = options.signal ? AbortSignal.any([options.signal, unwanted]) : unwanted;
      const signOff = steps.filter((step) => step.optional);
      return placeWithSeed(seed, plan.targetHz, withSeed(place, seed), signOff, folder, { ...options, signal });
    },
    ({ result }) => result.fmaxHz !== null && result.fmaxHz >= plan.aimHz,
  );
  const best = fastest(attempts);
  for (const output of place.outputs) await rename(join(best.folder, output), join(folder, output));
  for (const step of after) await runStep(step, folder, options, "pack");
  return { best: best.placement, report: best.report, tried: attempts.map((attempt) => attempt.result) };
}

/** At least one; at most `mostParallelSeeds`. */
function idleProcessors(): number {
  const idle = availableParallelism() - Math.round(loadavg()[0]!);
  return Math.max(1, Math.min(idle, mostParallelSeeds));
}

/** Write the files of a plan into `folder`. */
export async function writePlanFiles(plan: BuildPlan, folder: string): Promise<void> {
  for (const [path, text] of plan.files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

function withSeed(step: BuildStep, seed: number): BuildStep {
  return { ...step, arguments: step.arguments.map((argument) => (argument === seedMark ? String(seed) : argument)) };
}

/** The fastest attempt, of equals the first. @throws the failure of the first attempt when all failed. */
function fastest(attempts: readonly PlaceAttempt[]): NonNullable<PlaceAttempt["placed"]> {
  const placed = attempts.flatMap((attempt) => attempt.placed ?? []);
  if (placed.length === 0) throw attempts[0]!.failure;
  return placed.reduce((best, one) => (one.placement.fmaxHz > best.placement.fmaxHz ? one : best));
}
