import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActivationFunction } from "../../../src/ann/graph.js";
import { at, broadcastAt, make, noise } from "../graphs.js";
import { checkNode } from "./harness.js";

/** Error function by its Maclaurin series: exact to double precision for the arguments used here. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const clip = (x: number, low: number, high: number): number => Math.min(high, Math.max(low, x));
const evenRound = (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

const cases: readonly (readonly [ActivationFunction, (x: number) => number])[] = [
  [{ kind: "relu", negativeSlope: 0, threshold: 0 }, (x) => Math.max(0, x)],
  [{ kind: "relu", negativeSlope: 0, threshold: 0, maxValue: 1.5 }, (x) => clip(x, 0, 1.5)],
  [{ kind: "relu", negativeSlope: 0.3, threshold: 0 }, (x) => (x < 0 ? 0.3 * x : x)],
  [
    { kind: "relu", negativeSlope: 0.2, threshold: 0.5, maxValue: 2 },
    (x) => (x < 0.5 ? 0.2 * (x - 0.5) : Math.min(x, 2)),
  ],
  [{ kind: "relu", negativeSlope: 0, threshold: -1 }, (x) => (x < -1 ? 0 : x)],
  [{ kind: "clip", min: -0.5, max: 1.25 }, (x) => clip(x, -0.5, 1.25)],
  [{ kind: "hard-sigmoid", slope: 0.2, offset: 0.5 }, (x) => clip(0.2 * x + 0.5, 0, 1)],
  [{ kind: "elu", alpha: 0.7 }, (x) => (x > 0 ? x : 0.7 * (Math.exp(x) - 1))],
  [{ kind: "selu", alpha: 1.67, scale: 1.05 }, (x) => 1.05 * (x > 0 ? x : 1.67 * (Math.exp(x) - 1))],
  [{ kind: "celu", alpha: 2 }, (x) => (x > 0 ? x : 2 * (Math.exp(x / 2) - 1))],
  [{ kind: "thresholded-relu", threshold: 0.8 }, (x) => (x > 0.8 ? x : 0)],
  [{ kind: "affine", scale: 3, offset: -1 }, (x) => 3 * x - 1],
  [{ kind: "scaled-tanh", scale: 1.7159, slope: 0.6667 }, (x) => 1.7159 * Math.tanh(0.6667 * x)],
  [{ kind: "linear" }, (x) => x],
  [{ kind: "sigmoid" }, sigmoid],
  [{ kind: "tanh" }, Math.tanh],
  [{ kind: "softplus" }, (x) => Math.log1p(Math.exp(x))],
  [{ kind: "softsign" }, (x) => x / (1 + Math.abs(x))],
  [{ kind: "exp" }, Math.exp],
  [{ kind: "log-sigmoid" }, (x) => Math.log(sigmoid(x))],
  [{ kind: "swish" }, (x) => x * sigmoid(x)],
  [{ kind: "hard-swish" }, (x) => x * clip(x / 6 + 0.5, 0, 1)],
  [{ kind: "gelu" }, (x) => (x / 2) * (1 + erf(x / Math.SQRT2))],
  [{ kind: "gelu-tanh" }, (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))],
  [{ kind: "mish" }, (x) => x * Math.tanh(Math.log1p(Math.exp(x)))],
  [{ kind: "floor" }, Math.floor],
  [{ kind: "ceil" }, Math.ceil],
  [{ kind: "round" }, evenRound],
  [{ kind: "trunc" }, Math.trunc],
  [{ kind: "abs" }, Math.abs],
  [{ kind: "neg" }, (x) => -x],
  [{ kind: "sign" }, Math.sign],
  [{ kind: "erf" }, erf],
  [{ kind: "sin" }, Math.sin],
  [{ kind: "cos" }, Math.cos],
];

const positiveCases: typeof cases = [
  [{ kind: "sqrt" }, Math.sqrt],
  [{ kind: "log" }, Math.log],
  [{ kind: "reciprocal" }, (x) => 1 / x],
];

describe("activation", () => {
  for (const [f, wanted] of cases) {
    it(`${JSON.stringify(f)} equals its formula`, async () => {
      const reference = ([x]: readonly { readonly data: Float32Array; readonly shape: readonly number[] }[]) => [
        make(x!.shape, (index) => wanted(at(x!, index))),
      ];
      await checkNode({ op: "activation", function: f }, { inputs: [[40]], range: [-4, 4], reference });
    });
  }

  for (const [f, wanted] of positiveCases) {
    it(`${f.kind} equals its formula above 0`, async () => {
      await checkNode(
        { op: "activation", function: f },
        { inputs: [[40]], range: [0.1, 9], reference: ([x]) => [make([40], (index) => wanted(at(x!, index)))] },
      );
    });
  }

  it("rounds halves to even, and not is 1 at 0 only", async () => {
    const halves = { inputs: [[64]], range: [-8, 8], shape: (x: number) => Math.round(2 * x) / 2 } as const;
    const of = (f: (x: number) => number) => ({ ...halves, tolerance: 0, reference: elementwise(f) });
    await checkNode({ op: "activation", function: { kind: "round" } }, of(evenRound));
    await checkNode(
      { op: "activation", function: { kind: "not" } },
      of((x) => (x === 0 ? 1 : 0)),
    );
  });

  it("prelu has a slope for each channel", async () => {
    const slope = noise([1, 5], 3);
    const prelu = { kind: "prelu", slope } as const;
    await checkNode(
      { op: "activation", function: prelu },
      {
        inputs: [[4, 5]],
        reference: ([x]) => [make([4, 5], (i) => (at(x!, i) < 0 ? broadcastAt(slope, i) * at(x!, i) : at(x!, i)))],
      },
    );
  });

  it("differs from another function (the check can fail)", async () => {
    const check = { inputs: [[40]], range: [-4, 4], reference: elementwise(Math.tanh) } as const;
    await expect(checkNode({ op: "activation", function: { kind: "sigmoid" } }, check)).rejects.toThrow(/wanted/);
  });
});

function elementwise(f: (x: number) => number) {
  return ([x]: readonly { readonly data: Float32Array; readonly shape: readonly number[] }[]) => [
    make(x!.shape, (index) => f(at(x!, index))),
  ];
}

describe("softmax", () => {
  it("equals its formula on every axis, plain and logarithmic", async () => {
    const property = fc.asyncProperty(fc.nat(2), fc.boolean(), fc.nat(1e6), async (axis, log, seed) => {
      await checkNode(
        { op: "softmax", axis, log },
        {
          inputs: [[3, 4, 2]],
          range: [-30, 30],
          seed,
          reference: ([x]) => [
            make([3, 4, 2], (index) => {
              const line = Array.from({ length: [3, 4, 2][axis]! }, (_, k) => at(x!, index.with(axis, k)));
              const largest = Math.max(...line);
              const sum = line.reduce((total, value) => total + Math.exp(value - largest), 0);
              const logarithm = at(x!, index) - largest - Math.log(sum);
              return log ? logarithm : Math.exp(logarithm);
            }),
          ],
        },
      );
    });
    await fc.assert(property, { numRuns: 12, seed: 4 });
  });
});
