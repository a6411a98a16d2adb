import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import type { Tensor } from "../../../src/support/tensor.js";
import { at, broadcastAt, chain, make, noise } from "../graphs.js";
import { checkNode, expectClose, withEvaluator } from "./harness.js";

const few = { numRuns: 25, seed: 1 };
const extent = fc.integer({ min: 1, max: 5 });
const seed = fc.nat(1e6);

/** Convolution by its definition, for any number of spatial axes. */
function convolve(
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | undefined,
  strides: readonly number[],
  padding: readonly (readonly [number, number])[],
  dilations: readonly number[],
  groups: number,
): Tensor {
  const size = kernel.shape.slice(0, -2);
  const [inPart, outputs] = kernel.shape.slice(-2) as [number, number];
  const spatial = size.map((k, axis) => {
    const padded = x.shape[axis]! + padding[axis]![0] + padding[axis]![1];
    return Math.floor((padded - (k - 1) * dilations[axis]! - 1) / strides[axis]!) + 1;
  });
  return make([...spatial, outputs], (index) => {
    const o = index.at(-1)!;
    let sum = bias ? at(bias, [o]) : 0;
    make([...size, inPart], (cell) => {
      const where = size.map(
        (_, axis) => index[axis]! * strides[axis]! + cell[axis]! * dilations[axis]! - padding[axis]![0],
      );
      if (where.some((coordinate, axis) => coordinate < 0 || coordinate >= x.shape[axis]!)) return 0;
      const channel = Math.floor(o / (outputs / groups)) * inPart + cell.at(-1)!;
      sum += at(x, [...where, channel]) * at(kernel, [...cell, o]);
      return 0;
    });
    return sum;
  });
}

/** Transposed convolution by scattering every input element. */
function scatter(
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | undefined,
  strides: readonly number[],
  padding: readonly (readonly [number, number])[],
  outputPadding: readonly number[],
  dilations: readonly number[],
  groups: number,
): Tensor {
  const size = kernel.shape.slice(0, -2);
  const [outPart, inputs] = kernel.shape.slice(-2) as [number, number];
  const spatial = size.map(
    (k, axis) =>
      (x.shape[axis]! - 1) * strides[axis]! +
      (k - 1) * dilations[axis]! +
      1 -
      padding[axis]![0] -
      padding[axis]![1] +
      outputPadding[axis]!,
  );
  const sums = make([...spatial, outPart * groups], (index) => (bias ? at(bias, [index.at(-1)!]) : 0));
  const strideOf = sums.shape.map((_, axis) => sums.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  make(x.shape, (from) => {
    const channel = from.at(-1)!;
    const group = Math.floor(channel / (inputs / groups));
    make([...size, outPart], (cell) => {
      const to = size.map(
        (_, axis) => from[axis]! * strides[axis]! + cell[axis]! * dilations[axis]! - padding[axis]![0],
      );
      if (to.some((coordinate, axis) => coordinate < 0 || coordinate >= spatial[axis]!)) return 0;
      const target = [...to, group * outPart + cell.at(-1)!];
      const flat = target.reduce((sum, coordinate, axis) => sum + coordinate * strideOf[axis]!, 0);
      sums.data[flat]! += at(x, from) * at(kernel, [...cell, channel]);
      return 0;
    });
    return 0;
  });
  return sums;
}

describe("dense", () => {
  it("is a matrix product over the last axis", async () => {
    const property = fc.asyncProperty(
      fc.array(extent, { maxLength: 2 }),
      extent,
      extent,
      fc.boolean(),
      seed,
      async (leading, i, o, biased, s) => {
        const kernel = noise([i, o], s);
        const bias = noise([o], s + 1);
        await checkNode(
          { op: "dense", kernel, ...(biased && { bias }) },
          {
            inputs: [[...leading, i]],
            seed: s,
            reference: ([x]) => [
              make([...leading, o], (index) => {
                let sum = biased ? at(bias, [index.at(-1)!]) : 0;
                for (let k = 0; k < i; k++) sum += at(x!, [...index.slice(0, -1), k]) * at(kernel, [k, index.at(-1)!]);
                return sum;
              }),
            ],
          },
        );
      },
    );
    await fc.assert(property, few);
  });

  it("differs where one weight differs", async () => {
    const kernel = noise([3, 2], 1);
    const other = { shape: kernel.shape, data: kernel.data.map((w, n) => (n === 3 ? w + 0.01 : w)) };
    const results = [];
    for (const weights of [kernel, other]) {
      const graph = chain([3], { op: "dense", kernel: weights });
      results.push(await withEvaluator(openEvaluator(graph), (e) => e.run(new Float32Array([1, 1, 1]), 1)));
    }
    const [a, b] = results.map((result) => result.get("n1")!.data);
    expect(() => expectClose(a!, b!, 2e-6)).toThrow(/element 1/);
  });
});

describe("matmul", () => {
  it("multiplies values, with transposition and broadcast", async () => {
    const property = fc.asyncProperty(
      extent,
      extent,
      extent,
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom("both", "first", "second", "none"),
      seed,
      async (m, k, n, ta, tb, batched, s) => {
        const lead = (side: string) => (batched === "both" || batched === side ? [3] : batched === "none" ? [] : [1]);
        const a = [...lead("first"), ...(ta ? [k, m] : [m, k])];
        const b = [...lead("second"), ...(tb ? [n, k] : [k, n])];
        const leading = batched === "none" ? [] : [3];
        await checkNode(
          { op: "matmul", transposeFirst: ta, transposeSecond: tb },
          {
            inputs: [a, b],
            seed: s,
            reference: ([x, y]) => [
              make([...leading, m, n], (index) => {
                const [i, j] = index.slice(-2) as [number, number];
                const outer = index.slice(0, -2);
                let sum = 0;
                for (let l = 0; l < k; l++) {
                  sum +=
                    broadcastAt(x!, [...outer, ...(ta ? [l, i] : [i, l])]) *
                    broadcastAt(y!, [...outer, ...(tb ? [j, l] : [l, j])]);
                }
                return sum;
              }),
            ],
          },
        );
      },
    );
    await fc.assert(property, few);
  });
});

describe("embedding", () => {
  const table = noise([6, 3], 5);

  it("looks rows up", async () => {
    await checkNode(
      { op: "embedding", table },
      {
        inputs: [[4]],
        range: [0, 5.99],
        shape: Math.floor,
        reference: ([x]) => [make([4, 3], ([t, f]) => at(table, [at(x!, [t!]), f!]))],
      },
    );
  });

  it("refuses indices outside the table and fractions", async () => {
    for (const bad of [-1, 6, 1.5]) {
      const run = withEvaluator(openEvaluator(chain([1], { op: "embedding", table })), (e) =>
        e.run(new Float32Array([bad]), 1),
      );
      await expect(run).rejects.toMatchObject({ diagnostics: [{ code: "index-out-of-range", place: { item: "n1" } }] });
    }
  });
});

/** Parameters of a window on one axis. */
const axisOf = (dilated: boolean) =>
  fc.record({
    size: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: dilated ? 3 : 1 }),
    before: fc.integer({ min: 0, max: 2 }),
    after: fc.integer({ min: 0, max: 2 }),
    extra: fc.integer({ min: 0, max: 4 }),
    output: fc.integer({ min: 0, max: 2 }),
  });

const channels = fc.constantFrom(
  { groups: 1, inPart: 1, outPart: 1 },
  { groups: 1, inPart: 3, outPart: 2 },
  { groups: 2, inPart: 2, outPart: 3 },
  { groups: 3, inPart: 1, outPart: 1 },
  { groups: 2, inPart: 1, outPart: 3 },
  { groups: 3, inPart: 2, outPart: 1 },
);

describe("convolution", () => {
  for (const spatial of [1, 2]) {
    it(`equals the definition over ${spatial} axes: padding, strides, dilation, groups`, async () => {
      const axes = fc.array(axisOf(true), { minLength: spatial, maxLength: spatial });
      const property = fc.asyncProperty(
        axes,
        channels,
        fc.boolean(),
        seed,
        async (window, { groups, inPart, outPart }, biased, s) => {
          const kernel = noise([...window.map((w) => w.size), inPart, outPart * groups], s);
          const bias = biased ? noise([outPart * groups], s + 1) : undefined;
          const geometry = {
            strides: window.map((w) => w.stride),
            padding: window.map((w) => [w.before, w.after] as const),
            dilations: window.map((w) => w.dilation),
            groups,
          };
          const x = window.map((w) => Math.max(1, (w.size - 1) * w.dilation + 1 - w.before - w.after) + w.extra);
          await checkNode(
            { op: "conv", kernel, ...(bias && { bias }), ...geometry },
            {
              inputs: [[...x, inPart * groups]],
              seed: s,
              reference: ([value]) => [
                convolve(value!, kernel, bias, geometry.strides, geometry.padding, geometry.dilations, groups),
              ],
            },
          );
        },
      );
      await fc.assert(property, { numRuns: 60, seed: 2 });
    });

    it(`transposed equals scattering over ${spatial} axes`, async () => {
      const axes = fc.array(axisOf(true), { minLength: spatial, maxLength: spatial });
      const property = fc.asyncProperty(
        axes,
        channels,
        fc.boolean(),
        seed,
        async (window, { groups, inPart, outPart }, biased, s) => {
          const kernel = noise([...window.map((w) => w.size), outPart, inPart * groups], s);
          const bias = biased ? noise([outPart * groups], s + 1) : undefined;
          const geometry = {
            strides: window.map((w) => w.stride),
            padding: window.map((w) => [w.before, w.after] as const),
            outputPadding: window.map((w) => w.output),
            dilations: window.map((w) => w.dilation),
            groups,
          };
          // Enough elements that something is left after cropping.
          const x = window.map((w) => w.before + w.after + 1 + w.extra);
          await checkNode(
            { op: "conv-transpose", kernel, ...(bias && { bias }), ...geometry },
            {
              inputs: [[...x, inPart * groups]],
              seed: s,
              reference: ([value]) => [
                scatter(
                  value!,
                  kernel,
                  bias,
                  geometry.strides,
                  geometry.padding,
                  geometry.outputPadding,
                  geometry.dilations,
                  groups,
                ),
              ],
            },
          );
        },
      );
      await fc.assert(property, { numRuns: 40, seed: 3 });
    });
  }
});
