import { describe, expect, it } from "vitest";
import { inferShapes } from "../../src/ann/shape.js";
import { sliceRange } from "../../src/ann/slice-range.js";
import { chain, graphOf, type NodeSpec, named, noise, relu } from "./graphs.js";

const gru = {
  kind: "gru",
  kernel: noise([4, 9], 1),
  recurrentKernel: noise([3, 9], 2),
  resetAfter: true,
  activation: { kind: "tanh" },
  recurrentActivation: { kind: "sigmoid" },
} as const;
const conv = {
  op: "conv",
  kernel: noise([3, 4, 2], 3),
  strides: [1],
  padding: [[1, 1]],
  dilations: [1],
  groups: 1,
} as const;
const slice = (start: number, end: number, step = 1): NodeSpec => ({
  op: "slice",
  axes: [0],
  starts: [start],
  ends: [end],
  steps: [step],
});
const recurrent = (returnSequences: boolean): NodeSpec => ({
  op: "recurrent",
  forward: gru,
  backward: gru,
  merge: "concat",
  returnSequences,
  returnState: false,
});

/** Open extents are -1. */
const open: readonly (readonly [string, readonly number[], NodeSpec, readonly number[]])[] = [
  ["dense keeps them", [-1, 2], { op: "dense", kernel: noise([2, 3], 1) }, [-1, 3]],
  ["convolution keeps them", [-1, 4], conv, [-1, 2]],
  [
    "pool keeps them",
    [-1, 4],
    { op: "pool", kind: "max", size: [2], strides: [2], padding: [[0, 0]], includePadding: false },
    [-1, 4],
  ],
  ["global pool folds them", [-1, -1, 4], { op: "global-pool", kind: "max", keepDims: false }, [4]],
  ["reshape with -1 keeps one", [-1, 4], { op: "reshape", shape: [-1, 2, 2] }, [-1, 2, 2]],
  ["reshape without -1 closes them", [-1, 4], { op: "reshape", shape: [8] }, [8]],
  ["transpose moves them", [-1, 4], { op: "transpose", permutation: [1, 0] }, [4, -1]],
  ["broadcast takes the known extent", [-1, 4], { op: "elementwise", kind: "add", constant: noise([3, 1], 1) }, [3, 4]],
  ["broadcast with 1 keeps them", [-1, 1], { op: "elementwise", kind: "add", constant: noise([4], 1) }, [-1, 4]],
  ["a slice of the end has a known length", [-1, 4], slice(-1, 2 ** 31 - 1), [1, 4]],
  ["a slice of the first frame has a known length", [-1, 4], slice(0, 1), [1, 4]],
  ["other slices have none", [-1, 4], slice(-3, 2 ** 31 - 1), [-1, 4]],
  ["a reversal has none", [-1, 4], slice(-1, -(2 ** 31), -1), [-1, 4]],
  ["recurrent sequences keep time", [-1, 4], recurrent(true), [-1, 6]],
  ["recurrent results drop time", [-1, 4], recurrent(false), [6]],
  ["time-distributed keeps time", [-1, 4, 4], { op: "time-distributed", body: chain([4, 4], conv) }, [-1, 4, 2]],
  [
    "upsample keeps them",
    [-1, 2],
    { op: "upsample", mode: "nearest", scales: [2], coordinates: "asymmetric", rounding: "floor" },
    [-1, 2],
  ],
  ["pad and tile keep them", [-1, 2], { op: "tile", repeats: [2, 2] }, [-1, 4]],
  ["split closes them", [-1, 2], { op: "split", axis: 0, sizes: [3] }, [3, 2]],
  ["embedding adds an axis", [-1], { op: "embedding", table: noise([9, 5], 1) }, [-1, 5]],
];

describe("shape inference", () => {
  for (const [title, shape, spec, wanted] of open) {
    it(`open extents: ${title}`, () => {
      const { shapes, findings } = inferShapes(chain(shape, spec));
      expect(findings).toEqual([]);
      expect(shapes.get("n1")).toEqual(wanted);
    });
  }

  it("takes the shapes of the samples at hand", () => {
    const graph = chain([-1, 4], conv, { op: "reshape", shape: [-1] });
    expect(inferShapes(graph).shapes.get("n2")).toEqual([-1]);
    expect(inferShapes(graph, new Map([["x", [7, 4]]])).shapes.get("n2")).toEqual([14]);
  });

  it("concat joins known and open extents", () => {
    const inputs = [
      { name: "a", shape: [-1, 2, 3] },
      { name: "b", shape: [5, 2, -1] },
    ];
    const shapeOf = (axis: number) =>
      inferShapes(graphOf(inputs, [named({ op: "concat", axis }, "y", ["a", "b"])], ["y"])).shapes.get("y");
    expect(shapeOf(0)).toEqual([-1, 2, 3]);
    expect(shapeOf(2)).toEqual([5, 2, -1]);
    expect(shapeOf(1)).toEqual([5, 4, 3]);
  });

  it("goes on behind a faulty or unsupported node, without further findings there", () => {
    const nodes = [
      named({ op: "softmax", axis: 5, log: false }, "bad", ["x"]),
      named({ op: "activation", function: relu }, "behind", ["bad"]),
      named({ op: "unsupported", reason: "no rule", hint: "none" }, "unknown", ["x"]),
      named({ op: "softmax", axis: 9, log: false }, "after", ["unknown"]),
      named({ op: "identity" }, "fine", ["x"]),
    ];
    const { shapes, findings } = inferShapes(graphOf([{ name: "x", shape: [3] }], nodes, ["fine"]));
    expect(findings.map(({ place }) => place?.item)).toEqual(["bad"]);
    expect([...shapes.keys()]).toEqual(["x", "fine"]);
  });
});

describe("slice range", () => {
  it("counts what a loop counts", () => {
    const bounds = [-9, -4, -3, -1, 0, 1, 2, 3, 8];
    for (let extent = 1; extent <= 4; extent++) {
      for (const start of bounds) {
        for (const end of bounds) {
          for (const step of [-3, -1, 1, 2]) {
            const all = [...Array(extent).keys()];
            const from = start < 0 ? start + extent : start;
            const to = end < 0 ? end + extent : end;
            // Walk from far outside in the direction of the step, keeping the phase that the held start has.
            const held = step > 0 ? Math.min(extent, Math.max(0, from)) : Math.min(extent - 1, Math.max(-1, from));
            const taken = all.filter(
              (i) => (step > 0 ? i >= held && i < to : i <= held && i > to) && (i - held) % step === 0,
            );
            const { first, count } = sliceRange(extent, start, end, step);
            expect(count).toBe(taken.length);
            if (count > 0) expect(first).toBe(step > 0 ? taken[0] : taken.at(-1));
          }
        }
      }
    }
  });
});
