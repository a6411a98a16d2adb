import fc from "fast-check";
import { describe, it } from "vitest";
import type { Tensor } from "../../../src/support/tensor.js";
import { at, broadcastAt, indices, make, noise } from "../graphs.js";
import { checkNode } from "./harness.js";

const seed = fc.nat(1e6);

/** Mean and variance of some elements. */
function moments(x: Tensor, where: readonly (readonly number[])[]): readonly [number, number] {
  const values = where.map((index) => at(x, index));
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
}

describe("normalization", () => {
  it("batch norm equals its formula, with and without scale and offset", async () => {
    const property = fc.asyncProperty(fc.boolean(), fc.boolean(), seed, async (scaled, shifted, s) => {
      const mean = noise([4], s);
      const variance = noise([4], s + 1, 0.1, 3);
      const scale = noise([4], s + 2);
      const offset = noise([4], s + 3);
      await checkNode(
        { op: "batch-norm", mean, variance, epsilon: 1e-3, ...(scaled && { scale }), ...(shifted && { offset }) },
        {
          inputs: [[3, 2, 4]],
          seed: s,
          reference: ([x]) => [
            make([3, 2, 4], (i) => {
              const c = [i.at(-1)!];
              const normal = (at(x!, i) - at(mean, c)) / Math.sqrt(at(variance, c) + 1e-3);
              return normal * (scaled ? at(scale, c) : 1) + (shifted ? at(offset, c) : 0);
            }),
          ],
        },
      );
    });
    await fc.assert(property, { numRuns: 12, seed: 1 });
  });

  it("layer norm equals its formula over any axes", async () => {
    const axesOf = fc.constantFrom<number[]>([2], [1, 2], [0, 1, 2], [0]);
    const property = fc.asyncProperty(axesOf, fc.boolean(), seed, async (axes, affine, s) => {
      const shape = [3, 2, 5];
      const scale = noise([2, 5], s + 2);
      const offset = noise([5], s + 3);
      await checkNode(
        { op: "layer-norm", axes, epsilon: 1e-5, ...(affine && { scale, offset }) },
        {
          inputs: [shape],
          seed: s,
          reference: ([x]) => [
            make(shape, (i) => {
              const peers = indices(shape).filter((other) =>
                other.every((c, axis) => axes.includes(axis) || c === i[axis]),
              );
              const [mean, variance] = moments(x!, peers);
              const normal = (at(x!, i) - mean) / Math.sqrt(variance + 1e-5);
              return affine ? normal * broadcastAt(scale, i) + broadcastAt(offset, i) : normal;
            }),
          ],
          tolerance: 1e-5,
        },
      );
    });
    await fc.assert(property, { numRuns: 12, seed: 2 });
  });

  it("group norm equals its formula; as many groups as channels is instance norm", async () => {
    const property = fc.asyncProperty(fc.constantFrom(1, 2, 3, 6), fc.boolean(), seed, async (groups, flat, s) => {
      const shape = flat ? [5, 6] : [3, 2, 6];
      const scale = noise([6], s + 2);
      const offset = noise([6], s + 3);
      const group = (channel: number): number => Math.floor(channel / (6 / groups));
      await checkNode(
        { op: "group-norm", groups, scale, offset, epsilon: 1e-3 },
        {
          inputs: [shape],
          seed: s,
          reference: ([x]) => [
            make(shape, (i) => {
              const c = i.at(-1)!;
              const [mean, variance] = moments(
                x!,
                indices(shape).filter((other) => group(other.at(-1)!) === group(c)),
              );
              return ((at(x!, i) - mean) / Math.sqrt(variance + 1e-3)) * at(scale, [c]) + at(offset, [c]);
            }),
          ],
          tolerance: 1e-5,
        },
      );
    });
    await fc.assert(property, { numRuns: 12, seed: 3 });
  });

  it("local response norm equals its formula for odd and even sizes", async () => {
    const property = fc.asyncProperty(fc.integer({ min: 1, max: 7 }), seed, async (size, s) => {
      const node = { op: "local-response-norm", size, alpha: 0.3, beta: 0.75, bias: 1.5 } as const;
      await checkNode(node, {
        inputs: [[2, 5]],
        seed: s,
        range: [-3, 3],
        reference: ([x]) => [
          make([2, 5], ([row, c]) => {
            let sum = 0;
            for (let k = c! - Math.floor((size - 1) / 2); k <= c! + Math.ceil((size - 1) / 2); k++) {
              if (k >= 0 && k < 5) sum += at(x!, [row!, k]) ** 2;
            }
            return at(x!, [row!, c!]) / (1.5 + (0.3 / size) * sum) ** 0.75;
          }),
        ],
      });
    });
    await fc.assert(property, { numRuns: 14, seed: 4 });
  });
});
