import type { DynamicsPlan } from "./plan.js";
import { currentRange } from "./scatter/current-bound.js";
import type { SynapseLists } from "./scatter/synapse-lists.js";
import { type ProjectionRows, rowsOfWalk } from "./shape/weights.js";

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
  /** Synaptic currents that may be set, where synapses are lists. */
  readonly currents?: readonly [least: number, most: number];
}

/** A projection: for each of its delays, and for synapses that learn and those that do not, a matrix or lists. */
export interface PlacedProjection {
  readonly name: string;
  readonly parts: readonly PlacedPart[];
  readonly lists: readonly SynapseLists[];
}

/** Synapses as a matrix, see `readMatrix`: `[source][target]`, or taps and channels of a window. */
export interface PlacedPart {
  readonly weights: ProjectionRows;
  readonly eligibilities?: ProjectionRows;
  /** Place of each element of the matrix in the weights of the projection; -1: no synapse. */
  readonly places: Int32Array;
}

export function placementOf(plan: DynamicsPlan): DynamicsPlacement {
  const { layouts, blocks, synapseLists, eligibilities, graph, config } = plan;
  const targets = new Map(graph.projections.map(({ name, target }) => [name, target]));
  return {
    lanes: config.lanes,
    populations: graph.populations.map(({ name }) => {
      const { size, state, parameters, parameterCount } = layouts.populations.get(name)!;
      const lists = [...synapseLists.keys()].filter(({ projection }) => targets.get(projection) === name);
      const currents = lists.length > 0 ? { currents: currentRange(graph, name, lists) } : {};
      return { name, size, state, parameters, parameterCount, ...currents };
    }),
    projections: graph.projections.map(({ name, target }) => {
      const block = blocks.get(target);
      const parts = (block?.walk ?? [])
        .filter((row) => row.projection === name)
        .map((row) => {
          const own = eligibilities.get(row);
          return { weights: rowsOfWalk(block!, row), ...(own && { eligibilities: own }), places: row.places };
        });
      const lists = [...synapseLists].filter(([row]) => row.projection === name).map(([, own]) => own);
      return { name, parts, lists };
    }),
  };
}
