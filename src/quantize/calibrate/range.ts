import type { Staircase } from "../fold/folded.js";

/**
 * How the real value of one level is chosen from the activations seen: the largest fits (`max`), the given percentage of
 * those above 0 fits (`percentile`), or the mean squared error of rounding and clipping is least (`mse`).
 */
export type RangeMethod =
  | { readonly kind: "max" }
  | { readonly kind: "percentile"; readonly percent: number }
  | { readonly kind: "mse" };

/** Levels of a staircase. */
export interface Levels {
  readonly min: number;
  readonly max: number;
}

/** Ranges that the search tries, as share of the largest magnitude. */
const shares = Array.from({ length: 96 }, (_, i) => 1 - i / 100);

/**
 * Chooses the real value of one level.
 *
 * @param charges Real values before the staircase, of any neurons and samples; a few hundred thousand are enough.
 * @returns A number above 0; 1 where nothing was ever above 0.
 */
export function chooseScale(charges: Float32Array, staircase: Staircase, levels: Levels, method: RangeMethod): number {
  const magnitudes = activeMagnitudes(charges, staircase, levels);
  const largest = magnitudes.at(-1) ?? 0;
  if (largest === 0) return 1;
  if (method.kind === "max") return largest / levels.max;
  if (method.kind === "percentile") {
    const at = Math.ceil((method.percent / 100) * magnitudes.length) - 1;
    return magnitudes[Math.max(0, at)]! / levels.max;
  }
  let best = largest / levels.max;
  let least = Infinity;
  for (const share of shares) {
    const scale = (share * largest) / levels.max;
    const error = squaredError(magnitudes, scale, levels.max);
    if (error < least) {
      least = error;
      best = scale;
    }
  }
  return best;
}

/** Magnitudes of the activations that are not 0, ascending. */
function activeMagnitudes(charges: Float32Array, staircase: Staircase, levels: Levels): Float32Array {
  const low = staircase.kind === "clip" ? Math.max(staircase.min, levels.min < 0 ? -Infinity : 0) : -Infinity;
  const high = staircase.kind === "clip" ? staircase.max : Infinity;
  const active = new Float32Array(charges.length);
  let count = 0;
  for (const z of charges) {
    const y = Math.min(high, Math.max(low, z));
    if (y !== 0) active[count++] = Math.abs(y);
  }
  return active.subarray(0, count).sort();
}

function squaredError(magnitudes: Float32Array, scale: number, max: number): number {
  let sum = 0;
  for (const y of magnitudes) {
    const error = y - scale * Math.min(max, Math.floor(y / scale + 0.5));
    sum += error * error;
  }
  return sum;
}
