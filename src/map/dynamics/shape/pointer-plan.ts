import type { WalkRow } from "./walk-rows.js";

/**
 * Where the pointers of every list lie, and in which order the sources of a population are walked.
 *
 * A pass walks its sources as kernel rows: their pointers must be equally far apart, modulo the pointer memory, in every
 * step. Two rows always are. For more, the pointer memory is cut into as many slots as there are lists, which all sources
 * pass through step by step: side by side (`columns.ts`), or behind each other (`ring.ts`).
 */
export interface PointerPlan {
  /** Pointer word of a list. */
  readonly at: (source: string, list: number) => number;
  /** The walk rows of each population in the order of the walk. */
  readonly orders: ReadonlyMap<string, readonly WalkRow[]>;
  readonly used: number;
}
