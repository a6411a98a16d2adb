/** Weights are `min .. max`. */
export interface WeightRange {
  readonly min: number;
  readonly max: number;
}

export function weightRange(bits: number): WeightRange {
  return { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 };
}

/** The finest grid on which no weight is clipped; infinite when all are 0. */
export function fittingGrid(weights: Float64Array, ranges: readonly WeightRange[]): number {
  let fit = Infinity;
  for (let i = 0; i < weights.length; i++) {
    const w = weights[i]!;
    if (w > 0) fit = Math.min(fit, ranges[i]!.max / w);
    else if (w < 0) fit = Math.min(fit, ranges[i]!.min / w);
  }
  return fit;
}

/** Most thresholds tried for a channel. */
const candidates = 160;

/**
 * Chooses the threshold of a channel, an integer, so that rounding the weights to its grid costs least: one lsb of the
 * membrane is `1 / theta` levels of the result, so weight `i` becomes `clamp(round(weights[i] * theta), range)`. Since
 * the grid follows the threshold, the threshold itself is not rounded.
 *
 * @param weights In levels of the result a level of the source.
 * @param importance Mean square of each source's level; weighs the error.
 * @param limit Largest threshold.
 */
export function chooseThreshold(
  weights: Float64Array,
  importance: Float64Array,
  ranges: readonly WeightRange[],
  limit: number,
): number {
  const fit = fittingGrid(weights, ranges);
  if (fit === Infinity) return 1;
  const first = Math.min(limit, Math.max(1, Math.floor(fit * 0.6)));
  const last = Math.min(limit, Math.ceil(fit * 3));
  const stride = Math.max(1, (last - first) / candidates);
  let best = first;
  let least = Infinity;
  for (let t = first; t <= last; t += stride) {
    const theta = Math.floor(t);
    const error = roundingError(weights, importance, ranges, theta, least);
    if (error < least) {
      least = error;
      best = theta;
    }
  }
  return best;
}

/** Nearest weight on the grid of `theta`. */
export function roundWeight(weight: number, theta: number, { min, max }: WeightRange): number {
  return Math.min(max, Math.max(min, Math.round(weight * theta)));
}

/**
 * Weighted squared error of all weights on the grid of `theta`, in squared levels. From `enough` on it does not matter by
 * how much, and the rest is left out.
 */
export function roundingError(
  weights: Float64Array,
  importance: Float64Array,
  ranges: readonly WeightRange[],
  theta: number,
  enough = Infinity,
): number {
  let sum = 0;
  for (let i = 0; i < weights.length && sum < enough; i++) {
    const error = weights[i]! - roundWeight(weights[i]!, theta, ranges[i]!) / theta;
    sum += importance[i]! * error * error;
  }
  return sum;
}
