import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trySeeds } from "../../src/toolchain/flow/seeds.js";

/** Ends after `delay` turns of the event loop, or with the signal. */
async function endLater<T>(delay: number, signal: AbortSignal, value: T): Promise<T> {
  for (let turn = 0; turn < delay; turn++) {
    await new Promise(setImmediate);
    signal.throwIfAborted();
  }
  return value;
}

describe("trySeeds", () => {
  it("gives the same results however many run side by side and whichever ends first", async () => {
    const tries = fc.array(fc.record({ good: fc.boolean(), delay: fc.nat(5) }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(tries, fc.integer({ min: 1, max: 8 }), async (all, parallel) => {
        const seeds = all.map((_, at) => at + 1);
        const found = await trySeeds(
          seeds,
          parallel,
          (seed, signal) => endLater(all[seed - 1]!.delay, signal, seed),
          (seed) => all[seed - 1]!.good,
        );
        const first = all.findIndex((one) => one.good);
        expect(found).toEqual(first < 0 ? seeds : seeds.slice(0, first + 1));
      }),
    );
  });

  it("never runs more at once than it may, and starts none after one was enough", async () => {
    let [running, most, started] = [0, 0, 0];
    const attempt = async (seed: number): Promise<number> => {
      started++;
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return seed;
    };
    await trySeeds([1, 2, 3, 4, 5, 6, 7, 8], 2, attempt, (seed) => seed === 3);
    expect(most).toBe(2);
    expect(started).toBeLessThan(6);
  });

  it("stops the others and fails when one fails", async () => {
    const signals: AbortSignal[] = [];
    const attempt = async (seed: number, signal: AbortSignal): Promise<number> => {
      signals.push(signal);
      if (seed === 2) throw new Error("broken");
      return await endLater(1000, signal, seed);
    };
    await expect(trySeeds([1, 2, 3], 3, attempt, () => false)).rejects.toThrow("broken");
    expect(signals[0]!.aborted).toBe(true);
  });
});
