import fc from "fast-check";
import { describe, it } from "vitest";
import type { Tensor } from "../../../src/support/tensor.js";
import { at, make } from "../graphs.js";
import { checkNode } from "./harness.js";

const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const few = { numRuns: 25, seed: 1 };

/** `x[start : end : step]` as Python does it, on the list of indices `0..extent - 1`. */
function pythonSlice(extent: number, start: number, end: number, step: number): number[] {
  const taken: number[] = [];
  const from = start < 0 ? start + extent : start;
  const to = end < 0 ? end + extent : end;
  if (step > 0) for (let i = Math.max(0, from); i < Math.min(extent, to); i += step) taken.push(i);
  else for (let i = Math.min(extent - 1, from); i > Math.max(-1, to); i += step) taken.push(i);
  return taken;
}

describe("arrangement", () => {
  it("reshape keeps the row-major order and finds the open extent", async () => {
    const targets = fc.constantFrom([24], [2, 12], [4, -1], [-1], [3, 2, -1, 2]) as fc.Arbitrary<number[]>;
    const property = fc.asyncProperty(targets, async (shape) => {
      const known = shape.filter((extent) => extent > 0).reduce((a, b) => a * b, 1);
      const result = shape.map((extent) => (extent > 0 ? extent : 24 / known));
      await checkNode(
        { op: "reshape", shape },
        { inputs: [[2, 3, 4]], reference: ([x]) => [{ shape: result, data: x!.data }] },
      );
    });
    await fc.assert(property, { numRuns: 10, seed: 1 });
  });

  it("transpose permutes axes", async () => {
    const arranged = shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })),
    );
    const property = fc.asyncProperty(arranged, async ([shape, permutation]) => {
      const result = permutation.map((axis) => shape[axis]!);
      await checkNode(
        { op: "transpose", permutation },
        {
          inputs: [shape],
          reference: ([x]) => [
            make(result, (index) => {
              const source = shape.map((_, axis) => index[permutation.indexOf(axis)]!);
              return at(x!, source);
            }),
          ],
        },
      );
    });
    await fc.assert(property, few);
  });

  it("pad fills with a number, mirrors, or repeats the edge", async () => {
    const mode = fc.constantFrom<"constant" | "reflect" | "edge">("constant", "reflect", "edge");
    const pairs = fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 2, maxLength: 2 });
    const property = fc.asyncProperty(mode, pairs, async (kind, padding) => {
      const shape = [4, 3];
      const result = shape.map((extent, axis) => extent + padding[axis]![0] + padding[axis]![1]);
      await checkNode(
        { op: "pad", mode: kind, padding, value: 0.5 },
        {
          inputs: [shape],
          reference: ([x]) => [
            make(result, (index) => {
              const source = index.map((i, axis) => {
                const k = i - padding[axis]![0];
                const last = shape[axis]! - 1;
                if (kind === "edge") return Math.max(0, Math.min(last, k));
                if (kind === "reflect") return last - Math.abs(last - Math.abs(k));
                return k;
              });
              return source.some((k, axis) => k < 0 || k >= shape[axis]!) ? 0.5 : at(x!, source);
            }),
          ],
        },
      );
    });
    await fc.assert(property, few);
  });

  it("concat joins and split cuts", async () => {
    const property = fc.asyncProperty(
      shapes,
      fc.nat(3),
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      async (shape, choice, sizes) => {
        const axis = choice % shape.length;
        const total = sizes.reduce((a, b) => a + b, 0);
        const starts = sizes.map((_, part) => sizes.slice(0, part).reduce((a, b) => a + b, 0));
        await checkNode(
          { op: "concat", axis },
          {
            inputs: sizes.map((size) => shape.with(axis, size)),
            reference: (parts) => [
              make(shape.with(axis, total), (index) => {
                const part = starts.findLastIndex((start) => start <= index[axis]!);
                return at(parts[part]!, [...index].with(axis, index[axis]! - starts[part]!));
              }),
            ],
          },
        );
        await checkNode(
          { op: "split", axis, sizes },
          {
            inputs: [shape.with(axis, total)],
            reference: ([x]) =>
              sizes.map((size, part) =>
                make(shape.with(axis, size), (index) => at(x!, [...index].with(axis, index[axis]! + starts[part]!))),
              ),
          },
        );
      },
    );
    await fc.assert(property, few);
  });

  it("slice takes what Python takes, also backwards", async () => {
    const bound = fc.constantFrom(-(2 ** 31), -7, -3, -2, -1, 0, 1, 2, 4, 9, 2 ** 31 - 1);
    const step = fc.constantFrom(-3, -2, -1, 1, 2, 3);
    const property = fc.asyncProperty(fc.nat(2), bound, bound, step, async (axis, start, end, by) => {
      const shape = [5, 4, 3];
      const taken = pythonSlice(shape[axis]!, start, end, by);
      fc.pre(taken.length > 0);
      await checkNode(
        { op: "slice", axes: [axis], starts: [start], ends: [end], steps: [by] },
        {
          inputs: [shape],
          reference: ([x]) => [
            make(shape.with(axis, taken.length), (i) => at(x!, [...i].with(axis, taken[i[axis]!]!))),
          ],
        },
      );
    });
    await fc.assert(property, { numRuns: 80, seed: 1 });
  });

  it("slice cuts several axes at once", async () => {
    await checkNode(
      { op: "slice", axes: [2, 0], starts: [1, -1], ends: [3, -(2 ** 31)], steps: [1, -1] },
      { inputs: [[3, 2, 4]], reference: ([x]) => [make([3, 2, 2], ([a, b, c]) => at(x!, [2 - a!, b!, c! + 1]))] },
    );
  });

  it("gather takes constant indices, counted from either end, in any shape", async () => {
    const indices: Tensor = { shape: [2, 3], data: Float32Array.from([0, -1, 2, 2, 1, -3]) };
    for (const axis of [0, 1]) {
      await checkNode(
        { op: "gather", axis, indices },
        {
          inputs: [[3, 3]],
          reference: ([x]) => [
            make(axis === 0 ? [2, 3, 3] : [3, 2, 3], (index) => {
              const pick = at(indices, axis === 0 ? index.slice(0, 2) : index.slice(1));
              const k = pick < 0 ? pick + 3 : pick;
              return at(x!, axis === 0 ? [k, index[2]!] : [index[0]!, k]);
            }),
          ],
        },
      );
    }
    const scalar: Tensor = { shape: [], data: Float32Array.of(-1) };
    await checkNode(
      { op: "gather", axis: 0, indices: scalar },
      { inputs: [[4, 2]], reference: ([x]) => [make([2], ([f]) => at(x!, [3, f!]))] },
    );
  });

  it("expand and tile repeat", async () => {
    await checkNode(
      { op: "expand", shape: [2, 3, 1, 4] },
      { inputs: [[3, 5, 1]], reference: ([x]) => [make([2, 3, 5, 4], ([, b, c]) => at(x!, [b!, c!, 0]))] },
    );
    await checkNode(
      { op: "tile", repeats: [2, 1, 3] },
      { inputs: [[2, 3, 2]], reference: ([x]) => [make([4, 3, 6], ([a, b, c]) => at(x!, [a! % 2, b!, c! % 2]))] },
    );
  });
});
