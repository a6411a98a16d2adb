import type { FieldValues } from "../../../program/instruction.js";
import type { Operation } from "../code/operation.js";
import { modulo, pointerOf } from "../code/passes.js";
import type { DynamicsPlan } from "../plan.js";

/** Adds the synapses of a population that are lists to its currents, before its pass in a step. */
export function scatterOperations(plan: DynamicsPlan, population: string, step: number): readonly Operation[] {
  return [...plan.synapseLists].flatMap(([{ projection, source, delay }, { base }]): readonly Operation[] => {
    const { target } = plan.graph.projections.find((p) => p.name === projection)!;
    if (target !== population) return [];
    const registers = new Map<string, FieldValues>([
      ["origin-pointer", { address: pointerOf(plan, plan.sources.get(source)!, step - delay) }],
      ["weight-base", { row: modulo(base) }],
    ]);
    return [{ kind: "scatter", registers, projection }];
  });
}
