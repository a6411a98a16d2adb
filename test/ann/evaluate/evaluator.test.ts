import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import { probeBackend, tensorflow } from "../../../src/ann/evaluate/tensorflow.js";
import type { AnnGraph } from "../../../src/ann/graph.js";
import { at, chain, graphOf, make, named, noise, relu } from "../graphs.js";
import { backends, checkNode, expectClose, withEvaluator } from "./harness.js";

const mlp = chain(
  [6],
  { op: "dense", kernel: noise([6, 8], 1), bias: noise([8], 2) },
  { op: "activation", function: relu },
  { op: "dense", kernel: noise([8, 3], 3) },
);

/** Code of the first finding of a rejected promise. */
const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error) => error.diagnostics?.map((d: { code: string }) => d.code).join(",") ?? String(error),
  );

describe("evaluator", () => {
  it("gives the same results however samples are batched, and on every back-end", async () => {
    const x = noise([1203, 6], 4);
    const results: Float32Array[] = [];
    for (const backend of backends) {
      await withEvaluator(openEvaluator(mlp, { backend }), async (evaluator) => {
        expect(evaluator.backend).toBe(backend);
        const whole = (await evaluator.run(x.data, 1203)).get("n3")!;
        expect(whole.shape).toEqual([1203, 3]);
        for (const sample of [0, 499, 500, 1202]) {
          const one = (await evaluator.run(x.data.subarray(sample * 6, sample * 6 + 6), 1)).get("n3")!;
          expectClose(one.data, whole.data.subarray(sample * 3, sample * 3 + 3), 1e-6);
        }
        results.push(whole.data);
      });
    }
    expectClose(results[0]!, results[1]!, 1e-6);
  });

  it("returns watched values, the input too, and outputs always", async () => {
    const x = noise([5, 6], 5);
    await withEvaluator(openEvaluator(mlp), async (evaluator) => {
      const results = await evaluator.run(x.data, 5, ["n1", "x", "n2"]);
      expect([...results.keys()].sort()).toEqual(["n1", "n2", "n3", "x"]);
      expect(results.get("x")!.data).toEqual(x.data);
      const [before, after] = [results.get("n1")!.data, results.get("n2")!.data];
      expect(after).toEqual(before.map((value) => Math.max(0, value)));
      expect(before.some((value) => value < 0)).toBe(true);
    });
  });

  it("takes several inputs by name and gives several outputs", async () => {
    const graph = graphOf(
      [
        { name: "a", shape: [2] },
        { name: "b", shape: [2] },
      ],
      [
        named({ op: "elementwise", kind: "subtract" }, "difference", ["a", "b"]),
        named({ op: "elementwise", kind: "add" }, "sum", ["a", "b"]),
      ],
      ["difference", "sum"],
    );
    await withEvaluator(openEvaluator(graph), async (evaluator) => {
      const inputs = { b: Float32Array.of(1, 2, 3, 4), a: Float32Array.of(10, 20, 30, 40) };
      const results = await evaluator.run(inputs, 2);
      expect([...results.get("difference")!.data]).toEqual([9, 18, 27, 36]);
      expect([...results.get("sum")!.data]).toEqual([11, 22, 33, 44]);
      expect(await codeOf(evaluator.run({ a: inputs.a, c: inputs.b }, 2))).toBe("input-unknown,input-missing");
      expect(await codeOf(evaluator.run(inputs.a, 2))).toBe("input-missing");
    });
  });

  it("finds an open extent from the samples", async () => {
    const graph = chain(
      [-1, 2],
      { op: "slice", axes: [0], starts: [-1], ends: [2 ** 31 - 1], steps: [1] },
      { op: "reshape", shape: [2] },
    );
    await withEvaluator(openEvaluator(graph), async (evaluator) => {
      for (const time of [1, 4]) {
        const x = noise([3, time, 2], time);
        const wanted = make([3, 2], ([b, f]) => at(x, [b!, time - 1, f!]));
        for (const input of [x.data, x]) expect((await evaluator.run(input, 3)).get("n2")!.data).toEqual(wanted.data);
      }
      expect(await codeOf(evaluator.run(new Float32Array(7), 3))).toBe("input-size");
      for (const nothing of [new Float32Array(0), { shape: [3, 0, 2], data: new Float32Array(0) }]) {
        expect(await codeOf(evaluator.run(nothing, 3))).toBe("input-size");
      }
    });
  });

  it("says when an open extent does not suit the network", async () => {
    const graph = chain([-1, 2], { op: "reshape", shape: [6] }, { op: "dense", kernel: noise([6, 1], 1) });
    await withEvaluator(openEvaluator(graph), async (evaluator) => {
      expect((await evaluator.run(new Float32Array(12), 2)).get("n2")!.shape).toEqual([2, 1]);
      expect(await codeOf(evaluator.run(new Float32Array(16), 2))).toBe("shape-mismatch");
    });
  });

  it("refuses bad samples, batches and names", async () => {
    await withEvaluator(openEvaluator(mlp), async (evaluator) => {
      const good = new Float32Array(12);
      for (const batch of [0, -1, 1.5, Number.NaN, 2 ** 60]) {
        expect(await codeOf(evaluator.run(good, batch))).toBe(batch === 2 ** 60 ? "input-size" : "batch-invalid");
      }
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(await codeOf(evaluator.run(good.with(3, bad), 2))).toBe("input-not-finite");
      }
      expect(await codeOf(evaluator.run({ shape: [2, 5], data: new Float32Array(10) }, 2))).toBe("input-size");
      expect(await codeOf(evaluator.run(good, 2, ["nowhere"]))).toBe("value-unknown");
    });
  });

  it("refuses to hold more numbers than memory is for", async () => {
    const graph = chain([1], { op: "expand", shape: [2 ** 20] });
    await withEvaluator(openEvaluator(graph), async (evaluator) => {
      expect(await codeOf(evaluator.run(new Float32Array(1000), 1000))).toBe("result-too-large");
    });
  });

  it("refuses illegal graphs and unsupported operators with all findings", async () => {
    const unsupported = (name: string) =>
      named({ op: "unsupported", reason: "no rule", hint: "Export without it" }, name, ["x"]);
    const graph: AnnGraph = graphOf([{ name: "x", shape: [1] }], [unsupported("a"), unsupported("b")], ["a"]);
    expect(await codeOf(openEvaluator(graph))).toBe("unsupported-operator,unsupported-operator");
    const nan = chain([1], { op: "dense", kernel: { shape: [1, 1], data: Float32Array.of(Number.NaN) } });
    expect(await codeOf(openEvaluator(nan))).toBe("weight-not-finite");
  });

  it("keeps nothing on the back-end: no leak by runs, errors or disposal", async () => {
    const tf = await tensorflow();
    const cell = {
      kind: "simple",
      kernel: noise([2, 3], 1),
      recurrentKernel: noise([3, 3], 2),
      activation: { kind: "tanh" },
    } as const;
    const graph = chain(
      [4, 2],
      { op: "recurrent", forward: cell, merge: "concat", returnSequences: true, returnState: false },
      { op: "embedding", table: noise([2, 2], 3) },
    );
    for (const backend of backends) {
      const before = tf.memory().numTensors;
      const evaluator = await openEvaluator(graph, { backend });
      const parameters = tf.memory().numTensors;
      expect(parameters).toBeGreaterThan(before);
      // tanh of something is no index, so this fails in the middle of the graph.
      for (let n = 0; n < 3; n++)
        expect(await codeOf(evaluator.run(noise([2, 4, 2], n).data, 2))).toBe("index-out-of-range");
      expect((await evaluator.run(new Float32Array(16), 2)).get("n2")!.shape).toEqual([2, 4, 3, 2]);
      expect(tf.memory().numTensors).toBe(parameters);
      evaluator.dispose();
      evaluator.dispose();
      expect(tf.memory().numTensors).toBe(before);
      await expect(evaluator.run(new Float32Array(16), 2)).rejects.toThrow(/disposal/);
    }
  });

  it("lets evaluators of different back-ends run at the same time", async () => {
    const x = noise([1200, 6], 6);
    const evaluators = await Promise.all(backends.map((backend) => openEvaluator(mlp, { backend })));
    const results = await Promise.all([...evaluators, ...evaluators].map((evaluator) => evaluator.run(x.data, 1200)));
    for (const result of results) expectClose(result.get("n3")!.data, results[0]!.get("n3")!.data, 1e-6);
    for (const evaluator of evaluators) evaluator.dispose();
  });
});

describe("back-ends", () => {
  it("wasm and cpu work; the native one works or says why not", async () => {
    for (const backend of backends) expect(await probeBackend(backend)).toEqual({ backend, usable: true });
    const native = await probeBackend("native");
    if (native.usable) return;
    expect(native.reason).not.toBe("");
    expect(await codeOf(openEvaluator(mlp, { backend: "native" }))).toBe("backend-unavailable");
    await withEvaluator(openEvaluator(mlp), async (evaluator) => expect(evaluator.backend).toBe("wasm"));
  });
});

describe("values without samples", () => {
  it("constants combine with samples in every operator of several inputs", async () => {
    const value = noise([2, 3], 7);
    const nodes = [
      named({ op: "constant", value }, "c", []),
      named({ op: "activation", function: { kind: "abs" } }, "magnitude", ["c"]),
      named({ op: "concat", axis: 0 }, "joined", ["x", "magnitude"]),
      named({ op: "matmul", transposeFirst: false, transposeSecond: true }, "product", ["x", "c"]),
      named({ op: "compare", kind: "greater" }, "above", ["x", "c"]),
      named({ op: "where" }, "chosen", ["above", "c", "x"]),
    ];
    const outputs = ["magnitude", "joined", "product", "chosen"];
    const x = noise([700, 2, 3], 8);
    for (const backend of backends) {
      await withEvaluator(
        openEvaluator(graphOf([{ name: "x", shape: [2, 3] }], nodes, outputs), { backend }),
        async (evaluator) => {
          const results = await evaluator.run(x.data, 700);
          const compare = (name: string, shape: readonly number[], f: (index: readonly number[]) => number) =>
            expectClose(results.get(name)!.data, make([700, ...shape], f).data, 1e-6, name);
          compare("magnitude", [2, 3], ([, r, c]) => Math.abs(at(value, [r!, c!])));
          compare("joined", [4, 3], ([b, r, c]) => (r! < 2 ? at(x, [b!, r!, c!]) : Math.abs(at(value, [r! - 2, c!]))));
          compare("product", [2, 2], ([b, r, c]) =>
            [0, 1, 2].reduce((sum, k) => sum + at(x, [b!, r!, k]) * at(value, [c!, k]), 0),
          );
          compare("chosen", [2, 3], ([b, r, c]) => Math.min(at(x, [b!, r!, c!]), at(value, [r!, c!])));
        },
      );
    }
  });

  it("identity and constant nodes hand values on", async () => {
    await checkNode({ op: "identity" }, { inputs: [[3]], tolerance: 0, reference: ([x]) => [x!] });
    await withEvaluator(openEvaluator(chain([2], { op: "identity" }, { op: "identity" })), async (evaluator) => {
      const results = await evaluator.run(Float32Array.of(1, 2), 1, ["n1", "x"]);
      for (const name of ["x", "n1", "n2"]) expect([...results.get(name)!.data]).toEqual([1, 2]);
    });
  });
});

describe("time-distributed", () => {
  const kernel = noise([3, 2], 1);
  const inner = chain([3], { op: "dense", kernel }, { op: "activation", function: { kind: "tanh" } });

  it("applies its body to every frame, also nested and with open time", async () => {
    const dense = (x: readonly number[], o: number): number =>
      Math.tanh(x.reduce((sum, value, i) => sum + value * at(kernel, [i, o]), 0));
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (outer, time) => {
        const body = chain([time, 3], { op: "time-distributed", body: inner });
        await checkNode(
          { op: "time-distributed", body },
          {
            inputs: [[outer, time, 3]],
            reference: ([x]) => [
              make([outer, time, 2], ([t, s, o]) =>
                dense(
                  [0, 1, 2].map((i) => at(x!, [t!, s!, i])),
                  o!,
                ),
              ),
            ],
          },
        );
      },
    );
    await fc.assert(property, { numRuns: 8, seed: 1 });
    const open = chain([-1, 3], { op: "time-distributed", body: inner });
    await withEvaluator(openEvaluator(open), async (evaluator) => {
      expect((await evaluator.run(new Float32Array(2 * 5 * 3), 2)).get("n1")!.shape).toEqual([2, 5, 2]);
    });
  });

  it("takes several inputs and gives several outputs, constants of the body too", async () => {
    const value = noise([2], 9);
    const body = graphOf(
      [
        { name: "a", shape: [2] },
        { name: "b", shape: [2] },
      ],
      [named({ op: "elementwise", kind: "multiply" }, "ab", ["a", "b"]), named({ op: "constant", value }, "c", [])],
      ["ab", "c"],
    );
    await checkNode(
      { op: "time-distributed", body },
      {
        inputs: [
          [4, 2],
          [4, 2],
        ],
        reference: ([a, b]) => [make([4, 2], (i) => at(a!, i) * at(b!, i)), make([4, 2], ([, f]) => at(value, [f!]))],
      },
    );
  });
});
