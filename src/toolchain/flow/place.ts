import { link, mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildStep } from "../../emit/plan.js";
import { SpikewrightError } from "../../support/diagnostic.js";
import { icetimeHz, type PlaceReport, parsePlaceReport, reachedHz } from "./place-report.js";
import { watchRouting } from "./routing-watch.js";
import { runStep, type StepOptions } from "./step.js";

/** What one seed gave. */
export interface Placement {
  readonly seed: number;
  /** Slower of what nextpnr and, when it ran, icetime say, Hz. */
  readonly fmaxHz: number;
  readonly nextpnrHz: number;
  /** Null when icetime is not there. */
  readonly icetimeHz: number | null;
}

/** A placement, or a seed that has none: it did not end in time or could not be routed. */
export type SeedResult =
  | Placement
  | { readonly seed: number; readonly fmaxHz: null; readonly nextpnrHz: null; readonly icetimeHz: null };

/** One try of place and route: placed, or failed. */
export interface PlaceAttempt {
  readonly result: SeedResult;
  readonly placed?: { readonly placement: Placement; readonly report: PlaceReport; readonly folder: string };
  readonly failure?: SpikewrightError;
}

/**
 * Place and route with one seed and look at its timing, in a folder of its own below `folder`.
 *
 * @param place The step of place and route with its seed.
 * @param signOff Steps that look at the timing of the result.
 * @throws SpikewrightError of `parsePlaceReport`; the reason of the signal. Failures of tools are returned.
 */
export async function placeWithSeed(
  seed: number,
  targetHz: number,
  place: BuildStep,
  signOff: readonly BuildStep[],
  folder: string,
  options: StepOptions,
): Promise<PlaceAttempt> {
  const own = join(folder, `seed-${seed}`);
  const suffix = seed === 1 ? "" : `, seed ${seed}`;
  const log = seed === 1 ? "" : `-seed-${seed}`;
  try {
    for (const input of place.inputs) await linkInto(own, folder, input);
    await runWatched(place, own, options, `place and route${suffix}`, place.tool + log);
    const report = await readReport(place, own);
    let second: number | undefined;
    for (const step of signOff) {
      second = icetimeHz(await runStep(step, own, options, `timing sign-off${suffix}`, step.tool + log));
    }
    const nextpnrHz = reachedHz(report, targetHz);
    const fmaxHz = Math.min(nextpnrHz, second ?? nextpnrHz);
    const placement = { seed, nextpnrHz, icetimeHz: second ?? null, fmaxHz };
    return { result: placement, placed: { placement, report, folder: own } };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof SpikewrightError && error.blame === "tool")) throw error;
    return { result: { seed, fmaxHz: null, nextpnrHz: null, icetimeHz: null }, failure: error };
  }
}

/** Runs the step, and stops it when the router goes round in circles. */
async function runWatched(
  step: BuildStep,
  folder: string,
  options: StepOptions,
  stage: string,
  log: string,
): Promise<void> {
  const hopeless = new AbortController();
  const watch = watchRouting((failure) => hopeless.abort(failure));
  const signal = options.signal ? AbortSignal.any([options.signal, hopeless.signal]) : hopeless.signal;
  const onLine = (tool: string, line: string): void => {
    watch(line);
    options.onLine?.(tool, line);
  };
  await runStep(step, folder, { ...options, signal, onLine }, stage, log);
}

async function linkInto(own: string, folder: string, file: string): Promise<void> {
  await mkdir(dirname(join(own, file)), { recursive: true });
  await link(join(folder, file), join(own, file));
}

async function readReport(place: BuildStep, folder: string): Promise<PlaceReport> {
  const file = join(folder, place.outputs.find((output) => output.endsWith(".json"))!);
  return parsePlaceReport(await readFile(file, "utf8"), file);
}
