import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QuantNode, Rounding } from "../../../src/ann/graph.js";
import { at, broadcastAt, make } from "../graphs.js";
import { checkNode } from "./harness.js";

/** Rounding by the whole numbers around `x` and their distances. */
function round(x: number, rounding: Rounding): number {
  const low = Math.floor(x);
  const high = Math.ceil(x);
  const towardsZero = x < 0 ? high : low;
  const fromZero = x < 0 ? low : high;
  const half = x - low === 0.5;
  const nearest = x - low < 0.5 ? low : high;
  switch (rounding) {
    case "up":
      return high;
    case "down":
      return low;
    case "away":
      return fromZero;
    case "zero":
      return towardsZero;
    case "half-up":
      return half ? high : nearest;
    case "half-even":
      return half ? (low % 2 === 0 ? low : high) : nearest;
    case "half-away":
      return half ? fromZero : nearest;
    case "half-zero":
      return half ? towardsZero : nearest;
  }
}

const roundings: readonly Rounding[] = ["half-even", "half-up", "half-away", "half-zero", "up", "down", "away", "zero"];
const one = (value: number) => ({ shape: [], data: Float32Array.of(value) });

/** Numbers of which every second is an exact half of the scale 1/4. */
const eighths = { range: [-6, 6], shape: (x: number) => Math.round(8 * x) / 8, tolerance: 0 } as const;

describe("quant", () => {
  for (const rounding of roundings) {
    it(`rounds ${rounding}, exactly, in every form`, async () => {
      const property = fc.asyncProperty(
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: -3, max: 3 }),
        async (signed, narrow, shiftFirst, level, bits, zero) => {
          fc.pre(!(narrow && bits === 1));
          const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - (narrow ? 2 : 1);
          const low = signed ? -(2 ** (bits - 1)) + (narrow ? 1 : 0) : 0;
          const node: Omit<QuantNode, "name" | "sourceOp" | "inputs" | "outputs"> = {
            op: "quant",
            scale: one(0.25),
            zeroPoint: one(zero),
            bitWidth: one(bits),
            signed,
            narrow,
            rounding,
            shiftFirst,
            result: level ? "level" : "real",
          };
          await checkNode(node, {
            inputs: [[96]],
            ...eighths,
            reference: ([x]) => [
              make([96], (i) => {
                const steps = at(x!, i) / 0.25;
                const q = shiftFirst ? round(steps + zero, rounding) : round(steps, rounding) + zero;
                const held = Math.max(low, Math.min(high, q));
                return level ? held : (held - zero) * 0.25;
              }),
            ],
          });
        },
      );
      await fc.assert(property, { numRuns: 12, seed: 1 });
    });
  }

  it("takes a scale, zero point and width for each channel", async () => {
    const scale = { shape: [3], data: Float32Array.of(0.5, 0.25, 1) };
    const zeroPoint = { shape: [1, 3], data: Float32Array.of(0, 1, -1) };
    const bitWidth = { shape: [2, 1], data: Float32Array.of(2, 8) };
    await checkNode(
      { op: "quant", scale, zeroPoint, bitWidth, signed: true, narrow: false, rounding: "half-even", result: "real" },
      {
        inputs: [[2, 3]],
        ...eighths,
        batch: 40,
        reference: ([x]) => [
          make([2, 3], (i) => {
            const [s, z, bits] = [broadcastAt(scale, i), broadcastAt(zeroPoint, i), broadcastAt(bitWidth, i)];
            const q = round(at(x!, i) / s, "half-even") + z;
            return (Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, q)) - z) * s;
          }),
        ],
      },
    );
  });

  it("tells half up from half to even (the check can fail)", async () => {
    const node = {
      op: "quant",
      scale: one(0.25),
      zeroPoint: one(0),
      bitWidth: one(8),
      signed: true,
      narrow: false,
    } as const;
    const reference = ([x]: readonly { readonly data: Float32Array; readonly shape: readonly number[] }[]) => [
      make([96], (i) => round(at(x!, i) / 0.25, "half-even") * 0.25),
    ];
    const check = { inputs: [[96]], ...eighths, reference };
    await expect(checkNode({ ...node, rounding: "half-up", result: "real" }, check)).rejects.toThrow(/wanted/);
  });
});

describe("bipolar quant", () => {
  it("is the scale from 0 on, else its negative", async () => {
    const scale = { shape: [4], data: Float32Array.of(1, 0.5, 2, 3) };
    await checkNode(
      { op: "bipolar-quant", scale },
      {
        inputs: [[3, 4]],
        shape: Math.round,
        tolerance: 0,
        reference: ([x]) => [make([3, 4], (i) => (at(x!, i) >= 0 ? 1 : -1) * broadcastAt(scale, i))],
      },
    );
  });
});

describe("multi-threshold", () => {
  it("counts the thresholds that a number reaches, equality included", async () => {
    const property = fc.asyncProperty(
      fc.boolean(),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(1e6),
      async (shared, count, seed) => {
        const rows = shared ? 1 : 3;
        const thresholds = make(
          [rows, count],
          ([row, k]) => Math.round(((k! * 7919 + row! * 104729 + seed) % 65) - 32) / 8,
        );
        for (let row = 0; row < rows; row++) thresholds.data.subarray(row * count, (row + 1) * count).sort();
        await checkNode(
          { op: "multi-threshold", thresholds, outScale: 0.5, outBias: -2 },
          {
            inputs: [[5, 3]],
            ...eighths,
            seed,
            reference: ([x]) => [
              make([5, 3], (i) => {
                const row = shared ? 0 : i[1]!;
                const reached = Array.from({ length: count }, (_, k) => at(thresholds, [row, k])).filter(
                  (t) => at(x!, i) >= t,
                );
                return 0.5 * reached.length - 2;
              }),
            ],
          },
        );
      },
    );
    await fc.assert(property, { numRuns: 20, seed: 1 });
  });
});
