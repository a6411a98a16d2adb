/**
 * Cholesky factor of a symmetric positive definite matrix, in place: the lower triangle of `matrix` becomes `L` with
 * `L Lᵀ = matrix`; the upper triangle is set to 0.
 *
 * @param matrix `n x n`, row-major.
 * @returns false when the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, n: number): boolean {
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0, a = i * n, b = j * n; k < j; k++) sum -= matrix[a++]! * matrix[b++]!;
      if (i === j) {
        if (!(sum > 0)) return false;
        matrix[j * n + j] = Math.sqrt(sum);
      } else matrix[i * n + j] = sum / matrix[j * n + j]!;
    }
    for (let k = j + 1; k < n; k++) matrix[j * n + k] = 0;
  }
  return true;
}

/** Solves `L Lᵀ x = b` for `columns` right-hand sides, in place; `b` is `n x columns`, row-major. */
export function solve(factor: Float64Array, n: number, b: Float64Array, columns: number): void {
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) {
      const l = factor[i * n + k]!;
      if (l !== 0) for (let c = 0; c < columns; c++) b[i * columns + c]! -= l * b[k * columns + c]!;
    }
    for (let c = 0; c < columns; c++) b[i * columns + c]! /= factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = 0; c < columns; c++) b[i * columns + c]! /= factor[i * n + i]!;
    for (let k = 0; k < i; k++) {
      const l = factor[i * n + k]!;
      if (l !== 0) for (let c = 0; c < columns; c++) b[k * columns + c]! -= l * b[i * columns + c]!;
    }
  }
}
