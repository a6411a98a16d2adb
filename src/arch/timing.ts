import type { CoreConfig } from "./core-config.js";

/**
 * Clock cycles of the core: the same numbers as the cycle table of `hdl/README.md`.
 *
 * A pass is a walk and what comes after its last visit. Row i of the walk (kernel row of a visit; only rows with list
 * entries, or closing their visit, matter) has `time[i]`, its place in a walk that never waits, and `n[i]` entries:
 *
 *   fill[i]  = max(fill[i-1] + time[i] - time[i-1], take[i-1] + 1)     both its pointers have been read
 *   take[i]  = max(fill[i] + 1, free[i-1])                              the gatherer takes the segment
 *   free[i]  = take[i] + n[i]                                           it could take the next one; or, when closing:
 *   token[v] = free[i] = max(take[i] + n[i] + 1, token[v-1] + lanes[v-1])
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
  /** Least from visit to visit: two step words are read and added. */
  visitPeriod: 3,
  /** Largest number of cycles by which a sample may exceed the watchdog register. */
  watchdogSlack: 1,
} as const;

/** Cycles of a pass beside its walk: filling the pipelines, and emptying them after the last neuron. */
export function passOverhead({ accumulatorBits, quotientBits }: CoreTimingConfig): number {
  const productStages = accumulatorBits > 16 ? 2 : 1;
  const divideStages = Math.max(2, quotientBits);
  return 15 + productStages + divideStages;
}

/** The part of a configuration that changes cycle counts, besides `lanes`. */
export type CoreTimingConfig = Pick<CoreConfig, "accumulatorBits" | "quotientBits">;

/** Follows the walk of a pass row by row, in cycles after the pointers of its first row have been read. */
export class WalkClock {
  /** Cycle in which the latest visit was closed. */
  token = 0;
  #delay = 0;
  #take = -1;
  #free = 0;
  #lanes = 0;

  /**
   * Walks one kernel row.
   *
   * @param time Walker time of the row.
   * @param entries List entries of its segment.
   * @param close Lanes of the visit that ends with it, or 0.
   */
  row(time: number, entries: number, close: number): void {
    if (entries === 0 && close === 0) return;
    const fill = Math.max(time + this.#delay, this.#take + 1);
    this.#delay = fill - time;
    this.#take = Math.max(fill + 1, this.#free);
    this.#free = this.#take + entries;
    if (close === 0) return;
    this.token = Math.max(this.#free + 1, this.token + this.#lanes);
    this.#free = this.token;
    this.#lanes = close;
  }
}
