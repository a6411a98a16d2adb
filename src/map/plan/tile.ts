import type { Layout } from "../shape/layout.js";
import type { Unit } from "../shape/network.js";
import type { Range } from "./plan.js";

/** A part of a unit's emission that is made, read and forgotten before the next one. */
export interface Tile {
  readonly rows: Range;
  readonly groups: Range;
  /** Index of its first value in the whole emission, and number of values. */
  readonly first: number;
  readonly entries: number;
}

/** Into how many tiles the emission of a unit may be cut: between rows, or between groups of lanes of a single position. */
export function mostTiles(unit: Unit, layout: Layout): number {
  if (unit.shape[0] > 1) return unit.shape[0];
  return isSinglePosition(unit, layout) ? layout.visit.groups : 1;
}

/** Cuts the emission of a unit into `count` tiles of nearly equal size. */
export function cutTiles(unit: Unit, layout: Layout, count: number): readonly Tile[] {
  const [height, width, channels] = unit.shape;
  const { visit } = layout;
  const byGroups = height === 1 && count > 1;
  const units = byGroups ? visit.groups : height;
  return Array.from({ length: count }, (_, i) => {
    const first = Math.floor((i * units) / count);
    const range = { first, count: Math.floor(((i + 1) * units) / count) - first };
    if (!byGroups) {
      const rowValues = width * channels;
      const groups = { first: 0, count: visit.groups };
      return { rows: range, groups, first: first * rowValues, entries: range.count * rowValues };
    }
    const begin = first * visit.lanes;
    const end = Math.min(channels, (first + range.count) * visit.lanes);
    return { rows: { first: 0, count: 1 }, groups: range, first: begin, entries: end - begin };
  });
}

function isSinglePosition(unit: Unit, { visit }: Layout): boolean {
  const { rows, columns, windowRows, windowColumns } = visit;
  return unit.neurons !== undefined && rows * columns * windowRows * windowColumns === 1;
}
