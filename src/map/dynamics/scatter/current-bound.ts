import { loss } from "../../../arch/dynamics/neuron.js";
import { type DynamicsGraph, neuronCount } from "../../../snn/dynamics/graph.js";
import type { SynapseRow } from "../shape/walk-rows.js";

/** Most that one event from each source can add to, and take from, a neuron in a step. */
interface Reach {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/**
 * What a synaptic current comes to, where it can leave 16 bits while scattered synapses are added to it; undefined when it
 * never can. Sums wrap there, the definition saturates: as long as nothing leaves 16 bits, they are the same.
 *
 * A current lies within `low .. high` before a step; scattered synapses move it, then the sum of the pass, which saturates,
 * and its loss: that gives the bounds before the next step. Loss is monotonous, so bounds suffice.
 */
export function currentFault(
  graph: DynamicsGraph,
  target: string,
  scattered: readonly SynapseRow[],
  walked: readonly SynapseRow[],
): number | undefined {
  const { shape, dynamics, values } = graph.populations.find(({ name }) => name === target)!;
  const { currentLoss, currentRounding } = dynamics;
  const [lists, sums] = [scattered, walked].map((rows) => reachOf(graph, neuronCount(shape), rows)) as [Reach, Reach];
  const steps = graph.reset === "sample" ? graph.steps : Number.POSITIVE_INFINITY;
  const left = (j: number) => j - loss(j, currentLoss, currentRounding);
  const known = new Set<string>();
  for (let n = 0; n < neuronCount(shape); n++) {
    const [up, down, more, less] = [lists.up[n]!, lists.down[n]!, sums.up[n]!, sums.down[n]!];
    const key = `${up} ${down} ${more} ${less}`;
    if (known.has(key)) continue;
    known.add(key);
    let [low, high] = [0, values?.max ?? 0];
    for (let step = 0; step < steps; step++) {
      if (high + up > 32767) return high + up;
      if (low - down < -32768) return low - down;
      const [lower, higher] = [left(Math.max(low - down - less, -32768)), left(Math.min(high + up + more, 32767))];
      if (lower >= low && higher <= high) break;
      [low, high] = [Math.min(low, lower), Math.max(high, higher)];
    }
  }
  return undefined;
}

/**
 * Currents that a neuron of a population may have between steps, whatever brought them there, so that scattered synapses still
 * cannot move them out of 16 bits: where `currentFault` finds nothing, a current within them stays there or comes closer to 0.
 */
export function currentRange(
  graph: DynamicsGraph,
  target: string,
  scattered: readonly SynapseRow[],
): readonly [least: number, most: number] {
  const { shape } = graph.populations.find(({ name }) => name === target)!;
  const { up, down } = reachOf(graph, neuronCount(shape), scattered);
  return [Math.max(...down) - 32768, 32767 - Math.max(...up)];
}

function reachOf(graph: DynamicsGraph, size: number, rows: readonly SynapseRow[]): Reach {
  const [up, down] = [new Float64Array(size), new Float64Array(size)];
  for (const { projection, places } of rows) {
    const { weights } = graph.projections.find(({ name }) => name === projection)!.synapses;
    for (const [at, place] of places.entries()) {
      const weight = place < 0 ? 0 : weights[place]!;
      if (weight > 0) up[at % size]! += weight;
      else down[at % size]! -= weight;
    }
  }
  return { up, down };
}
