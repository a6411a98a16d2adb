import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitThresholds } from "../../src/quantize/calibrate/threshold-fit.js";

/** Level of each sum: by the list of least sums, and by the fit. */
function levels(reach: Float64Array, low: number, fit: { theta: number; v0: number; factor: number }, sum: number) {
  const high = low + reach.length;
  const wanted = low + reach.filter((t) => sum >= t).length;
  const found = Math.min(high, Math.max(low, Math.floor((fit.factor * sum + fit.v0) / fit.theta)));
  return { wanted, found };
}

describe("thresholds of trained quantisers in integers", () => {
  it("are exact for every sum where the fit says so, and off by at most one level where not", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: -8, max: 0 }),
        fc.double({ min: 0.05, max: 40, noNaN: true }),
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.integer({ min: 1, max: 127 }),
        fc.integer({ min: 1, max: 60 }),
        (steps, low, spacing, bias, most, range) => {
          const reach = Float64Array.from({ length: steps }, (_, j) => Math.ceil((low + 0.5 + j) * spacing - bias));
          const fit = fitThresholds(reach, low, [-range, range], most);
          if (!fit) return;
          let different = 0;
          for (let sum = -range; sum <= range; sum++) {
            const { wanted, found } = levels(reach, low, fit, sum);
            if (wanted !== found) different++;
          }
          if (fit.moved === 0) expect(different).toBe(0);
          else expect(different).toBeGreaterThan(0);
        },
      ),
      { seed: 5, numRuns: 2000 },
    );
  });

  it("two thresholds need no factor", () => {
    expect(fitThresholds(Float64Array.of(-3, 4), -1, [-50, 50], 127)).toEqual({
      theta: 7,
      v0: 3,
      factor: 1,
      moved: 0,
      distance: 0,
    });
  });

  it("uneven thresholds are refused", () => {
    expect(fitThresholds(Float64Array.of(-40, -39, -38, -37, 40), -1, [-50, 50], 3)).toBeUndefined();
  });
});
