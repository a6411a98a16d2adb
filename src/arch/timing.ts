import type { CoreConfig } from "./core-config.js";

/**
 * Clock cycles of the core: the same numbers as the cycle table of `hdl/README.md`.
 *
 * A pass is a walk and what comes after its last visit. Row i of the walk (kernel row of a visit) has `time[i]`, its
 * place in a walk that never waits, and `n[i]` list entries. A row with entries, or that closes its visit, is handed on:
 *
 *   fill[i]  = max(fill[i-1] + time[i] - time[i-1], take + 1)    both pointers are read, the row handed on last is taken
 *   take     = max(fill[i] + 1, free)                            if handed on: the gatherer takes it
 *   free     = take + n[i]                                       it could take the next one; or, when closing:
 *   token[v] = free = max(take + n[i] + 1, token[v-1] + lanes[v-1])     with dynamics + spacing instead of lanes
 *
 * The instruction takes `instruction + token of the last visit + its lanes + passOverhead` cycles.
 */
export const timing = {
  /** Any instruction. */
  instruction: 1,
  /** A jump that is taken, on top. */
  takenJump: 1,
  /** From kernel row to kernel row: two pointers are read. */
  rowPeriod: 2,
  /** Least from visit to visit: two step words are fetched and added. */
  visitPeriod: 4,
  /** Stages of a neuron with dynamics from its potential's operands to its spike. */
  dynamicsStages: 5,
  /** Least cycles from a visit of a neuron to the next: its state must have been written. */
  dynamicsRevisit: 8,
  /** `learn` and `reward`: see `learnCycles` and `rewardCycles`. */
  learnOverhead: 4,
  learnGroup: 3,
  learnPhase: 3,
  learnRow: 2,
  rewardOverhead: 1,
  rewardRow: 5,
  /** `scatter`: see `scatterCycles`. */
  scatterOverhead: 4,
  scatterEvent: 2,
  scatterSynapse: 2,
  /** A sample may take so many cycles more than the watchdog register says. */
  watchdogSlack: 1,
  /** A sample that takes more is stopped after so many cycles more than the register says. */
  watchdogStop: 3,
  /** Bits of the registers `watchdog`, `cycles`, `spikes` and `stalls`, which count modulo 2^bits. */
  cycleBits: 24,
  /** Bits of the register `operations`. */
  operationBits: 28,
} as const;

/** Cycles of a pass beside its walk: filling the pipelines, and emptying them after the last neuron. */
export function passOverhead({ accumulatorBits, quotientBits, dynamics }: CoreTimingConfig): number {
  // without products the sums are complete in the cycle of the closing token
  if (dynamics) return 14 + timing.dynamicsStages;
  return 15 + (accumulatorBits > 16 ? 2 : 1) + Math.max(2, quotientBits);
}

/** One group of lanes in a `learn`. */
export interface LearnGroup {
  readonly lanes: number;
  /** Presynaptic events. */
  readonly events: number;
  /** Presynaptic neurons, when any neuron of the group fired and there is a rule for it; else 0. */
  readonly rows: number;
}

/** Cycles of a `learn`, without that of its instruction. */
export function learnCycles(groups: Iterable<LearnGroup>): number {
  const { learnOverhead, learnGroup, learnPhase, learnRow } = timing;
  const phase = (rows: number) => (rows > 0 ? learnPhase + learnRow * rows : 0);
  let cycles = learnOverhead;
  for (const { lanes, events, rows } of groups) cycles += learnGroup + lanes + phase(events) + phase(rows);
  return cycles;
}

/** Cycles of a `reward` over so many rows of `lanes` weights, without that of its instruction: a weight a cycle. */
export function rewardCycles(rows: number, lanes: number): number {
  return timing.rewardOverhead + (timing.rewardRow + lanes) * rows;
}

/** Cycles of a `scatter` over so many events that have so many synapses together, without that of its instruction. */
export function scatterCycles(events: number, synapses: number): number {
  return timing.scatterOverhead + timing.scatterEvent * events + timing.scatterSynapse * synapses;
}

/** The part of a configuration that changes cycle counts, besides `lanes`. */
export type CoreTimingConfig = Pick<CoreConfig, "accumulatorBits" | "quotientBits" | "dynamics">;

/** Follows the walk of a pass row by row, in cycles after the pointers of its first row have been read. */
export class WalkClock {
  /** Cycle in which the latest visit was closed. */
  token = 0;
  #delay = 0;
  #take = -1;
  #free = 0;
  #gap = 0;
  readonly #spacing: number;

  /** @param spacing Cycles from token to token, of passes with dynamics; 0: the lanes of the earlier visit. */
  constructor(spacing = 0) {
    this.#spacing = spacing;
  }

  /**
   * Walks one kernel row.
   *
   * @param time Walker time of the row.
   * @param entries List entries of its segment.
   * @param close Lanes of the visit that ends with it, or 0.
   */
  row(time: number, entries: number, close: number): void {
    const fill = Math.max(time + this.#delay, this.#take + 1);
    this.#delay = fill - time;
    if (entries === 0 && close === 0) return;
    this.#take = Math.max(fill + 1, this.#free);
    this.#free = this.#take + entries;
    if (close === 0) return;
    this.token = Math.max(this.#free + 1, this.token + this.#gap);
    this.#free = this.token;
    this.#gap = this.#spacing > 0 ? this.#spacing : close;
  }
}
