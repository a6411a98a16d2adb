import type { Bin } from "../result.js";

/**
 * Counts integers in bins of equal width with round borders, without empty bins at the ends.
 *
 * @param most About the largest number of bins, at least 1.
 */
export function histogram(values: readonly number[], most = 24): readonly Bin[] {
  if (values.length === 0) return [];
  let [min, max] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const width = roundWidth((max - min + 1) / most);
  const first = Math.floor(min / width);
  const counts = new Array<number>(Math.floor(max / width) - first + 1).fill(0);
  for (const value of values) counts[Math.floor(value / width) - first]!++;
  return counts.map((samples, i) => ({ from: (first + i) * width, to: (first + i + 1) * width, samples }));
}

/** The smallest of 1, 2, 5, 10, 20, 50 … that is not below `least`. */
function roundWidth(least: number): number {
  for (let power = 1; ; power *= 10) {
    for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
  }
}
