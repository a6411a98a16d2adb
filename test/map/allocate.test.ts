import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, type Need } from "../../src/map/allocate.js";

const need = fc
  .record({ words: fc.integer({ min: 1, max: 50 }), from: fc.nat(20), length: fc.nat(8) })
  .map(({ words, from, length }): Need => ({ words, from, to: from + length }));

/** Pairs of needs that are alive at the same time and share a word. */
function collisions(needs: ReadonlyMap<number, Need>, addresses: ReadonlyMap<number, number>): string[] {
  const all = [...needs];
  return all.flatMap(([i, a], k) =>
    all.slice(k + 1).flatMap(([j, b]) => {
      const together = a.from <= b.to && b.from <= a.to;
      const share = addresses.get(i)! < addresses.get(j)! + b.words && addresses.get(j)! < addresses.get(i)! + a.words;
      return together && share ? [`${i} ${j}`] : [];
    }),
  );
}

describe("allocate", () => {
  it("never lets two blocks share a word while both live", () => {
    fc.assert(
      fc.property(fc.array(need, { maxLength: 30 }), (list) => {
        const needs = new Map(list.entries());
        const { addresses, used } = allocate(needs);
        expect(collisions(needs, addresses)).toEqual([]);
        const alive = (t: number) => list.reduce((sum, n) => sum + (n.from <= t && t <= n.to ? n.words : 0), 0);
        expect(used).toBeGreaterThanOrEqual(Math.max(0, ...Array.from({ length: 30 }, (_, t) => alive(t))));
        expect(used).toBeLessThanOrEqual(list.reduce((sum, n) => sum + n.words, 0));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("uses the words of blocks that are gone", () => {
    const needs = new Map([
      [0, { words: 10, from: 0, to: 1 }],
      [1, { words: 10, from: 2, to: 3 }],
    ]);
    expect(allocate(needs).used).toBe(10);
  });

  it("the check for shared words sees them", () => {
    const needs = new Map([
      [0, { words: 10, from: 0, to: 2 }],
      [1, { words: 10, from: 2, to: 3 }],
    ]);
    expect(
      collisions(
        needs,
        new Map([
          [0, 0],
          [1, 9],
        ]),
      ),
    ).toEqual(["0 1"]);
  });
});
