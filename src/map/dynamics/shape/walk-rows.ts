import {
  type DynamicsGraph,
  type DynamicsProjection,
  delaysOf,
  neuronCount,
  type Shape3,
} from "../../../snn/dynamics/graph.js";
import { placesOf, tapsOf } from "../../../snn/dynamics/synapse-list.js";
import { isWindowed } from "./sources.js";

/** A row of the walk into a population: synapses from one source, of spikes so many steps ago. */
export interface WalkRow {
  /** Undefined: a row that is only on the way to others, without synapses. */
  readonly projection: string | undefined;
  readonly source: string;
  readonly delay: number;
  /** Rows of weights that the walk may read. */
  readonly size: number;
  /** These synapses learn. */
  readonly learns: boolean;
  /** Place of each weight of the row in the weights of the projection, `[source][target]`, or taps of a window; -1: no synapse. */
  readonly places: Int32Array;
}

/** A row with synapses. */
export type SynapseRow = WalkRow & { readonly projection: string };

/**
 * Rows of the walk into a population, in the order of its projections: one for each delay, and where only some synapses
 * learn, one for those that do and one for those that do not.
 */
export function walkRowsOf(graph: DynamicsGraph, target: string): readonly SynapseRow[] {
  const shapes = new Map([...graph.inputs, ...graph.populations].map(({ name, shape }) => [name, shape]));
  const isWindow = isWindowed(graph, target);
  return graph.projections
    .filter((p) => p.target === target)
    .flatMap((p) =>
      isWindow ? [windowRow(p, shapes.get(p.source)!)] : rowsOf(p, shapes.get(p.source)!, shapes.get(target)!),
    );
}

function windowRow(projection: DynamicsProjection, shape: Shape3): SynapseRow {
  const places = Int32Array.from(projection.synapses.weights, (_, k) => k);
  // who walks windows has one delay, however it is given
  const [delay] = delaysOf(projection);
  const { name, source } = projection;
  return { projection: name, source, delay: delay!, size: neuronCount(shape), learns: false, places };
}

function rowsOf(projection: DynamicsProjection, source: Shape3, target: Shape3): readonly SynapseRow[] {
  const { plasticity } = projection;
  const size = neuronCount(source);
  return tapsOf(projection, source, target).flatMap(({ delay, list }): readonly SynapseRow[] => {
    const places = placesOf(list, neuronCount(target));
    const row = { projection: projection.name, source: projection.source, delay, size };
    const learned = places.map((place) => (place >= 0 && plasticity?.enabled?.[place] !== 0 ? place : -1));
    if (!plasticity || !hasSynapses(learned)) return [{ ...row, learns: false, places }];
    const fixed = places.map((place, at) => (learned[at] === place ? -1 : place));
    const own = { ...row, learns: true, places: learned };
    return hasSynapses(fixed) ? [own, { ...row, learns: false, places: fixed }] : [own];
  });
}

function hasSynapses(places: Int32Array): boolean {
  return places.some((place) => place >= 0);
}
