import type { CoreConfig } from "../../../src/arch/core-config.js";

/** What decides how long a visit takes: the list entries of its kernel rows, and the lanes it uses. */
export interface VisitShape {
  readonly rows: readonly number[];
  readonly lanes: number;
}

/**
 * The cycle table of hdl/README.md as a recurrence. Times count from the first cycle of the pass.
 *
 * @returns `cycles` of the pass without the cycle of its instruction, and those of them in which no entry is read.
 */
export function passCycles(config: CoreConfig, visits: readonly VisitShape[]): { cycles: number; stalls: number } {
  const productStages = config.accumulatorBits > 16 ? 2 : 1;
  const divideStages = Math.max(2, config.quotientBits);

  let pushed = 2; // P: the last row was handed on; before the first: the visit is taken
  let taken = -1; // S: the last segment was taken by the gather unit
  let free = 0; // the gather unit can take the next one
  let token = -1000;
  let lanes = 0;
  let reads = 0;

  visits.forEach((visit, v) => {
    const rows = visit.rows.length === 0 ? [0] : visit.rows;
    rows.forEach((entries, r) => {
      const right = pushed + (r > 0 ? 1 : v === 0 ? 2 : rows.length === 1 ? 3 : 1);
      const close = r === rows.length - 1;
      pushed = Math.max(right + 1, taken + 1);
      if (entries === 0 && !close) return;
      taken = Math.max(pushed + 1, free);
      free = taken + entries;
      reads += entries;
      if (close) {
        token = Math.max(free + 1, token + lanes);
        lanes = visit.lanes;
        free = token;
      }
    });
  });

  const cycles = token + 4 + productStages + (lanes - 1) + 2 + divideStages + 4 + 1;
  return { cycles, stalls: cycles - reads };
}
