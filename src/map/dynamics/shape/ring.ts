import { groupRowsOf } from "./group-rows.js";
import type { PointerPlan } from "./pointer-plan.js";
import type { Source } from "./sources.js";
import type { WalkRow } from "./walk-rows.js";

/** Ways to put sources into slots that are tried at most. */
const searched = 500;
/** Slots that a ring may have. */
const mostSlots = 64;

/** A ring of slots through which all sources pass. */
interface Ring {
  readonly lists: number;
  /** Slots that a source passes in a step: as many rings lie in each other. */
  readonly stride: number;
}

/**
 * Sources behind each other: the list of step t of a source lies in slot `stride * t + shift`, modulo the slots, and what a source
 * must remember lies in every `stride`th slot before. A walk steps from slot to slot at an equal distance, if need be several
 * times around, and through slots from which nothing is wanted. Undefined when no shifts are found that serve all.
 */
export function planRing(
  sources: readonly Source[],
  walks: ReadonlyMap<string, readonly WalkRow[]>,
  ring: Ring,
  depth: number,
): PointerPlan | undefined {
  const slots = ring.lists * ring.stride;
  const width = depth / slots;
  if (slots > mostSlots || width < 2) return undefined;
  const crowded = [...walks].filter(([, rows]) => rows.length > 2);
  const names = new Set(crowded.flatMap(([, rows]) => rows.map(({ source }) => source)));
  const members = sources.filter(({ name }) => names.has(name)).sort((a, b) => b.memory - a.memory);
  const found = bestShifts(members, new Map(crowded), ring);
  if (!found) return undefined;
  const columns = new Map<string, number>();
  let column = 2;
  for (const { name, pixels } of sources) {
    columns.set(name, names.has(name) ? 0 : column);
    if (!names.has(name)) column += pixels + 1;
  }
  const at = (source: string, list: number): number =>
    modulo(ring.stride * list + (found.shifts.get(source) ?? 0), slots) * width + columns.get(source)!;
  const orders = new Map([...walks].map(([target, rows]) => [target, found.orders.get(target) ?? bySize(rows)]));
  return { at, orders, used: column > width ? depth + 1 : (slots - 1) * width + column };
}

interface Shifts {
  readonly shifts: ReadonlyMap<string, number>;
  readonly orders: ReadonlyMap<string, readonly WalkRow[]>;
}

/** The shifts with the fewest rows of weights, of those in which no source is in the slots that another needs. */
function bestShifts(
  members: readonly Source[],
  walks: ReadonlyMap<string, readonly WalkRow[]>,
  ring: Ring,
): Shifts | undefined {
  const slots = ring.lists * ring.stride;
  let best: Shifts | undefined;
  let least = Number.POSITIVE_INFINITY;
  let tried = 0;
  const ideal = [...walks.values()].reduce((sum, rows) => sum + groupRowsOf(bySize(rows)).rows, 0);
  // what must be remembered does not fit, wherever it lies
  if (members.reduce((sum, { memory }) => sum + memory + 1, 0) > slots) return undefined;
  const shifts = new Map<string, number>();
  const taken = new Set<number>();
  const place = (at: number): void => {
    const member = members[at];
    if (!member) {
      tried++;
      const orders = new Map<string, readonly WalkRow[]>();
      let cost = 0;
      for (const [target, rows] of walks) {
        const order = bestOrder(target, rows, members, shifts, ring);
        if (!order) return;
        orders.set(target, order);
        cost += groupRowsOf(order).rows;
      }
      if (cost < least) [best, least] = [{ shifts: new Map(shifts), orders }, cost];
      return;
    }
    // all depends on differences only
    for (let shift = 0; shift < (at === 0 ? 1 : slots) && tried < searched && least > ideal; shift++) {
      const own = Array.from({ length: member.memory + 1 }, (_, ago) => modulo(shift - ring.stride * ago, slots));
      if (own.length > ring.lists || own.some((slot) => taken.has(slot))) continue;
      for (const slot of own) taken.add(slot);
      shifts.set(member.name, shift);
      place(at + 1);
      for (const slot of own) taken.delete(slot);
    }
  };
  place(0);
  return best;
}

/** The shortest walk at an equal distance through all slots that a population reads. */
function bestOrder(
  target: string,
  rows: readonly WalkRow[],
  members: readonly Source[],
  shifts: ReadonlyMap<string, number>,
  ring: Ring,
): readonly WalkRow[] | undefined {
  const count = ring.lists * ring.stride;
  const slots = rows.map(({ source, delay }) => modulo(shifts.get(source)! - ring.stride * delay, count));
  const closed = closedSlots(target, members, shifts, ring);
  const wanted = new Uint8Array(count);
  for (const slot of slots) wanted[slot]!++;
  let best: readonly number[] | undefined;
  for (let distance = 0; distance < count; distance++)
    for (const start of new Set(slots)) {
      // rows of nothing cost weights and time
      const most = best?.length ?? 3 * rows.length + 8;
      const path = pathThrough(wanted, closed, start, distance, rows.length, most);
      if (path) best = path;
    }
  return best && rowsAlong(best, rows, slots, members, shifts, ring);
}

/** Slots from `start` on, `distance` apart, until all that are wanted have been seen as often as wanted; in fewer than `most`. */
function pathThrough(
  wanted: Uint8Array,
  closed: ReadonlySet<number>,
  start: number,
  distance: number,
  count: number,
  most: number,
): readonly number[] | undefined {
  const open = wanted.slice();
  const path: number[] = [];
  let left = count;
  for (let slot = start; left > 0; slot = (slot + distance) % open.length) {
    if (path.length + left >= most) return undefined;
    if (open[slot]! > 0) {
      open[slot]!--;
      left--;
    } else if (closed.has(slot)) return undefined;
    path.push(slot);
  }
  return path;
}

/** The rows that lie on a path, and rows of nothing between them. */
function rowsAlong(
  path: readonly number[],
  rows: readonly WalkRow[],
  slots: readonly number[],
  members: readonly Source[],
  shifts: ReadonlyMap<string, number>,
  ring: Ring,
): readonly WalkRow[] {
  const size = members.reduce((most, member) => Math.max(most, member.size), 0);
  const open = [...rows.keys()];
  return path.map((slot) => {
    const next = open.findIndex((row) => slots[row] === slot);
    if (next < 0) {
      const { name } = members.find((member) => agoIn(ring, shifts.get(member.name)!, slot) !== undefined)!;
      const delay = agoIn(ring, shifts.get(name)!, slot)!;
      return { projection: undefined, source: name, delay, size, learns: false, places: new Int32Array(0) };
    }
    const [row] = open.splice(next, 1);
    return rows[row!]!;
  });
}

/**
 * Slots that may not even be passed through: the list that the pass writes, older ones in the same place, and those that no
 * source ever has.
 */
function closedSlots(
  target: string,
  members: readonly Source[],
  shifts: ReadonlyMap<string, number>,
  ring: Ring,
): ReadonlySet<number> {
  const closed = new Set<number>();
  const own = members.find(({ name }) => name === target);
  for (let slot = 0; slot < ring.lists * ring.stride; slot++) {
    const agos = new Map(members.map(({ name }) => [name, agoIn(ring, shifts.get(name)!, slot)] as const));
    if ([...agos.values()].every((ago) => ago === undefined)) closed.add(slot);
    const ago = agos.get(target);
    if (!own || ago === undefined || ago % own.buffers !== 0) continue;
    const isOverwritten = [...agos].some(
      ([name, other]) => name !== target && other !== undefined && other > 0 && other < ago,
    );
    if (!isOverwritten) closed.add(slot);
  }
  return closed;
}

/** How many steps ago a source wrote a slot; undefined when it never does. */
function agoIn({ lists, stride }: Ring, shift: number, slot: number): number | undefined {
  const distance = modulo(shift - slot, lists * stride);
  return distance % stride === 0 ? distance / stride : undefined;
}

function bySize(rows: readonly WalkRow[]): readonly WalkRow[] {
  return [...rows].sort((a, b) => a.size - b.size);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
