import type { WalkRow } from "./walk-rows.js";

/** Rows of weights of a group, when sources are walked in this order. */
export function groupRowsOf(rows: readonly WalkRow[]): { readonly step: number; readonly rows: number } {
  const step = rows.slice(0, -1).reduce((most, { size }) => Math.max(most, size), 0);
  return { step, rows: (rows.length - 1) * step + (rows.at(-1)?.size ?? 0) };
}
