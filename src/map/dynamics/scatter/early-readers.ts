import { type DynamicsGraph, memoryOf } from "../../../snn/dynamics/graph.js";
import type { Reached } from "./choice.js";

/**
 * Populations whose oldest list no pass walks, so that the pass that writes the newest may do so where it lies: lists of synapses
 * have read what comes from earlier steps before any pass.
 *
 * @param walks Rows that are no lists of synapses.
 */
export function earlyReaders(graph: DynamicsGraph, walks: Reached): ReadonlySet<string> {
  const isWalked = (source: string, oldest: number) =>
    [...walks.values()].some((rows) => rows.some((row) => row.source === source && row.delay === oldest));
  const names = graph.populations
    .map(({ name }) => name)
    .filter((name) => {
      const oldest = memoryOf(graph, name);
      return oldest > 0 && !isWalked(name, oldest);
    });
  return new Set(names);
}
