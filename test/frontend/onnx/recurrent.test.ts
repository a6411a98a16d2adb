import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import type { AnnGraph } from "../../../src/ann/graph.js";
import { importOnnx, readOnnx } from "../../../src/frontend/onnx/read.js";
import { type AttributeValue, type NodeSpec, type TensorSpec, writeModel } from "./model-writer.js";

const features = 2;
const units = 3;

/** Numbers in [-1, 1) that look random and are the same every time. */
function noise(length: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

interface LstmOptions {
  readonly direction?: string;
  readonly batch?: number | string;
  readonly time?: number | string;
  readonly initial?: boolean;
  readonly after: readonly NodeSpec[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly more?: readonly TensorSpec[];
  readonly outputs?: readonly string[];
}

/** An LSTM over `[time, batch, features]` as PyTorch exports it, zero states made from the shape of the input. */
function lstm(options: LstmOptions): Uint8Array {
  const directions = options.direction === "bidirectional" ? 2 : 1;
  const rows = 4 * units;
  const scalar = (name: string, value: number): TensorSpec => ({ name, shape: [], type: 7, data: [value] });
  const vector = (name: string, values: readonly number[]): TensorSpec => ({
    name,
    shape: [values.length],
    type: 7,
    data: values,
  });
  const states: NodeSpec[] = [
    { op: "Shape", inputs: ["x"], outputs: ["shape"] },
    { op: "Gather", inputs: ["shape", "one"], outputs: ["n"] },
    { op: "Unsqueeze", inputs: ["n", "axis0"], outputs: ["n1"] },
    { op: "Concat", inputs: ["directions", "n1", "units"], outputs: ["state-shape"], attributes: { axis: 0 } },
    { op: "ConstantOfShape", inputs: ["state-shape"], outputs: ["h0"] },
    { op: "Expand", inputs: ["zero", "state-shape"], outputs: ["c0"] },
  ];
  return writeModel({
    inputs: [{ name: "x", shape: [options.time ?? "time", options.batch ?? "batch", features] }],
    outputs: (options.outputs ?? ["y"]).map((name) => ({ name })),
    initializers: [
      { name: "W", shape: [directions, rows, features], data: noise(directions * rows * features, 1) },
      { name: "R", shape: [directions, rows, units], data: noise(directions * rows * units, 2) },
      { name: "B", shape: [directions, 2 * rows], data: noise(directions * 2 * rows, 3) },
      scalar("one", 1),
      vector("axis0", [0]),
      vector("directions", [directions]),
      vector("units", [units]),
      { name: "zero", shape: [1, 1, 1], data: [0] },
      ...(options.more ?? []),
    ],
    nodes: [
      ...(options.initial ? states : []),
      {
        op: "LSTM",
        inputs: ["x", "W", "R", "B", ...(options.initial ? ["", "h0", "c0"] : [])],
        outputs: ["Y", "Yh", "Yc"],
        attributes: { hidden_size: units, direction: options.direction ?? "forward", ...options.attributes },
      },
      ...options.after,
    ],
  });
}

async function evaluate(graph: AnnGraph, data: readonly number[], batch: number): Promise<number[][]> {
  const evaluator = await openEvaluator(graph);
  const results = await evaluator.run(Float32Array.from(data), batch);
  evaluator.dispose();
  return graph.outputs.map((name) => [...results.get(name)!.data]);
}

const squeeze: NodeSpec = { op: "Squeeze", inputs: ["Y", "axis1"], outputs: ["y"] };
const axis1: TensorSpec = { name: "axis1", shape: [1], type: 7, data: [1] };

describe("recurrent layers of exporters", () => {
  it("zero states made from shapes vanish", () => {
    const graph = readOnnx(lstm({ initial: true, after: [squeeze], more: [axis1] }));
    expect(graph.inputs).toEqual([{ name: "x", shape: [-1, features] }]);
    expect(graph.nodes.map((node) => node.op)).toEqual(["recurrent", "identity"]);
    expect(graph.nodes[0]).toMatchObject({ returnSequences: true, returnState: false, inputs: ["x"] });
  });

  it("both directions side by side need no transposition", () => {
    const after: NodeSpec[] = [
      { op: "Transpose", inputs: ["Y"], outputs: ["t"], attributes: { perm: [0, 2, 1, 3] } },
      { op: "Reshape", inputs: ["t", "flat"], outputs: ["y"] },
    ];
    const flat: TensorSpec = { name: "flat", shape: [3], type: 7, data: [0, 0, -1] };
    const graph = readOnnx(lstm({ direction: "bidirectional", time: 4, after, more: [flat] }));
    expect(graph.nodes.map((node) => node.op).filter((op) => op !== "identity")).toEqual(["recurrent"]);
  });

  it("states and sequence agree with the last frame", async () => {
    const outputs = ["Y", "Yh"];
    const graph = readOnnx(lstm({ time: 5, after: [], outputs }));
    const [sequence, last] = await evaluate(graph, noise(10, 4), 1);
    expect(sequence!.slice(-units)).toEqual(last);
  });

  it("backward is forward on the reversed sequence", async () => {
    const frames = noise(10, 5);
    const reversed = [8, 9, 6, 7, 4, 5, 2, 3, 0, 1].map((k) => frames[k]!);
    const states = { time: 5, after: [], outputs: ["Yh", "Yc"] };
    const forward = await evaluate(readOnnx(lstm(states)), reversed, 1);
    const backward = await evaluate(readOnnx(lstm({ ...states, direction: "reverse" })), frames, 1);
    expect(backward).toEqual(forward);
  });

  it("a batch inside the sequence gives the same as a batch of samples", async () => {
    const bytes = lstm({ time: 4, batch: 3, after: [], outputs: ["Yh"] });
    const samples = [0, 1, 2].map((k) => noise(4 * features, 10 + k));
    const timeMajor = [0, 1, 2, 3].flatMap((t) => samples.flatMap((s) => s.slice(t * features, (t + 1) * features)));
    const rows = importOnnx(bytes, {}, { batchAxis: "none" });
    expect(rows.refused).toEqual([]);
    const [whole] = await evaluate(rows.graph, timeMajor, 1);
    const [each] = await evaluate(readOnnx(bytes), samples.flat(), 3);
    whole!.forEach((x, k) => {
      expect(x).toBeCloseTo(each![k]!, 6);
    });
  });

  it("activations take their parameters in order", () => {
    const attributes = { activations: ["HardSigmoid", "LeakyRelu", "Tanh"] };
    const graph = readOnnx(lstm({ time: 4, after: [], outputs: ["Yh"], attributes }));
    expect(graph.nodes[0]).toMatchObject({
      forward: {
        recurrentActivation: { kind: "hard-sigmoid", slope: 0.2, offset: 0.5 },
        activation: { kind: "relu", negativeSlope: 0.01 },
        outputActivation: { kind: "tanh" },
      },
    });
  });

  it("sequences of several lengths are refused", () => {
    const lengths: TensorSpec = { name: "lengths", shape: [1], type: 6, data: [2] };
    const bytes = writeModel({
      inputs: [{ name: "x", shape: [4, 1, features] }],
      outputs: [{ name: "y" }],
      initializers: [
        { name: "W", shape: [1, units, features], data: noise(units * features, 1) },
        { name: "R", shape: [1, units, units], data: noise(units * units, 2) },
        lengths,
      ],
      nodes: [
        { op: "RNN", inputs: ["x", "W", "R", "", "lengths"], outputs: ["y"], attributes: { hidden_size: units } },
      ],
    });
    expect(importOnnx(bytes).refused).toMatchObject([{ operator: "RNN", code: "attribute" }]);
  });
});
