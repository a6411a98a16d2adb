import { type DynamicsGraph, delaysOf, memoryOf } from "../../../snn/dynamics/graph.js";
import type { Reached } from "./choice.js";

/**
 * Populations whose oldest list is never read after their pass of the step, so that this pass may write where it lies: only
 * lists of synapses read it, and they do so before the pass of their target, which is this population or one before it.
 *
 * @param walks Rows that are no lists of synapses.
 */
export function earlyReaders(graph: DynamicsGraph, walks: Reached): ReadonlySet<string> {
  const order = new Map(graph.populations.map(({ name }, n) => [name, n]));
  const isWalked = (source: string, oldest: number) =>
    [...walks.values()].some((rows) => rows.some((row) => row.source === source && row.delay === oldest));
  const names = graph.populations
    .map(({ name }) => name)
    .filter((name) => {
      const oldest = memoryOf(graph, name);
      const isLate = graph.projections.some(
        (p) => p.source === name && Math.max(...delaysOf(p)) === oldest && order.get(p.target)! > order.get(name)!,
      );
      return oldest > 0 && !isLate && !isWalked(name, oldest);
    });
  return new Set(names);
}
