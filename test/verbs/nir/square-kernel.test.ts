import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { squareKernel } from "../../../src/verbs/nir/square-kernel.js";

const side = fc.integer({ min: 1, max: 5 });
const axis = fc.record({
  kernel: side,
  stride: fc.integer({ min: 1, max: 3 }),
  before: fc.nat(4),
  extent: fc.integer({ min: 3, max: 12 }),
  after: fc.nat(4),
});

/** Positions in the source that a result reads, one list a result; padding is below 0 or beyond the extent. */
function reads(results: number, stride: number, padding: number, kernel: readonly number[]): number[][] {
  return Array.from({ length: results }, (_, k) => kernel.map((tap) => k * stride - padding + tap));
}

describe("squareKernel", () => {
  it("reads the same values with equal padding on both sides", () => {
    let square = 0;
    fc.assert(
      fc.property(axis, axis, (a, b) => {
        const both = [a, b].map((x) => ({
          ...x,
          before: Math.min(x.before, x.kernel - 1),
          after: Math.min(x.after, x.kernel - 1),
        }));
        const target = both.map((x) => Math.floor((x.extent + x.before + x.after - x.kernel) / x.stride) + 1);
        fc.pre(target.every((n) => n >= 1));
        const pair = <T>(of: (x: (typeof both)[number]) => T): [T, T] => [of(both[0]!), of(both[1]!)];
        const window = { kernel: pair((x) => x.kernel), stride: pair((x) => x.stride), padding: pair((x) => x.before) };
        const found = squareKernel(
          window,
          pair((x) => x.extent),
          target as [number, number],
        )!;
        expect(found).toBeDefined();
        both.forEach((x, k) => {
          const [size, padding, lead] = [found.kernel[k]!, found.padding[k]!, found.lead[k]!];
          expect(Math.floor((x.extent + 2 * padding - size) / x.stride) + 1).toBe(target[k]);
          expect(lead + x.kernel).toBeLessThanOrEqual(size);
          const taps = [...Array(x.kernel).keys()];
          expect(
            reads(
              target[k]!,
              x.stride,
              padding,
              taps.map((tap) => tap + lead),
            ),
          ).toEqual(reads(target[k]!, x.stride, x.before, taps));
        });
        if (found.kernel[0] === found.kernel[1]) square++;
      }),
      { seed: 3, numRuns: 500 },
    );
    expect(square).toBeGreaterThan(300);
  });

  it("keeps what is square and even", () => {
    expect(squareKernel({ kernel: [3, 3], stride: [2, 2], padding: [1, 1] }, [8, 8], [4, 4])).toEqual({
      kernel: [3, 3],
      padding: [1, 1],
      lead: [0, 0],
    });
  });
});
