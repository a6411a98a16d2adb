import type { DynamicsPlan } from "../plan.js";
import { earlyScatters, lateScatters } from "../scatter/operations.js";
import { clearOperations } from "./clear.js";
import { learnOperation, rewardSections } from "./learning.js";
import type { Operation, Section } from "./operation.js";
import { encoderOperation, inputOperation, populationPasses, readoutPass } from "./passes.js";

/** The code of a network, in sections. */
export interface ProgramSections {
  /** Run once, when the program is started. */
  readonly once: readonly Section[];
  /** Samples after each other, each up to its `done`; then the first again. */
  readonly samples: readonly (readonly Section[])[];
}

/**
 * A network that is advanced step by step. The code of as many steps as a source has lists follows each other in a loop, each
 * with the addresses of its lists.
 */
export function stepSections(plan: DynamicsPlan): ProgramSections {
  const { steps, reset } = plan.graph;
  if (reset === "sample") return { once: [], samples: [sampleSections(plan, 0, true)] };
  const samples = Array.from({ length: sampleCount(plan) }, (_, sample) => sampleSections(plan, sample * steps, false));
  return { once: clearOperations(plan), samples };
}

/** Samples whose code follows each other before the lists are in the same place again. */
export function sampleCount({ graph, lists }: DynamicsPlan): number {
  let count = 1;
  while ((count * graph.steps) % lists !== 0) count++;
  return count;
}

function sampleSections(plan: DynamicsPlan, first: number, clears: boolean): readonly Section[] {
  const { graph } = plan;
  const begin: readonly Section[] = [
    ...rewardSections(plan),
    ...graph.inputs.filter(({ kind }) => kind === "current").map(({ name }) => inputOperation(plan, name, 0)),
    ...graph.populations.filter(({ values }) => values).map(({ name }) => encoderOperation(plan, name)),
  ];
  const clear = clears ? clearOperations(plan) : [];
  const end = [readoutPass(plan)];
  if (begin.length > 0) return [...begin, ...clear, ...stepsFrom(plan, first, []), ...end];
  // What the host reads after a sample has to stay until the next one begins: it is cleared behind the first input.
  return [...stepsFrom(plan, first, clear), ...end];
}

/** All steps of a sample; the clearing comes behind the first input of the first. */
function stepsFrom(plan: DynamicsPlan, first: number, clear: readonly Operation[]): readonly Section[] {
  const count = plan.graph.steps;
  const times = Math.floor(count / plan.lists);
  const run = (from: number, length: number): readonly Section[] =>
    Array.from({ length }, (_, k) => stepOperations(plan, from + k)).flat();
  const rest = run(first, count - times * plan.lists);
  if (times === 0) return withClearing(rest, clear);
  const body = run(first, plan.lists);
  if (times === 1) return [...withClearing(body, clear), ...rest];
  const turn: readonly Section[] = clear.length > 0 ? [{ kind: "first-turn", body: clear }] : [];
  return [{ kind: "loop", times, body: withClearing(body, turn) }, ...rest];
}

export function withClearing([input, ...rest]: readonly Section[], clear: readonly Section[]): readonly Section[] {
  return [input!, ...clear, ...rest];
}

function stepOperations(plan: DynamicsPlan, step: number): readonly Operation[] {
  const { inputs, populations } = plan.graph;
  return [
    ...inputs.filter(({ kind }) => kind === "events").map(({ name }) => inputOperation(plan, name, step)),
    ...earlyScatters(plan, step),
    ...populations.flatMap(({ name }) => [...lateScatters(plan, name, step), ...populationPasses(plan, name, step)]),
    ...plan.learning.map((row) => learnOperation(plan, row, step)),
  ];
}
