import { describe, expect, it } from "vitest";
import { cholesky, solve } from "../../src/quantize/calibrate/round/cholesky.js";
import { seededRandom } from "../../src/support/random.js";

describe("Cholesky factor", () => {
  it("gives back its matrix and solves with it, for sizes around the block", () => {
    const random = seededRandom(1);
    for (let n = 1; n <= 14; n++) {
      const root = Float64Array.from({ length: n * n }, () => random() - 0.5);
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          for (let k = 0; k < n; k++) matrix[i * n + j]! += root[i * n + k]! * root[j * n + k]!;
        }
        matrix[i * n + i]! += 0.1;
      }
      const factor = matrix.slice();
      expect(cholesky(factor, n)).toBe(true);
      const x = Float64Array.from({ length: 2 * n }, () => random());
      const b = new Float64Array(2 * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += factor[i * n + k]! * factor[j * n + k]!;
          expect(sum).toBeCloseTo(matrix[i * n + j]!, 10);
          if (j > i) expect(factor[i * n + j]).toBe(0);
          b[2 * i]! += matrix[i * n + j]! * x[2 * j]!;
          b[2 * i + 1]! += matrix[i * n + j]! * x[2 * j + 1]!;
        }
      }
      solve(factor, n, b, 2);
      b.forEach((value, i) => {
        expect(value).toBeCloseTo(x[i]!, 8);
      });
    }
  });

  it("refuses matrices that are not positive definite", () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBe(false);
    expect(cholesky(Float64Array.of(Number.NaN), 1)).toBe(false);
  });
});
