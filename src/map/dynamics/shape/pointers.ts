import { planColumns } from "./columns.js";
import type { PointerPlan } from "./pointer-plan.js";
import { planRing } from "./ring.js";
import type { Source } from "./sources.js";
import type { WalkRow } from "./walk-rows.js";

/** Rings that may lie in each other. */
const rings = [1, 2, 4];

/**
 * @param walks Walk rows by population.
 * @param lists Lists of a source with delays; a power of two if any population has more than two rows.
 * @returns The population for which no order was found, otherwise.
 */
export function planPointers(
  sources: readonly Source[],
  walks: ReadonlyMap<string, readonly WalkRow[]>,
  lists: number,
  depth: number,
): PointerPlan | string {
  const crowded = [...walks].filter(([, rows]) => rows.length > 2);
  if (crowded.length === 0) return inSequence(sources, walks);
  const columns = planColumns(sources, walks, lists, depth);
  if (columns) return columns;
  for (const stride of rings) {
    const ring = planRing(sources, walks, { lists, stride }, depth);
    if (ring) return ring;
  }
  return crowded[0]![0];
}

function inSequence(sources: readonly Source[], walks: ReadonlyMap<string, readonly WalkRow[]>): PointerPlan {
  const bases = new Map<string, number>();
  let used = 0;
  for (const { name, pixels, lists } of sources) {
    bases.set(name, used);
    used += (pixels + 1) * lists;
  }
  const spans = new Map(sources.map(({ name, pixels }) => [name, pixels + 1]));
  const orders = new Map([...walks].map(([target, rows]) => [target, [...rows].sort((a, b) => a.size - b.size)]));
  return { at: (source, list) => bases.get(source)! + list * spans.get(source)!, orders, used };
}
