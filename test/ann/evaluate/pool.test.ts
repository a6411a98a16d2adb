import fc from "fast-check";
import { describe, it } from "vitest";
import type { UpsampleNode } from "../../../src/ann/graph.js";
import type { Tensor } from "../../../src/support/tensor.js";
import { at, indices, make } from "../graphs.js";
import { checkNode } from "./harness.js";

/** Values under a window, padded cells as undefined. */
function cells(
  x: Tensor,
  index: readonly number[],
  size: readonly number[],
  strides: readonly number[],
  padding: readonly (readonly [number, number])[],
  dilations: readonly number[],
): readonly (number | undefined)[] {
  return indices(size).map((cell) => {
    const where = size.map(
      (_, axis) => index[axis]! * strides[axis]! + cell[axis]! * dilations[axis]! - padding[axis]![0],
    );
    const outside = where.some((coordinate, axis) => coordinate < 0 || coordinate >= x.shape[axis]!);
    return outside ? undefined : at(x, [...where, index.at(-1)!]);
  });
}

const axis = fc
  .record({
    size: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    extra: fc.integer({ min: 0, max: 4 }),
    before: fc.nat(3),
    after: fc.nat(3),
  })
  .map((w) => {
    const reach = (w.size - 1) * w.dilation + 1;
    return { ...w, reach, before: Math.min(w.before, reach - 1), after: Math.min(w.after, reach - 1) };
  });

describe("pool", () => {
  for (const spatial of [1, 2]) {
    it(`equals the definition over ${spatial} axes: padding, strides, dilation`, async () => {
      const kinds = fc.constantFrom(["max", false], ["average", false], ["average", true]) as fc.Arbitrary<
        ["max" | "average", boolean]
      >;
      const axes = fc.array(axis, { minLength: spatial, maxLength: spatial });
      const property = fc.asyncProperty(
        axes,
        kinds,
        fc.boolean(),
        fc.nat(1e6),
        async (window, [kind, includePadding], dilated, seed) => {
          const size = window.map((w) => w.size);
          const strides = window.map((w) => w.stride);
          const dilations = window.map((w) => (dilated ? w.dilation : 1));
          const padding = window.map((w) =>
            dilated
              ? ([w.before, w.after] as const)
              : ([Math.min(w.before, w.size - 1), Math.min(w.after, w.size - 1)] as const),
          );
          const extents = window.map((w) => w.reach + w.extra);
          const spatialOut = extents.map(
            (extent, a) =>
              Math.floor(
                (extent + padding[a]![0] + padding[a]![1] - (size[a]! - 1) * dilations[a]! - 1) / strides[a]!,
              ) + 1,
          );
          await checkNode(
            { op: "pool", kind, size, strides, padding, includePadding, ...(dilated && { dilations }) },
            {
              inputs: [[...extents, 2]],
              seed,
              reference: ([x]) => [
                make([...spatialOut, 2], (index) => {
                  const all = cells(x!, index, size, strides, padding, dilations);
                  const seen = all.filter((value) => value !== undefined);
                  if (kind === "max") return Math.max(...seen);
                  return seen.reduce((a, b) => a + b, 0) / (includePadding ? all.length : seen.length);
                }),
              ],
            },
          );
        },
      );
      await fc.assert(property, { numRuns: 60, seed: 5 });
    });
  }
});

describe("global pool", () => {
  it("folds all spatial axes", async () => {
    const property = fc.asyncProperty(
      fc.constantFrom<"max" | "average">("max", "average"),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
      async (kind, keepDims, spatial) => {
        const shape = keepDims ? [...spatial.map(() => 1), 3] : [3];
        await checkNode(
          { op: "global-pool", kind, keepDims },
          {
            inputs: [[...spatial, 3]],
            reference: ([x]) => [
              make(shape, (index) => {
                const values = indices(spatial).map((where) => at(x!, [...where, index.at(-1)!]));
                return kind === "max" ? Math.max(...values) : values.reduce((a, b) => a + b, 0) / values.length;
              }),
            ],
          },
        );
      },
    );
    await fc.assert(property, { numRuns: 20, seed: 6 });
  });
});

describe("upsample", () => {
  const source = (
    node: Omit<UpsampleNode, "name" | "inputs" | "outputs" | "sourceOp">,
    i: number,
    extent: number,
    a: number,
  ): number => {
    const scale = node.scales[a]!;
    const result = Math.floor(extent * scale);
    const raw =
      node.coordinates === "asymmetric"
        ? i / scale
        : node.coordinates === "align-corners"
          ? result === 1
            ? 0
            : (i * (extent - 1)) / (result - 1)
          : node.coordinates === "pytorch-half-pixel" && result === 1
            ? 0
            : (i + 0.5) / scale - 0.5;
    return Math.max(0, Math.min(extent - 1, raw));
  };
  const rounders = {
    floor: Math.floor,
    ceil: Math.ceil,
    "half-up": (x: number) => Math.round(x),
    "half-down": (x: number) => -Math.round(-x),
  };

  it("equals interpolation by the definition", async () => {
    const property = fc.asyncProperty(
      fc.constantFrom<"nearest" | "linear">("nearest", "linear"),
      fc.constantFrom<UpsampleNode["coordinates"]>("asymmetric", "half-pixel", "pytorch-half-pixel", "align-corners"),
      fc.constantFrom<UpsampleNode["rounding"]>("floor", "ceil", "half-up", "half-down"),
      fc.array(fc.constantFrom(1, 2, 3, 1.5, 0.5), { minLength: 1, maxLength: 2 }),
      fc.integer({ min: 2, max: 5 }),
      async (mode, coordinates, rounding, scales, extent) => {
        const node = { op: "upsample", mode, coordinates, rounding, scales } as const;
        const shape = [...scales.map((scale) => Math.floor(extent * scale)), 2];
        await checkNode(node, {
          inputs: [[...scales.map(() => extent), 2]],
          reference: ([x]) => [
            make(shape, (index) => {
              const where = scales.map((_, a) => source(node, index[a]!, extent, a));
              const c = index.at(-1)!;
              if (mode === "nearest") return at(x!, [...where.map((w) => rounders[rounding](w)), c]);
              // Weighted mean of the corners around the point.
              return indices(scales.map(() => 2)).reduce((sum, corner) => {
                const cell = where.map((w, a) => Math.min(extent - 1, Math.floor(w) + corner[a]!));
                const weight = where.reduce(
                  (product, w, a) => product * (corner[a] === 1 ? w - Math.floor(w) : 1 - (w - Math.floor(w))),
                  1,
                );
                return sum + weight * at(x!, [...cell, c]);
              }, 0);
            }),
          ],
        });
      },
    );
    await fc.assert(property, { numRuns: 60, seed: 7 });
  });
});
