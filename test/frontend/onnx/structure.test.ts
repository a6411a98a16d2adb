import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import type { AnnGraph } from "../../../src/ann/graph.js";
import { requireLegal } from "../../../src/ann/verify.js";
import { importOnnx, readOnnx } from "../../../src/frontend/onnx/read.js";
import { type NodeSpec, writeModel } from "./model-writer.js";

const ops = (graph: AnnGraph) => graph.nodes.map((node) => node.op);
const ramp = (length: number, from = 0) => Float32Array.from({ length }, (_, k) => from + k);

async function evaluate(graph: AnnGraph, data: Float32Array, batch: number): Promise<Float32Array> {
  requireLegal(graph);
  const evaluator = await openEvaluator(graph);
  const [result] = (await evaluator.run(data, batch)).values();
  evaluator.dispose();
  return result!.data;
}

/** A 1x1 convolution of 2 channels to 3, then `nodes` from "c" to "y". */
function convolution(nodes: readonly NodeSpec[], shape: readonly (number | string)[] = ["N", 2, 2, 3]): Uint8Array {
  return writeModel({
    inputs: [{ name: "x", shape }],
    outputs: [{ name: "y" }],
    initializers: [{ name: "w", shape: [3, 2, 1, 1], data: [1, 0, 0, 1, 1, 1] }],
    nodes: [{ op: "Conv", inputs: ["x", "w"], outputs: ["c"] }, ...nodes],
  });
}

describe("layout", () => {
  it("puts one transposition before the first convolution and none between", () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", 2, 8, 8] }],
      outputs: [{ name: "y" }],
      initializers: [
        { name: "w", shape: [2, 2, 3, 3], data: ramp(36) },
        { name: "b", shape: [1, 2, 1, 1], data: [1, 2] },
      ],
      nodes: [
        { op: "Conv", inputs: ["x", "w"], outputs: ["a"] },
        { op: "Add", inputs: ["a", "b"], outputs: ["s"] },
        { op: "Relu", inputs: ["s"], outputs: ["r"] },
        { op: "Conv", inputs: ["r", "w"], outputs: ["d"] },
        { op: "MaxPool", inputs: ["d"], outputs: ["p"], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
        { op: "GlobalAveragePool", inputs: ["p"], outputs: ["g"] },
        { op: "Flatten", inputs: ["g"], outputs: ["y"] },
      ],
    });
    const graph = readOnnx(bytes);
    expect(ops(graph)).toEqual(["transpose", "conv", "activation", "conv", "pool", "global-pool", "identity"]);
    expect(graph.nodes[1]).toMatchObject({ sourceOp: "Conv+Add", bias: { shape: [2] } });
    expect(graph.inputs).toEqual([{ name: "x", shape: [2, 8, 8] }]);
  });

  it("flattens in the order of channel, height, width", async () => {
    const graph = readOnnx(convolution([{ op: "Flatten", inputs: ["c"], outputs: ["y"] }]));
    const x = ramp(12);
    const second = ramp(6, 6);
    const sum = x.subarray(0, 6).map((value, k) => value + second[k]!);
    expect([...(await evaluate(graph, x, 1))]).toEqual([...x.subarray(0, 6), ...second, ...sum]);
  });

  it("cancels the transpositions of a channels-last exporter", () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", 4, 4, 2] }],
      outputs: [{ name: "y" }],
      initializers: [{ name: "w", shape: [3, 2, 1, 1], data: [1, 0, 0, 1, 1, 1] }],
      nodes: [
        { op: "Transpose", inputs: ["x"], outputs: ["t"], attributes: { perm: [0, 3, 1, 2] } },
        { op: "Conv", inputs: ["t", "w"], outputs: ["c"] },
        { op: "Transpose", inputs: ["c"], outputs: ["y"], attributes: { perm: [0, 2, 3, 1] } },
      ],
    });
    expect(ops(readOnnx(bytes))).toEqual(["identity", "conv", "identity"]);
  });

  it("gives outputs in the axis order and with the name of the model", async () => {
    const graph = readOnnx(convolution([{ op: "Relu", inputs: ["c"], outputs: ["y"] }]));
    expect(graph.outputs).toEqual(["y"]);
    expect(graph.nodes.at(-1)).toMatchObject({ op: "transpose", outputs: ["y"] });
    expect((await evaluate(graph, ramp(24), 2)).length).toBe(36);
  });

  it("runs a convolution of several rows in the body of a time-distributed node", async () => {
    const bytes = convolution([{ op: "Relu", inputs: ["c"], outputs: ["y"] }], [5, 2, 2, 3]);
    const rows = importOnnx(bytes, {}, { batchAxis: "none" });
    expect(ops(rows.graph)).toContain("time-distributed");
    const batch = importOnnx(bytes);
    expect(batch.notes.map(({ code }) => code)).toEqual(["fixed-batch"]);
    const x = ramp(60, -30);
    expect(await evaluate(rows.graph, x, 1)).toEqual(await evaluate(batch.graph, x, 5));
  });
});

describe("idioms of exporters", () => {
  it("folds shape arithmetic with a symbolic batch", () => {
    const bytes = convolution([
      { op: "Shape", inputs: ["c"], outputs: ["s"] },
      { op: "Constant", inputs: [], outputs: ["zero"], attributes: { value: { shape: [], type: 7, data: [0] } } },
      { op: "Gather", inputs: ["s", "zero"], outputs: ["n"] },
      { op: "Constant", inputs: [], outputs: ["axes"], attributes: { value: { shape: [1], type: 7, data: [0] } } },
      { op: "Unsqueeze", inputs: ["n", "axes"], outputs: ["n1"] },
      { op: "Constant", inputs: [], outputs: ["rest"], attributes: { value: { shape: [1], type: 7, data: [-1] } } },
      { op: "Concat", inputs: ["n1", "rest"], outputs: ["target"], attributes: { axis: 0 } },
      { op: "Reshape", inputs: ["c", "target"], outputs: ["y"] },
    ]);
    const { graph, folded } = importOnnx(bytes);
    expect(ops(graph)).toEqual(["transpose", "conv", "transpose", "reshape"]);
    expect(graph.nodes.at(-1)).toMatchObject({ shape: [18], outputs: ["y"] });
    expect(folded.map(({ operator }) => operator)).toEqual(
      expect.arrayContaining(["Shape", "Gather", "Unsqueeze", "Concat", "Constant"]),
    );
  });

  it("takes a literal batch in a reshape and constants repeated for each sample as one sample", async () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: [3, 2, 2] }],
      outputs: [{ name: "y" }],
      initializers: [
        { name: "target", shape: [2], type: 7, data: [3, 4] },
        { name: "c", shape: [3, 4], data: [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4] },
      ],
      nodes: [
        { op: "Reshape", inputs: ["x", "target"], outputs: ["r"] },
        { op: "Mul", inputs: ["r", "c"], outputs: ["y"] },
      ],
    });
    const graph = readOnnx(bytes);
    expect([...(await evaluate(graph, ramp(8), 2))]).toEqual([0, 2, 6, 12, 4, 10, 18, 28]);
  });

  it("refuses constants that differ between the samples of a fixed batch", () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: [2, 2] }],
      outputs: [{ name: "y" }],
      initializers: [{ name: "c", shape: [2, 2], data: [1, 2, 3, 4] }],
      nodes: [{ op: "Mul", inputs: ["x", "c"], outputs: ["y"] }],
    });
    expect(importOnnx(bytes).refused).toMatchObject([{ code: "batch", operator: "Mul" }]);
  });

  it("keeps an open sequence length through a reshape", () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", "T", 4, 2] }],
      outputs: [{ name: "y" }],
      initializers: [
        { name: "target", shape: [3], type: 7, data: [0, 0, 8] },
        { name: "w", shape: [8, 3], data: ramp(24) },
      ],
      nodes: [
        { op: "Reshape", inputs: ["x", "target"], outputs: ["r"] },
        { op: "MatMul", inputs: ["r", "w"], outputs: ["y"] },
      ],
    });
    const graph = readOnnx(bytes);
    expect(graph.inputs).toEqual([{ name: "x", shape: [-1, 4, 2] }]);
    expect(ops(graph)).toEqual(["reshape", "dense"]);
    expect(graph.nodes[0]).toMatchObject({ shape: [-1, 8] });
  });

  it("sorts nodes that are out of order and inlines functions of the model", async () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", 2] }],
      outputs: [{ name: "y" }],
      nodes: [
        { op: "Twice", domain: "local", inputs: ["h"], outputs: ["y"], name: "twice" },
        { op: "LeakyRelu", inputs: ["x"], outputs: ["h"] },
      ],
      functions: [
        {
          name: "Twice",
          domain: "local",
          inputs: ["a"],
          outputs: ["b"],
          nodes: [{ op: "Add", inputs: ["a", "a"], outputs: ["b"] }],
        },
      ],
    });
    const graph = readOnnx(bytes);
    expect(ops(graph)).toEqual(["activation", "elementwise"]);
    const result = await evaluate(graph, Float32Array.of(3, -100), 1);
    expect(result[0]).toBe(6);
    expect(result[1]).toBeCloseTo(-2, 6);
  });

  it("turns the mean over the spatial axes into a global pool", () => {
    const graph = readOnnx(
      convolution([{ op: "ReduceMean", inputs: ["c"], outputs: ["y"], attributes: { axes: [2, 3], keepdims: 0 } }]),
    );
    expect(ops(graph)).toEqual(["transpose", "conv", "global-pool"]);
  });

  it("reads a softmax of an old operator set over all axes from 1 on", async () => {
    const model = (opset: number) =>
      writeModel({
        opset,
        inputs: [{ name: "x", shape: ["N", 2, 2] }],
        outputs: [{ name: "y" }],
        nodes: [{ op: "Softmax", inputs: ["x"], outputs: ["y"] }],
      });
    const x = new Float32Array(4);
    expect([...(await evaluate(readOnnx(model(11)), x, 1))]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect([...(await evaluate(readOnnx(model(13)), x, 1))]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});

describe("TopK", () => {
  const model = (k: number, outputs: readonly string[], largest = 1) =>
    writeModel({
      inputs: [{ name: "x", shape: ["N", 4] }],
      outputs: outputs.map((name) => ({ name })),
      initializers: [{ name: "k", shape: [1], type: 7, data: [k] }],
      nodes: [{ op: "TopK", inputs: ["x", "k"], outputs: ["v", "i"], attributes: { axis: -1, largest } }],
    });
  const x = Float32Array.of(1, 7, -2, 7, 0, -3, 5, 2);

  it("of one value is its index, and the value where it is asked for", async () => {
    const graph = readOnnx(model(1, ["i"]));
    expect(ops(graph)).toEqual(["arg", "reshape"]);
    expect([...(await evaluate(graph, x, 2))]).toEqual([1, 2]);
    expect([...(await evaluate(readOnnx(model(1, ["i"], 0)), x, 2))]).toEqual([2, 1]);
    const both = readOnnx(model(1, ["i", "v"]));
    const evaluator = await openEvaluator(both);
    const found = await evaluator.run(x, 2);
    evaluator.dispose();
    expect(both.outputs.map((name) => [...found.get(name)!.data])).toEqual([
      [1, 2],
      [7, 5],
    ]);
  });

  it("of several is refused", () => {
    expect(importOnnx(model(2, ["i"])).refused).toMatchObject([{ reason: "the first 2 of sorted values" }]);
  });
});

describe("what cannot be converted", () => {
  it("names control flow and goes on", () => {
    const result = importOnnx(
      convolution([
        { op: "If", inputs: ["c"], outputs: ["i"], name: "branch" },
        { op: "Relu", inputs: ["i"], outputs: ["r"] },
        { op: "Fancy", domain: "com.example", inputs: ["c"], outputs: ["f"], name: "fancy" },
        { op: "Add", inputs: ["r", "f"], outputs: ["y"] },
      ]),
    );
    expect(result.refused.map(({ node, code }) => [node, code])).toEqual([
      ["branch", "control-flow"],
      ["Relu_2", "behind-unsupported"],
      ["fancy", "operator-not-supported"],
      ["Add_4", "behind-unsupported"],
    ]);
    requireLegal(result.graph);
    expect(result.graph.nodes.filter((node) => node.op === "unsupported")).toHaveLength(4);
  });

  it("goes on behind an unsupported node where the model declares the shape", () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", 4] }],
      outputs: [{ name: "y" }],
      values: [{ name: "f", shape: ["N", 4] }],
      initializers: [{ name: "w", shape: [4, 2], data: ramp(8) }],
      nodes: [
        { op: "Fancy", inputs: ["x"], outputs: ["f"] },
        { op: "MatMul", inputs: ["f", "w"], outputs: ["y"] },
      ],
    });
    expect(ops(readOnnx(bytes))).toEqual(["unsupported", "dense"]);
  });

  it("says why a tensor or an input cannot be read", () => {
    const { refused } = importOnnx(
      writeModel({
        inputs: [
          { name: "x", shape: ["N", 4] },
          { name: "text", shape: ["N", 4], type: 8 },
        ],
        outputs: [{ name: "y" }, { name: "z" }],
        initializers: [{ name: "w", shape: [2 ** 31, 2 ** 31], raw: new Uint8Array(16) }],
        nodes: [
          { op: "MatMul", inputs: ["x", "w"], outputs: ["y"], name: "product" },
          { op: "Identity", inputs: ["text"], outputs: ["z"], name: "copy" },
        ],
      }),
    );
    expect(refused.map(({ node, reason }) => `${node}: ${reason}`)).toEqual([
      'product: tensor "w" cannot be read: a constant of 4611686018427388000 elements',
      'copy: tensor "text" cannot be read: its elements are of type string',
    ]);
  });

  it("else takes it to keep the shape of its only value, and says nothing of what does not fit", () => {
    const chain = (rows: number) =>
      importOnnx(
        writeModel({
          inputs: [{ name: "x", shape: ["N", 4] }],
          outputs: [{ name: "y" }],
          initializers: [{ name: "w", shape: [rows, 2], data: ramp(2 * rows) }],
          nodes: [
            { op: "Fancy", inputs: ["x"], outputs: ["f"], name: "fancy" },
            { op: "Relu", inputs: ["f"], outputs: ["r"], name: "relu" },
            { op: "MatMul", inputs: ["r", "w"], outputs: ["y"], name: "product" },
          ],
        }),
      );
    expect(ops(chain(4).graph)).toEqual(["unsupported", "activation", "dense"]);
    const { refused } = chain(3);
    expect(refused.map(({ node, code }) => [node, code])).toEqual([
      ["fancy", "operator-not-supported"],
      ["product", "behind-unsupported"],
    ]);
  });
});
