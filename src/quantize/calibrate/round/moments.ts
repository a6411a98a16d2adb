import { cholesky } from "./cholesky.js";

/** Rows of levels, `rows x columns`, row-major. */
export interface Design {
  readonly rows: number;
  readonly columns: number;
  readonly levels: Float32Array;
}

/** Mean and covariance of the columns of a design. */
export interface Moments {
  readonly n: number;
  readonly mean: Float64Array;
  /** `n x n`. */
  readonly covariance: Float64Array;
}

export function momentsOf({ rows, columns: n, levels }: Design): Moments {
  const mean = new Float64Array(n);
  const covariance = new Float64Array(n * n);
  const active = new Int32Array(n);
  for (let row = 0; row < rows; row++) {
    const base = row * n;
    let count = 0;
    for (let i = 0; i < n; i++) if (levels[base + i] !== 0) active[count++] = i;
    for (let a = 0; a < count; a++) {
      const i = active[a]!;
      const x = levels[base + i]!;
      mean[i]! += x;
      for (let b = 0, at = i * n; b <= a; b++) covariance[at + active[b]!]! += x * levels[base + active[b]!]!;
    }
  }
  for (let i = 0; i < n; i++) mean[i]! /= rows;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const c = covariance[i * n + j]! / rows - mean[i]! * mean[j]!;
      covariance[i * n + j] = c;
      covariance[j * n + i] = c;
    }
  }
  return { n, mean, covariance };
}

/**
 * Cholesky factor of the covariance plus `share` of its mean diagonal.
 *
 * @param order Rows and columns are taken in this order.
 * @returns undefined when the result is not positive definite, which only numbers beyond float64 can cause.
 */
export function dampedFactor({ n, covariance }: Moments, share: number, order?: Int32Array): Float64Array | undefined {
  let mean = 0;
  for (let i = 0; i < n; i++) mean += covariance[i * n + i]! / n;
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = (order?.[i] ?? i) * n;
    for (let j = 0; j < n; j++) factor[i * n + j] = covariance[row + (order?.[j] ?? j)]!;
    // The constant keeps inputs that never fire from making the matrix singular.
    factor[i * n + i]! += share * mean + 1e-9;
  }
  return cholesky(factor, n) ? factor : undefined;
}
