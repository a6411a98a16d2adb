import { solve } from "./cholesky.js";
import { type Design, dampedFactor, type Moments } from "./moments.js";

/**
 * Adds `sign * levels * weights` to the residual of each row and channel.
 *
 * @param residual `rows x channels`.
 * @param weights `columns x channels`.
 */
export function addProduct(
  residual: Float64Array,
  { rows, columns, levels }: Design,
  weights: Float64Array,
  channels: number,
  sign: 1 | -1,
): void {
  for (let row = 0; row < rows; row++) {
    const out = row * channels;
    for (let i = 0; i < columns; i++) {
      const x = sign * levels[row * columns + i]!;
      if (x === 0) continue;
      for (let c = 0, w = i * channels; c < channels; c++, w++) residual[out + c]! += x * weights[w]!;
    }
  }
}

/** Takes the mean of each channel off: a bias makes up for it. */
export function center(residual: Float64Array, rows: number, channels: number): void {
  const mean = new Float64Array(channels);
  for (let i = 0; i < residual.length; i++) mean[i % channels]! += residual[i]! / rows;
  for (let i = 0; i < residual.length; i++) residual[i]! -= mean[i % channels]!;
}

/**
 * How to change the weights of a design so that the sums make up for a residual, without going far: ridge regression.
 *
 * @param ridge Share of the mean variance that holds the weights in place.
 * @returns `columns x channels`.
 */
export function correction(
  design: Design,
  moments: Moments,
  residual: Float64Array,
  channels: number,
  ridge: number,
): Float64Array {
  const { rows, columns: n, levels } = design;
  const change = new Float64Array(n * channels);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < n; i++) {
      const x = levels[row * n + i]!;
      if (x === 0) continue;
      // The residual is centered, so the mean of x adds nothing.
      for (let c = 0, at = i * channels, from = row * channels; c < channels; c++)
        change[at + c]! += x * residual[from + c]!;
    }
  }
  for (let i = 0; i < change.length; i++) change[i]! /= rows;
  const factor = dampedFactor(moments, ridge);
  if (factor === undefined) return change.fill(0);
  solve(factor, n, change, channels);
  return change;
}
