import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CompareNode, ElementwiseNode, ReduceNode } from "../../../src/ann/graph.js";
import { at, broadcastAt, indices, make, noise } from "../graphs.js";
import { checkNode } from "./harness.js";

const kinds: Readonly<Record<ElementwiseNode["kind"], (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  average: (a, b) => (a + b) / 2,
  power: (a, b) => a ** b,
  modulo: (a, b) => a - Math.floor(a / b) * b,
};

const relations: Readonly<Record<CompareNode["kind"], (a: number, b: number) => boolean>> = {
  equal: (a, b) => a === b,
  greater: (a, b) => a > b,
  "greater-equal": (a, b) => a >= b,
  less: (a, b) => a < b,
  "less-equal": (a, b) => a <= b,
};

/** Shapes that broadcast, and what they give. */
const pairs: readonly (readonly [readonly number[], readonly number[], readonly number[]])[] = [
  [
    [3, 4],
    [3, 4],
    [3, 4],
  ],
  [[2, 3, 4], [4], [2, 3, 4]],
  [[4], [2, 3, 4], [2, 3, 4]],
  [
    [2, 1, 4],
    [3, 1],
    [2, 3, 4],
  ],
  [[1], [3], [3]],
  [[], [3, 2], [3, 2]],
  [
    [2, 3, 1, 2],
    [1, 3, 2, 1],
    [2, 3, 2, 2],
  ],
];

describe("elementwise", () => {
  for (const kind of Object.keys(kinds) as ElementwiseNode["kind"][]) {
    it(`${kind} broadcasts values and constants`, async () => {
      for (const [a, b, result] of pairs) {
        const common = { range: [0.5, 2] as const, tolerance: 4e-6 };
        await checkNode(
          { op: "elementwise", kind },
          {
            ...common,
            inputs: [a, b],
            reference: ([x, y]) => [make(result, (i) => kinds[kind](broadcastAt(x!, i), broadcastAt(y!, i)))],
          },
        );
        const constant = noise(b, 9, 0.5, 2);
        for (const constantFirst of [false, true]) {
          const order = (x: number, c: number): number => (constantFirst ? kinds[kind](c, x) : kinds[kind](x, c));
          await checkNode(
            { op: "elementwise", kind, constant, constantFirst },
            {
              ...common,
              inputs: [a],
              reference: ([x]) => [make(result, (i) => order(broadcastAt(x!, i), broadcastAt(constant, i)))],
            },
          );
        }
      }
    });
  }

  it("adds, multiplies, compares and averages any number of values", async () => {
    for (const [kind, fold] of [
      ["add", (v: readonly number[]) => v.reduce((a, b) => a + b)],
      ["average", (v: readonly number[]) => v.reduce((a, b) => a + b) / v.length],
      ["maximum", (v: readonly number[]) => Math.max(...v)],
    ] as const) {
      for (const count of [1, 3, 4]) {
        await checkNode(
          { op: "elementwise", kind },
          {
            inputs: Array.from({ length: count }, (_, k) => (k === 2 ? [3] : [2, 3])),
            reference: (values) => [make([2, 3], (i) => fold(values.map((value) => broadcastAt(value, i))))],
          },
        );
      }
    }
  });
});

describe("compare and where", () => {
  for (const kind of Object.keys(relations) as CompareNode["kind"][]) {
    it(`${kind} gives 1 and 0`, async () => {
      const whole = { shape: Math.round, range: [-2, 2] as const, tolerance: 0 };
      for (const [a, b, result] of pairs) {
        await checkNode(
          { op: "compare", kind },
          {
            ...whole,
            inputs: [a, b],
            reference: ([x, y]) => [make(result, (i) => +relations[kind](broadcastAt(x!, i), broadcastAt(y!, i)))],
          },
        );
      }
      const constant = { shape: [], data: Float32Array.of(1) };
      await checkNode(
        { op: "compare", kind, constant, constantFirst: true },
        { ...whole, inputs: [[9]], reference: ([x]) => [make([9], (i) => +relations[kind](1, at(x!, i)))] },
      );
    });
  }

  it("where chooses by a condition that is not 0", async () => {
    await checkNode(
      { op: "where" },
      {
        inputs: [[3, 1], [2, 3, 4], [4]],
        shape: Math.round,
        range: [-2, 2],
        reference: ([c, a, b]) => [make([2, 3, 4], (i) => broadcastAt(broadcastAt(c!, i) !== 0 ? a! : b!, i))],
      },
    );
  });
});

describe("reduce and arg", () => {
  const folds: Readonly<Record<ReduceNode["kind"], (values: readonly number[]) => number>> = {
    mean: (v) => v.reduce((a, b) => a + b) / v.length,
    sum: (v) => v.reduce((a, b) => a + b),
    max: (v) => Math.max(...v),
    min: (v) => Math.min(...v),
    product: (v) => v.reduce((a, b) => a * b),
    l1: (v) => v.reduce((a, b) => a + Math.abs(b), 0),
    l2: (v) => Math.hypot(...v),
    "sum-square": (v) => v.reduce((a, b) => a + b * b, 0),
    "log-sum-exp": (v) => Math.log(v.reduce((a, b) => a + Math.exp(b), 0)),
  };
  const shape = [3, 2, 4];

  for (const kind of Object.keys(folds) as ReduceNode["kind"][]) {
    it(`${kind} folds any axes`, async () => {
      const property = fc.asyncProperty(fc.subarray([0, 1, 2]), fc.boolean(), async (axes, keepDims) => {
        const kept = shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
        const result = keepDims ? kept : shape.filter((_, axis) => !axes.includes(axis));
        await checkNode(
          { op: "reduce", kind, axes, keepDims },
          {
            inputs: [shape],
            range: [-2, 2],
            tolerance: 5e-6,
            reference: ([x]) => {
              const folded = make(kept, (index) =>
                folds[kind](
                  indices(shape)
                    .filter((other) => other.every((c, axis) => axes.includes(axis) || c === index[axis]))
                    .map((where) => at(x!, where)),
                ),
              );
              return [{ shape: result, data: folded.data }];
            },
          },
        );
      });
      await fc.assert(property, { numRuns: 10, seed: 1 });
    });
  }

  it("arg finds the first extreme", async () => {
    for (const kind of ["max", "min"] as const) {
      for (const axis of [0, 1, 2]) {
        for (const keepDims of [false, true]) {
          const result = keepDims ? shape.with(axis, 1) : shape.filter((_, other) => other !== axis);
          await checkNode(
            { op: "arg", kind, axis, keepDims },
            {
              inputs: [shape],
              // Few distinct numbers, so that there are equals.
              range: [-1.4, 1.4],
              shape: Math.round,
              tolerance: 0,
              reference: ([x]) => [
                make(result, (index) => {
                  const base = keepDims ? [...index] : index.toSpliced(axis, 0, 0);
                  const line = Array.from({ length: shape[axis]! }, (_, k) => at(x!, base.with(axis, k)));
                  return line.indexOf(kind === "max" ? Math.max(...line) : Math.min(...line));
                }),
              ],
            },
          );
        }
      }
    }
  });

  it("sees a wrong fold (the check can fail)", async () => {
    const check = checkNode(
      { op: "reduce", kind: "sum", axes: [0], keepDims: false },
      { inputs: [[4]], reference: ([x]) => [make([], () => Math.max(...x!.data))] },
    );
    await expect(check).rejects.toThrow(/wanted/);
  });
});
