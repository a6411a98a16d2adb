import type { CoreConfig } from "../../../arch/core-config.js";
import { scatterCycles } from "../../../arch/timing.js";
import { type DynamicsGraph, neuronCount } from "../../../snn/dynamics/graph.js";
import { isWindowed } from "../shape/sources.js";
import type { SynapseRow } from "../shape/walk-rows.js";
import { currentFault } from "./current-bound.js";
import { listRows } from "./synapse-lists.js";

/** What reaches each population, row by row. */
export type Reached = ReadonlyMap<string, readonly SynapseRow[]>;

/** Rows that are lists of synapses, and populations whose rows cannot be, with what a current of theirs may come to. */
export interface ScatterChoice {
  readonly scattered: ReadonlySet<SynapseRow>;
  readonly overflows: ReadonlyMap<string, number>;
}

/**
 * Ways to divide the rows into lists of synapses and dense rows, to be tried in this order:
 *
 *   1. lists where they take less room than dense rows and fewer cycles an event
 *   2. lists where they take less room
 *   3. none
 *
 * Weights too wide for a dense row are in lists in any case, if those take less room. A network that is run layer by layer has no use for lists unless
 * dense rows do not fit: for it, the last way comes first.
 */
export function scatterChoices(
  graph: DynamicsGraph,
  config: CoreConfig,
  reached: Reached,
  isLayered: boolean,
): readonly ScatterChoice[] {
  const none: ScatterChoice = { scattered: new Set(), overflows: new Map() };
  if (!config.scatter) return [none];
  const candidates = [...reached].flatMap(([target, rows]) => {
    const size = neuronCount(graph.populations.find(({ name }) => name === target)!.shape);
    return rows
      .filter((row) => canScatter(graph, target, row))
      .map((row) => ({ row, target, ...costsOf(row, size, config), isWide: isWide(graph, row, config) }));
  });
  type Candidate = (typeof candidates)[number];
  const choose = (isWanted: (candidate: Candidate) => boolean): ScatterChoice => {
    const wanted = new Set(
      candidates.filter((c) => (c.isWide && c.room.lists < c.room.dense) || isWanted(c)).map(({ row }) => row),
    );
    const overflows = new Map<string, number>();
    for (const [target, rows] of reached) {
      const lists = rows.filter((row) => wanted.has(row));
      const most =
        lists.length > 0
          ? currentFault(
              graph,
              target,
              lists,
              rows.filter((row) => !wanted.has(row)),
            )
          : undefined;
      if (most === undefined) continue;
      overflows.set(target, most);
      for (const row of lists) wanted.delete(row);
    }
    return { scattered: wanted, overflows };
  };
  const ways = [
    choose(({ room, cycles }) => room.lists < room.dense && cycles.lists < cycles.dense),
    choose(({ room }) => room.lists < room.dense),
    choose(() => false),
  ];
  return isLayered ? ways.reverse() : ways;
}

/** What learns stays dense, and so does what a window walks pixel by pixel. */
function canScatter(graph: DynamicsGraph, target: string, { projection, source }: SynapseRow): boolean {
  const { plasticity } = graph.projections.find(({ name }) => name === projection)!;
  const readers = graph.projections.filter((p) => p.source === source).map((p) => p.target);
  return !plasticity && ![target, ...readers].some((name) => isWindowed(graph, name));
}

/** Rows of weights, and cycles an event of an average source neuron, either way. */
function costsOf(row: SynapseRow, targets: number, { lanes }: CoreConfig) {
  const groups = Math.ceil(targets / lanes);
  const synapses = row.places.reduce((count, place) => count + Number(place >= 0), 0);
  return {
    room: { lists: listRows(row), dense: row.size * groups },
    cycles: { lists: scatterCycles(1, synapses / row.size) - scatterCycles(0, 0), dense: groups },
  };
}

function isWide(graph: DynamicsGraph, { projection, places }: SynapseRow, { weightBits }: CoreConfig): boolean {
  const { weights } = graph.projections.find(({ name }) => name === projection)!.synapses;
  const limit = 2 ** (weightBits - 1);
  return places.some((place) => place >= 0 && (weights[place]! < -limit || weights[place]! >= limit));
}
