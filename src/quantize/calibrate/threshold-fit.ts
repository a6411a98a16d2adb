import type { ValueRange } from "../bounds.js";

/** `level = floor((factor * sum + v0) / theta)`. */
export interface Fit {
  readonly theta: number;
  readonly v0: number;
  readonly factor: number;
  /** Levels whose least sum is another than wanted. */
  readonly moved: number;
  /** Largest distance of a least sum from the wanted one. */
  readonly distance: number;
}

/** Largest threshold and initial membrane. */
const limit = 2 ** 30;
/** Thresholds tried beside the nearest one. */
const beside = 3;

/**
 * Finds whole numbers with which level `low + 1 + j` is reached by just the sums from `reach[j]` on.
 *
 * A threshold that no sum lies next to may be anywhere beyond the sums.
 *
 * @param reach Least sum for each level, ascending; infinite where none or every sum reaches it.
 * @param sums Least and largest sum.
 * @param most Largest factor.
 * @returns The fit with the least factor; where none is exact, the one that moves the fewest levels; undefined where
 * some level would be off by more than half the distance of levels.
 */
export function fitThresholds(reach: Float64Array, low: number, [min, max]: ValueRange, most: number): Fit | undefined {
  const wanted = reach.map((t) => Math.min(max + 1, Math.max(min, t)));
  const inside = [...wanted.keys()].filter((j) => wanted[j]! > min && wanted[j]! <= max);
  const spacing = spacingOf(reach, inside, max - min + 1);
  let best: Fit | undefined;
  for (let factor = 1; factor <= most; factor++) {
    const near = Math.round(spacing * factor);
    for (let k = 0; k <= 2 * beside; k++) {
      const theta = near + (k % 2 === 0 ? k / 2 : -(k + 1) / 2);
      if (theta < 1 || theta > limit) continue;
      const v0 = startOf(wanted, low, theta, factor, min, max);
      if (Math.abs(v0) > limit) continue;
      const fit = { theta, v0, factor, ...shiftsOf({ theta, v0, factor }, wanted, low, min, max) };
      if (fit.moved === 0) return fit;
      const isBetter =
        best === undefined ||
        fit.distance < best.distance ||
        (fit.distance === best.distance && fit.moved < best.moved);
      if (fit.distance <= Math.max(1, spacing / 2) && isBetter) best = fit;
    }
  }
  return best;
}

/** Mean distance of the thresholds that sums lie around; the whole range where there is one or none. */
function spacingOf(reach: Float64Array, inside: readonly number[], range: number): number {
  const finite = [...reach.keys()].filter((j) => Number.isFinite(reach[j]!));
  const [first, last] = inside.length > 1 ? [inside[0]!, inside.at(-1)!] : [finite[0] ?? 0, finite.at(-1) ?? 0];
  return last > first ? Math.max(1e-3, (reach[last]! - reach[first]!) / (last - first)) : range;
}

/** Initial membrane in the middle of what all levels allow, or between what they ask for at most. */
function startOf(wanted: Float64Array, low: number, theta: number, factor: number, min: number, max: number): number {
  let least = -Infinity;
  let most = Infinity;
  for (let j = 0; j < wanted.length; j++) {
    const level = (low + 1 + j) * theta;
    const t = wanted[j]!;
    if (t <= max) least = Math.max(least, level - factor * t);
    if (t > min) most = Math.min(most, level - factor * (t - 1) - 1);
  }
  if (least === -Infinity) return most;
  return most === Infinity ? least : Math.floor((least + most) / 2);
}

/** How many levels begin elsewhere, and how far off. */
function shiftsOf(
  { theta, v0, factor }: Pick<Fit, "theta" | "v0" | "factor">,
  wanted: Float64Array,
  low: number,
  min: number,
  max: number,
): Pick<Fit, "moved" | "distance"> {
  let moved = 0;
  let distance = 0;
  for (let j = 0; j < wanted.length; j++) {
    const found = Math.min(max + 1, Math.max(min, Math.ceil(((low + 1 + j) * theta - v0) / factor)));
    if (found === wanted[j]) continue;
    distance = Math.max(distance, Math.abs(found - wanted[j]!));
    moved++;
  }
  return { moved, distance };
}
