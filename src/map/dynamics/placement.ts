import type { DynamicsPlan } from "./plan.js";
import { type ProjectionRows, projectionRows } from "./shape/weights.js";

/** Where the parts of a network lie in the memories of a core. */
export interface DynamicsPlacement {
  readonly lanes: number;
  readonly populations: readonly PlacedPopulation[];
  readonly projections: readonly PlacedProjection[];
}

export interface PlacedPopulation {
  readonly name: string;
  readonly size: number;
  /** State word of neuron 0. */
  readonly state: number;
  /** Parameter word of neuron 0; neuron n has word `n mod parameterCount`. */
  readonly parameters: number;
  readonly parameterCount: number;
}

/** Weights as a matrix, see `readMatrix`: `[source][target]`, or taps and channels of a window. */
export interface PlacedProjection {
  readonly name: string;
  readonly weights: ProjectionRows;
  readonly eligibilities?: ProjectionRows;
}

export function placementOf(plan: DynamicsPlan): DynamicsPlacement {
  const { layouts, blocks, eligibilities, graph, config } = plan;
  return {
    lanes: config.lanes,
    populations: graph.populations.map(({ name }) => {
      const { size, state, parameters, parameterCount } = layouts.populations.get(name)!;
      return { name, size, state, parameters, parameterCount };
    }),
    projections: graph.projections.map(({ name, target }) => {
      const own = eligibilities.get(name);
      const block = blocks.get(target)!;
      return { name, weights: projectionRows(block, name), ...(own && { eligibilities: own }) };
    }),
  };
}
