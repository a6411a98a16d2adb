import { signed } from "./bits.js";

/**
 * Sparse synapses of a core with `scatter`: lists in the weight memory, one for each presynaptic neuron.
 *
 * An event of neuron i walks the list that begins in row `weight-base + i`. For each of its synapses, in order:
 *
 *   J[target] = J[target] + weight        16 bits, wraps as sums do: who makes programs proves that it cannot
 *
 * The events of an instruction are walked one after the other, in list order. Nothing else in a state word changes. Because
 * `integrate` (`neuron.ts`) drives with `sat(J + sum)`, what is added to J before a pass is the same as what is added to the sum
 * in it; with a current loss of 4096 nothing of it is left afterwards.
 *
 * A row has 64 bits: synapse 0 in [23:0], synapse 1 in [47:24], the row in which the list goes on in [61:48], and in [63:62] how
 * many synapses the list still has in this row: 0 (of a first row only), 1, 2, or 3 for two and more in the next row. A synapse: weight [7:0], signed;
 * state word of its target [23:8]. Address bits beyond a memory do not count.
 */
export interface SynapseRow {
  /** At most two; two if there is a next row. */
  readonly synapses: readonly ScatterSynapse[];
  /** Weight row, 0..16383. */
  readonly next?: number;
}

export interface ScatterSynapse {
  /** State word of the postsynaptic neuron. */
  readonly target: number;
  /** lsb, -128..127. */
  readonly weight: number;
}

/** Bits of a row of synapses; a core with `scatter` has rows of weights of that many. */
export const synapseRowBits = 64;

/** A row as two 32-bit halves, low half first. */
export type RowHalves = readonly [low: number, high: number];

export function synapseRowHalves({ synapses, next }: SynapseRow): RowHalves {
  const [first = 0, second = 0] = synapses.map(({ target, weight }) => (weight & 0xff) | (target << 8));
  const count = next === undefined ? synapses.length : 3;
  return [first | (second << 24), (second >>> 8) | ((next ?? 0) << 16) | (count << 30)];
}

export function readSynapseRow([low, high]: RowHalves): SynapseRow {
  const words = [low & 0xffffff, (low >>> 24) | ((high & 0xffff) << 8)].slice(0, high >>> 30);
  const synapses = words.map((word) => ({ target: word >>> 8, weight: signed(word, 8) }));
  return high >>> 30 === 3 ? { synapses, next: (high >>> 16) & 0x3fff } : { synapses };
}

/** What a synapse makes of a synaptic current. */
export function scatterCurrent(current: number, weight: number): number {
  return signed(current + weight, 16);
}
