import type { Moments } from "./moments.js";
import { roundWeight, type WeightRange } from "./threshold.js";

/** Order in which weights are rounded, last first: those with the largest variance have the most others to make up for them. */
export function roundingOrder({ n, covariance }: Moments): Int32Array {
  const variance = (i: number): number => covariance[i * n + i]!;
  return Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => variance(a) - variance(b) || a - b);
}

/**
 * Rounds the weights of one channel one after the other, each time moving those not yet rounded so that the sums change
 * least: nearest-plane rounding on the lattice of the covariance (Babai 1986; the same result as GPTQ, arXiv 2210.17323).
 *
 * @param factor Cholesky factor of the damped covariance in rounding order.
 * @param weights Weights of the channel in rounding order, in levels of the result.
 * @param theta Grid: integers stand for `1 / theta` levels.
 * @param rounded Receives the integers, in rounding order.
 * @param moved Room for as many numbers.
 * @returns Expected squared error of the sums, in squared levels.
 */
export function roundSequentially(
  factor: Float64Array,
  weights: Float64Array,
  theta: number,
  range: WeightRange,
  rounded: Int32Array,
  moved: Float64Array,
): number {
  const n = weights.length;
  moved.fill(0);
  let error = 0;
  for (let j = n - 1; j >= 0; j--) {
    const pivot = factor[j * n + j]!;
    const center = weights[j]! + moved[j]! / pivot;
    const q = roundWeight(center, theta, range);
    rounded[j] = q;
    error += (pivot * (center - q / theta)) ** 2;
    const own = weights[j]! - q / theta;
    if (own !== 0) for (let i = 0, at = j * n; i < j; i++, at++) moved[i]! += factor[at]! * own;
  }
  return error;
}
