import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../src/ann/evaluate/evaluator.js";
import type { AnnGraph, AnnNode } from "../../src/ann/graph.js";
import { printGraph } from "../../src/ann/print.js";
import { inferShapes } from "../../src/ann/shape.js";
import { requireLegal, unsupportedFindings, verifyCodes, verifyGraph } from "../../src/ann/verify.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";
import { elements, type Tensor } from "../../src/support/tensor.js";
import { chain, graphOf, make, type NodeSpec, named, noise, relu } from "./graphs.js";
import { operators } from "./operators.js";

const dense: NodeSpec = { op: "dense", kernel: noise([2, 2], 1), bias: noise([2], 2) };
const x = [{ name: "x", shape: [2] }];

function operatorGraph({ spec, inputs, outputs = 1 }: (typeof operators)[number]): AnnGraph {
  const values =
    inputs.length > 0 ? inputs.map((shape, at) => ({ name: `x${at}`, shape })) : [{ name: "unused", shape: [1] }];
  const names = inputs.map((_, at) => `x${at}`);
  const results = Array.from({ length: outputs }, (_, at) => `y${at}`);
  return graphOf(values, [named(spec, "node", names, results)], results);
}

function nested(depth: number): AnnGraph {
  const shape = [...Array<number>(depth).fill(1), 2];
  return chain(shape, depth === 0 ? dense : { op: "time-distributed", body: nested(depth - 1) });
}

/** For each code, graphs that break its law, and the layer or value that the finding names. */
const broken: Readonly<Record<string, readonly (readonly [AnnGraph, string])[]>> = {
  "no-input": [[graphOf([], [named({ op: "constant", value: noise([1], 1) }, "c", [])], ["c"]), "net"]],
  "no-output": [[graphOf(x, [named(dense, "a", ["x"])], []), "net"]],
  "input-shape": [
    [chain([0, 2], { op: "identity" }), "x"],
    [chain([1.5], { op: "identity" }), "x"],
    [chain([Number.NaN], { op: "identity" }), "x"],
    [chain([-2], { op: "identity" }), "x"],
  ],
  "size-too-large": [
    [chain([2 ** 20, 2 ** 20], { op: "arg", kind: "max", axis: 1, keepDims: false }), "x"],
    [chain([2], { op: "expand", shape: [2 ** 16, 2 ** 16, 2] }), "n1"],
    [
      chain([4, 1], {
        op: "pool",
        kind: "max",
        size: [2 ** 30],
        strides: [1],
        padding: [[2 ** 29, 2 ** 29]],
        includePadding: false,
      }),
      "n1",
    ],
  ],
  "name-empty": [[graphOf(x, [named(dense, "", ["x"], ["y"])], ["y"]), "net"]],
  "name-not-unique": [
    [graphOf(x, [named(dense, "a", ["x"], ["y"]), named(dense, "a", ["y"], ["z"])], ["z"]), "a"],
    [graphOf(x, [named(dense, "a", ["x"], ["y"]), named(dense, "b", ["y"], ["y"])], ["y"]), "y"],
    [graphOf(x, [named(dense, "a", ["x"], ["x"])], ["x"]), "x"],
  ],
  "value-not-defined": [
    [graphOf(x, [named(dense, "a", ["b"]), named(dense, "b", ["x"])], ["a"]), "a"],
    [graphOf(x, [named(dense, "a", ["a"])], ["a"]), "a"],
    [graphOf(x, [named(dense, "a", ["x"])], ["a", "elsewhere"]), "elsewhere"],
  ],
  arity: [
    [graphOf(x, [named(dense, "a", ["x", "x"])], ["a"]), "a"],
    [graphOf(x, [named(dense, "a", ["x"], ["a", "b"])], ["a"]), "a"],
    [graphOf(x, [named({ op: "elementwise", kind: "subtract" }, "a", ["x", "x", "x"])], ["a"]), "a"],
    [graphOf(x, [named({ op: "split", axis: 0, sizes: [1, 1] }, "a", ["x"])], ["a"]), "a"],
    [graphOf(x, [named({ op: "where" }, "a", ["x"])], ["a"]), "a"],
  ],
  "attribute-invalid": [
    [
      chain([4, 1], { op: "pool", kind: "max", size: [2], strides: [0], padding: [[0, 0]], includePadding: false }),
      "n1",
    ],
    [
      chain([4, 1], { op: "pool", kind: "max", size: [2], strides: [1], padding: [[2, 0]], includePadding: false }),
      "n1",
    ],
    [chain([2], { op: "transpose", permutation: [1] }), "n1"],
    [chain([2], { op: "reshape", shape: [-1, -1] }), "n1"],
    [chain([2], { op: "reshape", shape: [0] }), "n1"],
    [chain([2], { op: "slice", axes: [0], starts: [0], ends: [1], steps: [0] }), "n1"],
    [chain([2], { op: "activation", function: { kind: "clip", min: 1, max: 0 } }), "n1"],
    [chain([2], { op: "activation", function: { ...relu, negativeSlope: Number.NaN } }), "n1"],
    [chain([2], { op: "reduce", kind: "sum", axes: [0, 0], keepDims: false }), "n1"],
    [
      chain([2], {
        op: "batch-norm",
        mean: noise([2], 1),
        variance: { shape: [2], data: Float32Array.of(1, -1) },
        epsilon: 0,
      }),
      "n1",
    ],
    [
      chain([2], {
        op: "multi-threshold",
        thresholds: { shape: [1, 2], data: Float32Array.of(2, 1) },
        outScale: 1,
        outBias: 0,
      }),
      "n1",
    ],
    [chain([2, 2], { op: "recurrent", merge: "concat", returnSequences: true, returnState: false }), "n1"],
  ],
  "parameter-shape": [
    [chain([2], { op: "dense", kernel: noise([2, 3], 1), bias: noise([2], 2) }), "n1"],
    [chain([2], { op: "dense", kernel: noise([2], 1) }), "n1"],
    [
      chain([3, 2], {
        op: "recurrent",
        forward: {
          kind: "gru",
          kernel: noise([2, 8], 1),
          recurrentKernel: noise([2, 6], 2),
          resetAfter: false,
          activation: { kind: "tanh" },
          recurrentActivation: { kind: "sigmoid" },
        },
        merge: "concat",
        returnSequences: false,
        returnState: false,
      }),
      "n1",
    ],
  ],
  "parameter-data": [
    [chain([2], { op: "dense", kernel: { shape: [2, 2], data: new Float32Array(3) } }), "n1"],
    [chain([2], { op: "dense", kernel: { shape: [2, 1e9], data: new Float32Array(2) } }), "n1"],
    [chain([2], { op: "constant", value: { shape: [0], data: new Float32Array(0) } }), "n1"],
  ],
  "weight-not-finite": [
    [
      chain([2], {
        op: "dense",
        kernel: { shape: [2, 2], data: Float32Array.of(1, Number.NaN, 1, Number.POSITIVE_INFINITY) },
      }),
      "n1",
    ],
    [
      chain([1, 2], {
        op: "time-distributed",
        body: chain([2], { op: "dense", kernel: { shape: [2, 1], data: Float32Array.of(1, Number.NaN) } }),
      }),
      "n1",
    ],
  ],
  "shape-mismatch": [
    [chain([3], dense), "n1"],
    [
      chain([2, 2], {
        op: "conv",
        kernel: noise([3, 2, 1], 1),
        strides: [1],
        padding: [[0, 0]],
        dilations: [1],
        groups: 1,
      }),
      "n1",
    ],
    [chain([2, 2], { op: "time-distributed", body: chain([3], { op: "identity" }) }), "n1"],
    [chain([4], { op: "softmax", axis: 1, log: false }), "n1"],
    [chain([4], { op: "reshape", shape: [3] }), "n1"],
    [chain([4], { op: "gather", axis: 0, indices: { shape: [1], data: Float32Array.of(4) } }), "n1"],
    [chain([4], { op: "slice", axes: [0], starts: [3], ends: [3], steps: [1] }), "n1"],
  ],
  "nesting-too-deep": [[nested(9), "n1"]],
};

describe("verify", () => {
  it("accepts a legal node of every operator", () => {
    const ops = new Set<AnnNode["op"]>(operators.map(({ spec }) => spec.op));
    // All but `unsupported`.
    expect(ops.size).toBe(35);
    for (const operator of operators) expect(verifyGraph(operatorGraph(operator)), operator.spec.op).toEqual([]);
    expect(verifyGraph(nested(8))).toEqual([]);
  });

  it("reports every code for graphs that break its law, and names the place", () => {
    expect(Object.keys(broken).sort()).toEqual([...verifyCodes].sort());
    for (const [code, graphs] of Object.entries(broken)) {
      for (const [graph, item] of graphs) {
        const findings = verifyGraph(graph).filter((finding) => finding.code === code);
        expect(findings.length, `${code} ${printGraph(graph)}`).toBeGreaterThan(0);
        expect(findings[0]!.place).toEqual({ item });
        expect(findings[0]!.message).toMatch(/^Cannot .*[^.]$/);
      }
    }
  });

  it("reports all findings of a graph at once", () => {
    const bad = { shape: [2, 2], data: Float32Array.of(1, 2, 3, Number.NaN) };
    const nodes = [
      named({ op: "dense", kernel: bad }, "a", ["x"]),
      named({ op: "softmax", axis: 3, log: false }, "b", ["a"]),
    ];
    const graph = graphOf(x, nodes, ["b", "c"]);
    expect(verifyGraph(graph).map(({ code }) => code)).toEqual([
      "value-not-defined",
      "weight-not-finite",
      "shape-mismatch",
    ]);
    expect(() => requireLegal(graph)).toThrow(SpikewrightError);
  });

  it("names the layer and counts the numbers that are not finite", () => {
    const [graph] = broken["weight-not-finite"]![0]!;
    expect(verifyGraph(graph)[0]!.message).toBe(
      'Cannot use layer "n1" (dense): 2 of 4 numbers of kernel NaN or infinite, wanted finite numbers',
    );
  });

  it("allows infinite constants of comparisons and thresholds, never NaN", () => {
    const thresholds = (value: number) => ({ shape: [1, 2], data: Float32Array.of(0, value) });
    const graph = (value: number) =>
      chain([2], { op: "multi-threshold", thresholds: thresholds(value), outScale: 1, outBias: 0 });
    expect(verifyGraph(graph(Number.POSITIVE_INFINITY))).toEqual([]);
    expect(verifyGraph(graph(Number.NaN)).map(({ code }) => code)).toContain("weight-not-finite");
  });

  it("lists unsupported operators apart, in bodies too", () => {
    const unsupported = (name: string) =>
      named({ op: "unsupported", reason: "no rule", hint: "Export without it" }, name, ["x"]);
    const body = graphOf(x, [unsupported("inner")], ["inner"]);
    const nodes = [unsupported("outer"), named({ op: "time-distributed", body }, "td", ["s"])];
    const graph = graphOf([...x, { name: "s", shape: [3, 2] }], nodes, ["td"]);
    expect(verifyGraph(graph)).toEqual([]);
    expect(unsupportedFindings(graph).map(({ place, hint }) => [place?.item, hint])).toEqual([
      ["outer", "Export without it"],
      ["inner", "Export without it"],
    ]);
  });
});

/** Copies a node with the number at a random place replaced. */
function corrupt(spec: NodeSpec, pick: number, value: number): NodeSpec {
  let count = 0;
  const walk = (field: unknown, change: number): unknown => {
    if (typeof field === "number") return count++ === change ? value : field;
    if (field instanceof Float32Array) return count++ === change ? field.with(0, value) : field;
    if (Array.isArray(field)) return field.map((element) => walk(element, change));
    if (typeof field !== "object" || field === null) return field;
    return Object.fromEntries(Object.entries(field).map(([key, inner]) => [key, walk(inner, change)]));
  };
  walk(spec, -1);
  const total = count;
  count = 0;
  return walk(spec, total === 0 ? -1 : pick % total) as NodeSpec;
}

describe("hostile graphs", () => {
  const hostile = fc.constantFrom(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -1,
    0,
    0.5,
    1,
    2,
    3,
    7,
    1e3,
    65536,
    2 ** 31 - 1,
    1e18,
    -1e18,
  );

  it("never crash the checks, and what the checks accept can be evaluated", async () => {
    let accepted = 0;
    const property = fc.asyncProperty(
      fc.constantFrom(...operators),
      fc.nat(1000),
      hostile,
      fc.boolean(),
      async (operator, pick, value, inShape) => {
        const spec = inShape ? operator.spec : corrupt(operator.spec, pick, value);
        const inputs = inShape
          ? operator.inputs.map((shape, at) =>
              at === 0 && shape.length > 0 ? shape.with(pick % shape.length, value) : shape,
            )
          : operator.inputs;
        const graph = operatorGraph({ ...operator, spec, inputs });
        const findings = verifyGraph(graph);
        expect(typeof printGraph(graph)).toBe("string");
        if (findings.length > 0) return;
        accepted++;
        const { shapes } = inferShapes(graph);
        const closed = graph.inputs.map((input) => input.shape.map((extent) => (extent === -1 ? 4 : extent)));
        const sizes = [...shapes.values()].map((shape) => elements(shape.map(Math.abs)));
        if (Math.max(...sizes) > 1e5) return;
        const evaluator = await openEvaluator(graph, { backend: "wasm" });
        const samples: Record<string, Tensor> = {};
        for (const [at, input] of graph.inputs.entries()) samples[input.name] = make([2, ...closed[at]!], () => 1);
        try {
          const results = await evaluator.run(samples, 2);
          for (const [name, result] of results) expect(result.data.length, name).toBe(elements(result.shape));
        } catch (error) {
          // An open extent may not suit the node after all; anything else is a bug.
          expect(error).toBeInstanceOf(SpikewrightError);
        } finally {
          evaluator.dispose();
        }
      },
    );
    await fc.assert(property, { numRuns: 1500, seed: 1 });
    expect(accepted).toBeGreaterThan(200);
  });

  it("of great length are checked in linear time", () => {
    const graph = chain([2], ...Array.from({ length: 20000 }, () => ({ op: "activation", function: relu }) as const));
    const start = performance.now();
    expect(verifyGraph(graph)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
