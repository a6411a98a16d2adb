import { groupRowsOf } from "./group-rows.js";
import type { PointerPlan } from "./pointer-plan.js";
import type { Source } from "./sources.js";
import type { WalkRow } from "./walk-rows.js";

/** Sources that may be put into every order in search of one that serves all populations. */
const searched = 7;

/**
 * Sources side by side: each has a column of its own in every slot, and list k of a source with delay d lies in slot k + d, so
 * that what a pass reads in one step is in one slot. Undefined when some source reaches a population in several ways, or no
 * such order serves all.
 */
export function planColumns(
  sources: readonly Source[],
  walks: ReadonlyMap<string, readonly WalkRow[]>,
  lists: number,
  depth: number,
): PointerPlan | undefined {
  const crowded = [...walks.values()].filter((rows) => rows.length > 2);
  if (crowded.some((rows) => new Set(rows.map(({ source }) => source)).size < rows.length)) return undefined;
  const shifts = shiftsOf(crowded, lists);
  if (!shifts) return undefined;
  const names = [...new Set(crowded.flatMap((rows) => rows.map(({ source }) => source)))];
  const order = bestOrder(names, crowded);
  if (!order) return undefined;
  const columns = new Map<string, number>();
  let column = 0;
  const spanOf = (name: string) => sources.find((s) => s.name === name)!.pixels + 1;
  for (const name of [...order, ...sources.map((s) => s.name).filter((s) => !order.includes(s))]) {
    columns.set(name, column);
    column += spanOf(name);
  }
  const row = depth / lists;
  const at = (source: string, list: number): number =>
    ((((list + (shifts.get(source) ?? 0)) % lists) + lists) % lists) * row + columns.get(source)!;
  const orders = new Map([...walks].map(([target, rows]) => [target, sortedBy(rows, columns)]));
  // beyond its slot, the column of one list is the slot of another
  return { at, orders, used: column > row ? depth + 1 : (lists - 1) * row + column };
}

/** In rising or falling columns, whichever takes fewer rows of weights. */
function sortedBy(rows: readonly WalkRow[], columns: ReadonlyMap<string, number>): readonly WalkRow[] {
  const rising = [...rows].sort((a, b) => columns.get(a.source)! - columns.get(b.source)!);
  const falling = [...rising].reverse();
  return groupRowsOf(falling).rows < groupRowsOf(rising).rows ? falling : rising;
}

/** How many rows further the lists of each source lie, so that equal steps share a row; undefined when they cannot. */
function shiftsOf(walks: readonly (readonly WalkRow[])[], lists: number): ReadonlyMap<string, number> | undefined {
  const shifts = new Map<string, number>();
  const open = [...walks];
  while (open.length > 0) {
    const next = Math.max(
      0,
      open.findIndex((rows) => rows.some(({ source }) => shifts.has(source))),
    );
    const [rows] = open.splice(next, 1);
    const known = rows!.find(({ source }) => shifts.has(source));
    const base = known ? shifts.get(known.source)! - known.delay : 0;
    for (const { source, delay } of rows!) {
      const shift = base + delay;
      const before = shifts.get(source) ?? shift;
      if ((before - shift) % lists !== 0) return undefined;
      shifts.set(source, before);
    }
  }
  return shifts;
}

/** An order of the sources in which those of each walk are equally far apart, with the fewest rows of weights. */
function bestOrder(names: readonly string[], walks: readonly (readonly WalkRow[])[]): readonly string[] | undefined {
  let best: readonly string[] | undefined;
  let least = Number.POSITIVE_INFINITY;
  const candidates = names.length <= searched ? permutations(names) : [names];
  for (const order of candidates) {
    const places = new Map(order.map((name, place) => [name, place]));
    if (!walks.every((rows) => isEven(rows.map(({ source }) => places.get(source)!)))) continue;
    const cost = walks.reduce((sum, rows) => sum + groupRowsOf(sortedBy(rows, places)).rows, 0);
    if (cost >= least) continue;
    [best, least] = [order, cost];
  }
  return best;
}

function isEven(places: readonly number[]): boolean {
  const sorted = [...places].sort((a, b) => a - b);
  const step = sorted[1]! - sorted[0]!;
  return step > 0 && sorted.every((place, i) => place === sorted[0]! + i * step);
}

function* permutations(names: readonly string[]): Generator<readonly string[]> {
  if (names.length <= 1) yield names;
  else
    for (const [i, name] of names.entries())
      for (const rest of permutations([...names.slice(0, i), ...names.slice(i + 1)])) yield [name, ...rest];
}
