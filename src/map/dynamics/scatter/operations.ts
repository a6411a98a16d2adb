import type { FieldValues } from "../../../program/instruction.js";
import type { Operation } from "../code/operation.js";
import { modulo, pointerOf } from "../code/passes.js";
import type { DynamicsPlan } from "../plan.js";
import type { SynapseRow } from "../shape/walk-rows.js";
import type { SynapseLists } from "./synapse-lists.js";

/**
 * Adds synapses to currents as early in a step as their spikes are there: those of inputs and of earlier steps before any
 * population has its pass, list by list, so that instructions that follow each other read the same one.
 */
export function earlyScatters(plan: DynamicsPlan, step: number): readonly Operation[] {
  const order = [...plan.sources.keys()];
  return [...plan.synapseLists]
    .filter(([row]) => isEarly(plan, row))
    .sort(([a], [b]) => order.indexOf(a.source) - order.indexOf(b.source) || a.delay - b.delay)
    .map((entry) => scatter(plan, entry, step));
}

/** Adds the synapses of a population whose spikes are of the same step, before its pass. */
export function lateScatters(plan: DynamicsPlan, population: string, step: number): readonly Operation[] {
  const targets = new Map(plan.graph.projections.map(({ name, target }) => [name, target]));
  return [...plan.synapseLists]
    .filter(([row]) => !isEarly(plan, row) && targets.get(row.projection) === population)
    .map((entry) => scatter(plan, entry, step));
}

function isEarly({ graph }: DynamicsPlan, { source, delay }: SynapseRow): boolean {
  return delay > 0 || graph.inputs.some(({ name }) => name === source);
}

function scatter(
  plan: DynamicsPlan,
  [{ projection, source, delay }, { base }]: readonly [SynapseRow, SynapseLists],
  step: number,
): Operation {
  const registers = new Map<string, FieldValues>([
    ["origin-pointer", { address: pointerOf(plan, plan.sources.get(source)!, step - delay) }],
    ["weight-base", { row: modulo(base) }],
  ]);
  return { kind: "scatter", registers, projection };
}
