import { type FireRule, gradedRule, radixRules, ternaryRule } from "../arch/neuron.js";
import type { Population, Schedule, SnnGraph, SpikingPopulation } from "./graph.js";

/**
 * When each population may fire.
 *
 * Within a step, populations update in topological order and spikes reach their targets in the same step. The input is
 * injected in the first step. Outside its steps a population only integrates.
 *
 *   graded     layer by layer, 1 step each, the whole count as one payload
 *   radix      layer by layer, one step a bit of the count, largest first
 *   unary      layer by layer, `max(tracerMax, -tracerMin)` steps, one spike a step
 *   pipelined  all layers in every step, spikes of both signs, until nothing fires
 */
export interface SchedulePlan {
  readonly schedule: Schedule;
  /** Steps after which every tracer is final: proven, see `planSchedule`. */
  readonly steps: number;
  /** One entry a spiking population that fires, in topological order. */
  readonly phases: readonly Phase[];
}

/** The steps in which one population may fire: `firstStep .. firstStep + rules.length - 1`, counted from 0. */
export interface Phase {
  readonly population: string;
  readonly firstStep: number;
  /** The rule of each step. */
  readonly rules: readonly FireRule[];
}

/**
 * Plans a schedule with its proven number of steps.
 *
 * Layer by layer, a population starts when all its sources have finished, so it holds its whole charge and needs only
 * the steps of its own count. Pipelined (spike delay 0), with `L = tracerMax - tracerMin` and `T` the last step in which
 * a population can fire: `T = max(tracerMax, -tracerMin)` if it reads only the input, else `T = max over sources + L`.
 * A pool fires when its source does.
 */
export function planSchedule(graph: SnnGraph, schedule: Schedule): SchedulePlan {
  const spiking = graph.populations.filter(
    (p): p is SpikingPopulation => p.kind === "spiking" && p.preset === "st-bif",
  );
  if (schedule === "pipelined") {
    const bounds = settlingSteps(graph);
    const phases = spiking.map((p) => phase(p.name, 0, repeat(ternaryRule, bounds.get(p.name)!)));
    return { schedule, steps: longest(phases), phases };
  }
  let firstStep = 0;
  const phases = spiking.map((population) => {
    const rules = rulesOf(population, schedule);
    const planned = phase(population.name, firstStep, rules);
    firstStep += rules.length;
    return planned;
  });
  return { schedule, steps: longest(phases), phases };
}

function phase(population: string, firstStep: number, rules: readonly FireRule[]): Phase {
  return { population, firstStep, rules };
}

/** At least one step: the input is injected even into a network without spiking neurons. */
function longest(phases: readonly Phase[]): number {
  return phases.reduce((steps, p) => Math.max(steps, p.firstStep + p.rules.length), 1);
}

function rulesOf(
  { tracerMin, tracerMax }: SpikingPopulation,
  schedule: "graded" | "radix" | "unary",
): readonly FireRule[] {
  if (schedule === "graded") return [gradedRule(tracerMin, tracerMax)];
  if (schedule === "radix") return radixRules(tracerMin, tracerMax);
  return repeat(ternaryRule, Math.max(tracerMax, -tracerMin));
}

function repeat(rule: FireRule, times: number): readonly FireRule[] {
  return new Array<FireRule>(times).fill(rule);
}

/** For each population, the number of steps after which it is silent in the pipelined schedule. */
function settlingSteps(graph: SnnGraph): ReadonlyMap<string, number> {
  const sourcesOf = new Map<string, string[]>();
  for (const { source, target } of graph.projections) sourcesOf.set(target, [...(sourcesOf.get(target) ?? []), source]);
  const last = new Map<string, number>([[graph.input.name, 0]]);
  for (const population of graph.populations) last.set(population.name, settled(population, sourcesOf, last));
  return last;
}

function settled(
  population: Population,
  sourcesOf: ReadonlyMap<string, readonly string[]>,
  last: ReadonlyMap<string, number>,
): number {
  if (population.kind === "pool") return last.get(population.source)!;
  const { tracerMin, tracerMax } = population;
  const sources = Math.max(...(sourcesOf.get(population.name) ?? []).map((source) => last.get(source)!));
  return sources === 0 ? Math.max(tracerMax, -tracerMin) : sources + tracerMax - tracerMin;
}
