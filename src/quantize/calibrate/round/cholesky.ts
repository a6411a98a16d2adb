/**
 * Cholesky factor of a symmetric positive definite matrix, in place: the lower triangle of `matrix` becomes `L` with
 * `L Lᵀ = matrix`; the upper triangle is set to 0.
 *
 * @param matrix `n x n`, row-major.
 * @returns false when the matrix is not positive definite.
 */
export function cholesky(matrix: Float64Array, n: number): boolean {
  for (let first = 0; first < n; first += 4) {
    const width = Math.min(4, n - first);
    for (let i = first; i < n; i++) {
      if (width === 4) subtractProducts(matrix, n, i, first);
      else for (let j = first; j < first + width; j++) matrix[i * n + j]! -= product(matrix, i * n, j * n, first);
    }
    // The columns of the block among themselves.
    for (let j = first; j < first + width; j++) {
      for (let i = j; i < n; i++) {
        const sum = matrix[i * n + j]! - product(matrix, i * n + first, j * n + first, j - first);
        if (i > j) matrix[i * n + j] = sum / matrix[j * n + j]!;
        else if (sum > 0) matrix[j * n + j] = Math.sqrt(sum);
        else return false;
      }
    }
  }
  for (let j = 0; j < n; j++) matrix.fill(0, j * n + j + 1, (j + 1) * n);
  return true;
}

/** Takes the products of row `i` with rows `j .. j + 3`, up to column `j`, off four elements: row `i` is read once for them. */
function subtractProducts(matrix: Float64Array, n: number, i: number, j: number): void {
  const [r0, r1, r2, r3] = [j * n, (j + 1) * n, (j + 2) * n, (j + 3) * n];
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let k = 0, a = i * n; k < j; k++) {
    const x = matrix[a + k]!;
    s0 += x * matrix[r0 + k]!;
    s1 += x * matrix[r1 + k]!;
    s2 += x * matrix[r2 + k]!;
    s3 += x * matrix[r3 + k]!;
  }
  const at = i * n + j;
  // Above the diagonal lie numbers that nobody reads again.
  matrix[at]! -= s0;
  matrix[at + 1]! -= s1;
  matrix[at + 2]! -= s2;
  matrix[at + 3]! -= s3;
}

function product(matrix: Float64Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let k = 0; k < length; k++) sum += matrix[a + k]! * matrix[b + k]!;
  return sum;
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
