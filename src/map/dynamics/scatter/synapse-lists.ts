import type { CoreConfig } from "../../../arch/core-config.js";
import { type ScatterSynapse, synapseRowHalves } from "../../../arch/dynamics/scatter.js";
import { writeRowHalves } from "../../../program/pass/synapse-lists.js";
import type { SynapseRow } from "../shape/walk-rows.js";

/** Synapses of a row of the walk as lists in the weight memory: a first row for each source neuron, then what is left of each. */
export interface SynapseLists {
  /** First row of source neuron 0. */
  readonly base: number;
  /** Rows of all lists. */
  readonly rows: number;
  /** Synapses of source neuron i: `first[i] .. first[i + 1] - 1`. */
  readonly first: Int32Array;
  /** Neuron that each reaches, and place of its weight in the weights of the projection. */
  readonly targets: Int32Array;
  readonly places: Int32Array;
  /** Row of each, and the lowest bit of its weight in the row. */
  readonly rowOf: Int32Array;
  readonly bitOf: Uint8Array;
}

const perRow = 2;
/** Bits from synapse to synapse in a row. */
const stride = 24;

/** Rows that the lists of a row of the walk take. */
export function listRows({ places, size }: SynapseRow): number {
  let rows = 0;
  for (let i = 0; i < size; i++) rows += Math.max(1, Math.ceil(countOf(places, i, size) / perRow));
  return rows;
}

/** Lays out the lists of a row of the walk from row `base` on. */
export function layOutLists({ places, size }: SynapseRow, base: number): SynapseLists {
  const width = places.length / size;
  const first = [0];
  const targets: number[] = [];
  const kept: number[] = [];
  const rowOf: number[] = [];
  const bitOf: number[] = [];
  let next = base + size;
  for (let i = 0; i < size; i++) {
    for (let j = 0, n = 0; j < width; j++) {
      const place = places[i * width + j]!;
      if (place < 0) continue;
      targets.push(j);
      kept.push(place);
      rowOf.push(n < perRow ? base + i : n % perRow === 0 ? next++ : next - 1);
      bitOf.push((n % perRow) * stride);
      n++;
    }
    first.push(targets.length);
  }
  return {
    base,
    rows: next - base,
    first: Int32Array.from(first),
    targets: Int32Array.from(targets),
    places: Int32Array.from(kept),
    rowOf: Int32Array.from(rowOf),
    bitOf: Uint8Array.from(bitOf),
  };
}

/**
 * Writes lists into the rows of the weight memory.
 *
 * @param weights Of the projection.
 * @param state State word of target neuron 0.
 */
export function writeLists(
  memory: Int8Array,
  { base, first, targets, places, rowOf }: SynapseLists,
  weights: Int8Array,
  state: number,
  config: CoreConfig,
): void {
  const rows = { weights: memory, stride: config.lanes, config };
  for (let i = 0; i + 1 < first.length; i++) {
    const end = first[i + 1]!;
    if (first[i] === end) writeRowHalves(rows, base + i, synapseRowHalves({ synapses: [] }));
    for (let k = first[i]!; k < end; k += perRow) {
      const synapses = Array.from(
        { length: Math.min(perRow, end - k) },
        (_, n): ScatterSynapse => ({
          target: state + targets[k + n]!,
          weight: weights[places[k + n]!]!,
        }),
      );
      const next = k + perRow < end ? rowOf[k + perRow] : undefined;
      writeRowHalves(rows, rowOf[k]!, synapseRowHalves(next === undefined ? { synapses } : { synapses, next }));
    }
  }
}

/** The synapse from a source neuron to a target neuron, or -1. */
export function findSynapse({ first, targets }: SynapseLists, source: number, target: number): number {
  for (let k = first[source] ?? 0; k < (first[source + 1] ?? 0); k++) if (targets[k] === target) return k;
  return -1;
}

function countOf(places: Int32Array, source: number, size: number): number {
  const width = places.length / size;
  let count = 0;
  for (let at = source * width; at < (source + 1) * width; at++) if (places[at]! >= 0) count++;
  return count;
}
