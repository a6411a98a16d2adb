import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import type { AnnGraph, AnnNode } from "../../../src/ann/graph.js";
import { importOnnx, readOnnx } from "../../../src/frontend/onnx/read.js";
import { isQuantized, type QuantizedTensor } from "../../../src/support/tensor.js";
import { hasMaterial, readMaterial } from "./material.js";
import { type NodeSpec, type TensorSpec, writeModel } from "./model-writer.js";

const int8 = 3;
const uint8 = 2;
const int32 = 6;

async function evaluate(graph: AnnGraph, data: readonly number[]): Promise<number[]> {
  const evaluator = await openEvaluator(graph);
  const [result] = (await evaluator.run(Float32Array.from(data), 1)).values();
  evaluator.dispose();
  return [...result!.data];
}

/** The integers of a parameter, from its numbers and grid; scales of one number or one a column. */
function levels(kernel: QuantizedTensor): number[] {
  const { scale, zeroPoint } = kernel.grid;
  const of = (t: { readonly data: Float32Array }, k: number) => t.data[k % t.data.length]!;
  return Array.from(kernel.data, (w, k) => Math.round(w / of(scale, k)) + of(zeroPoint, k));
}

function kernelOf(node: AnnNode | undefined): QuantizedTensor {
  if (!node || !("kernel" in node) || !isQuantized(node.kernel)) throw new Error("no quantised kernel");
  return node.kernel;
}

function model(nodes: readonly NodeSpec[], initializers: readonly TensorSpec[], shape = ["N", 3]): Uint8Array {
  return writeModel({ inputs: [{ name: "x", shape }], outputs: [{ name: "y" }], nodes, initializers });
}

const weights: TensorSpec = { name: "w", shape: [3, 2], type: int8, data: [-128, 127, 5, -7, 0, 99] };
const scale: TensorSpec = { name: "s", shape: [], data: [0.1] };
const perColumn: TensorSpec = { name: "sw", shape: [2], data: [0.013, 0.37] };

describe("QDQ models", () => {
  it("keep the integers of weights with a scale for each output", () => {
    const bytes = model(
      [
        { op: "DequantizeLinear", inputs: ["w", "sw"], outputs: ["d"], attributes: { axis: 1 } },
        { op: "MatMul", inputs: ["x", "d"], outputs: ["y"] },
      ],
      [weights, perColumn],
    );
    const kernel = kernelOf(readOnnx(bytes).nodes[0]);
    expect(kernel.grid).toMatchObject({ bits: 8, signed: true, narrow: false });
    expect(levels(kernel)).toEqual(weights.data);
    expect(kernel.data[0]).toBe(Math.fround(-128 * Math.fround(0.013)));
  });

  it("keep the grid when a convolution turns the weights", () => {
    const bytes = writeModel({
      inputs: [{ name: "x", shape: ["N", 2, 3, 3] }],
      outputs: [{ name: "y" }],
      initializers: [
        { name: "w", shape: [2, 2, 2, 1], type: int8, data: [1, 2, 3, 4, -5, -6, -7, -8] },
        { name: "sw", shape: [2], data: [0.5, 0.25] },
      ],
      nodes: [
        { op: "DequantizeLinear", inputs: ["w", "sw"], outputs: ["d"], attributes: { axis: 0 } },
        { op: "Conv", inputs: ["x", "d"], outputs: ["y"] },
      ],
    });
    const kernel = kernelOf(readOnnx(bytes).nodes.find((node) => node.op === "conv"));
    expect(kernel.shape).toEqual([2, 1, 2, 2]);
    expect(kernel.grid.scale.shape).toEqual([1, 1, 1, 2]);
    expect(levels(kernel)).toEqual([1, -5, 3, -7, 2, -6, 4, -8]);
  });

  const quantizer = (zero: string): NodeSpec => ({ op: "QuantizeLinear", inputs: ["x", "s", zero], outputs: ["q"] });
  const dequantizer = (from: string, zero: string): NodeSpec => ({
    op: "DequantizeLinear",
    inputs: [from, "s", zero],
    outputs: ["y"],
  });

  it("become one quantiser of real values", async () => {
    const zero: TensorSpec = { name: "z", shape: [], type: uint8, data: [10] };
    const graph = readOnnx(model([quantizer("z"), dequantizer("q", "z")], [scale, zero]));
    expect(graph.nodes).toHaveLength(1);
    expect(graph.nodes[0]).toMatchObject({ op: "quant", result: "real", signed: false, rounding: "half-even" });
    const found = await evaluate(graph, [-5, 0.26, 100]);
    [-1, 0.3, 24.5].forEach((wanted, k) => {
      expect(found[k]).toBeCloseTo(wanted, 5);
    });
  });

  it("with a clip between become a quantiser of fewer bits", () => {
    const zero: TensorSpec = { name: "z", shape: [], type: int8, data: [0] };
    const low: TensorSpec = { name: "low", shape: [], type: int8, data: [-7] };
    const high: TensorSpec = { name: "high", shape: [], type: int8, data: [7] };
    const clip: NodeSpec = { op: "Clip", inputs: ["q", "low", "high"], outputs: ["c"] };
    const graph = readOnnx(model([quantizer("z"), clip, dequantizer("c", "z")], [scale, zero, low, high]));
    expect(graph.nodes).toHaveLength(1);
    expect(graph.nodes[0]).toMatchObject({ op: "quant", bitWidth: { data: Float32Array.of(4) }, narrow: true });
  });

  it("stay two steps where the parameters differ", () => {
    const zero: TensorSpec = { name: "z", shape: [], type: uint8, data: [10] };
    const other: TensorSpec = { name: "o", shape: [], type: uint8, data: [12] };
    const graph = readOnnx(model([quantizer("z"), dequantizer("q", "o")], [scale, zero, other]));
    expect(graph.nodes.map((node) => node.op)).toEqual(["quant", "elementwise", "elementwise"]);
  });

  it("refuse scales that are not positive", () => {
    const zero: TensorSpec = { name: "z", shape: [], type: uint8, data: [0] };
    const bad = { ...scale, data: [0] };
    expect(importOnnx(model([quantizer("z")], [bad, zero])).refused).toMatchObject([{ code: "scale" }]);
  });
});

describe("QOperator models", () => {
  it("QLinearConv keeps the integers of weights and bias", () => {
    const one = (name: string, type: number, value: number): TensorSpec => ({ name, shape: [], type, data: [value] });
    const bytes = writeModel({
      inputs: [{ name: "x", type: uint8, shape: ["N", 1, 2, 2] }],
      outputs: [{ name: "y" }],
      initializers: [
        { name: "xs", shape: [], data: [0.5] },
        one("xz", uint8, 3),
        { name: "w", shape: [2, 1, 1, 1], type: int8, data: [-3, 4] },
        { name: "ws", shape: [2], data: [0.25, 0.125] },
        { name: "wz", shape: [2], type: int8, data: [0, 0] },
        { name: "ys", shape: [], data: [1] },
        one("yz", uint8, 0),
        { name: "b", shape: [2], type: int32, data: [1000, -17] },
      ],
      nodes: [{ op: "QLinearConv", inputs: ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"], outputs: ["y"] }],
    });
    const conv = readOnnx(bytes).nodes.find((node) => node.op === "conv");
    expect(levels(kernelOf(conv))).toEqual([-3, 4]);
    expect(levels(conv!.bias as QuantizedTensor)).toEqual([1000, -17]);
  });
});

describe("quantised operators of ONNX Runtime", () => {
  const domain = "com.microsoft";
  /** Scale and zero point `name/s`, `name/z` of uint8 levels. */
  const affine = (name: string, scale: number, zero: number): TensorSpec[] => [
    { name: `${name}/s`, shape: [], data: [scale] },
    { name: `${name}/z`, shape: [], type: uint8, data: [zero] },
  ];
  const real = (level: number, scale: number, zero: number) => (level - zero) * scale;
  const level = (value: number, scale: number, zero: number) =>
    Math.max(0, Math.min(255, Math.round(value / scale) + zero));
  const levelsOf = async (
    op: string,
    inputs: readonly string[],
    initializers: readonly TensorSpec[],
    shape: readonly number[],
    data: readonly number[],
    attributes: NodeSpec["attributes"] = {},
  ): Promise<readonly number[]> => {
    const graph = readOnnx(
      writeModel({
        inputs: [{ name: "x", type: uint8, shape: ["N", ...shape] }],
        outputs: [{ name: "y" }],
        initializers,
        nodes: [{ op, domain, inputs, outputs: ["y"], attributes }],
      }),
    );
    const evaluator = await openEvaluator(graph);
    const found = await evaluator.run({ shape: [1, ...shape], data: Float32Array.from(data) }, 1);
    evaluator.dispose();
    return [...found.get(graph.outputs[0]!)!.data];
  };
  const x = [13, 200, 77, 90];
  const y = affine("y", 0.25, 100);

  it.each([
    ["QLinearAdd", (a: number, b: number) => a + b],
    ["QLinearMul", (a: number, b: number) => a * b],
  ] as const)("%s of a value and a constant, and of a value with itself", async (op, f) => {
    const tensors = [
      ...affine("x", 0.1, 50),
      ...affine("b", 0.5, 3),
      ...y,
      { name: "b", shape: [4], type: uint8, data: [0, 9, 5, 3] },
    ];
    const both = ["x", "x/s", "x/z", "b", "b/s", "b/z", "y/s", "y/z"];
    const wanted = x.map((q, k) => level(f(real(q, 0.1, 50), real([0, 9, 5, 3][k]!, 0.5, 3)), 0.25, 100));
    expect(await levelsOf(op, both, tensors, [4], x)).toEqual(wanted);
    const self = ["x", "x/s", "x/z", "x", "x/s", "x/z", "y/s", "y/z"];
    const squares = x.map((q) => level(f(real(q, 0.1, 50), real(q, 0.1, 50)), 0.25, 100));
    expect(await levelsOf(op, self, tensors, [4], x)).toEqual(squares);
  });

  it.each([
    ["QLinearLeakyRelu", (v: number) => (v < 0 ? v * 0.5 : v), { alpha: { float: 0.5 } }],
    ["QLinearSigmoid", (v: number) => 1 / (1 + Math.exp(-v)), {}],
  ] as const)("%s", async (op, f, attributes) => {
    const wanted = x.map((q) => level(f(real(q, 0.1, 80)), 0.25, 100));
    const tensors = [...affine("x", 0.1, 80), ...y];
    expect(await levelsOf(op, ["x", "x/s", "x/z", "y/s", "y/z"], tensors, [4], x, attributes)).toEqual(wanted);
  });

  it("pools of a mean", async () => {
    const tensors = [...affine("x", 0.1, 50), ...y];
    const mean = level(x.reduce((sum, q) => sum + real(q, 0.1, 50), 0) / 4, 0.25, 100);
    const inputs = ["x", "x/s", "x/z", "y/s", "y/z"];
    expect(await levelsOf("QLinearGlobalAveragePool", inputs, tensors, [1, 2, 2], x)).toEqual([mean]);
    expect(await levelsOf("QLinearAveragePool", inputs, tensors, [1, 2, 2], x, { kernel_shape: [2, 2] })).toEqual([
      mean,
    ]);
  });

  it("QLinearConcat of two scales", async () => {
    const tensors = [
      ...affine("x", 0.1, 50),
      ...affine("b", 0.5, 3),
      ...y,
      { name: "b", shape: [1, 1], type: uint8, data: [9] },
    ];
    const found = await levelsOf(
      "QLinearConcat",
      ["y/s", "y/z", "x", "x/s", "x/z", "b", "b/s", "b/z"],
      tensors,
      [4],
      x,
      { axis: 1 },
    );
    expect(found).toEqual([...x.map((q) => level(real(q, 0.1, 50), 0.25, 100)), level(3, 0.25, 100)]);
  });

  it("QGemm, with levels and with real numbers as its result", async () => {
    const tensors: TensorSpec[] = [
      ...affine("x", 0.1, 50),
      ...y,
      { name: "w", shape: [2, 4], type: int8, data: [1, 2, 3, 4, -5, -6, -7, -8] },
      { name: "w/s", shape: [2], data: [0.5, 0.25] },
      { name: "w/z", shape: [2], type: int8, data: [0, 0] },
      { name: "c", shape: [2], type: int32, data: [1000, -17] },
    ];
    const sums = [
      [1, 2, 3, 4],
      [-5, -6, -7, -8],
    ].map((row, k) => {
      const scale = [0.5, 0.25][k]!;
      return row.reduce((sum, w, i) => sum + w * scale * real(x[i]!, 0.1, 50), [1000, -17][k]! * 0.1 * scale);
    });
    const inputs = ["x", "x/s", "x/z", "w", "w/s", "w/z", "c"];
    const attributes = { transB: 1 };
    const reals = await levelsOf("QGemm", inputs, tensors, [4], x, attributes);
    for (const [k, sum] of sums.entries()) expect(reals[k]).toBeCloseTo(sum, 3);
    const found = await levelsOf("QGemm", [...inputs, "y/s", "y/z"], tensors, [4], x, attributes);
    expect(found).toEqual(sums.map((sum) => level(sum, 0.25, 100)));
  });

  it("quantisers of its own domain are those of ONNX", () => {
    const graph = readOnnx(
      model(
        [
          { op: "QuantizeLinear", domain, inputs: ["x", "s", "z"], outputs: ["q"] },
          { op: "DequantizeLinear", domain, inputs: ["q", "s", "z"], outputs: ["y"] },
        ],
        [scale, { name: "z", shape: [], type: uint8, data: [10] }],
      ),
    );
    expect(graph.nodes).toMatchObject([{ op: "quant", result: "real" }]);
  });
});

describe("QONNX models", () => {
  const quant = (attributes: NodeSpec["attributes"] = {}): NodeSpec => ({
    op: "Quant",
    domain: "qonnx.custom_op.general",
    inputs: ["x", "s", "z", "b"],
    outputs: ["y"],
    attributes: { signed: 1, narrow: 0, rounding_mode: "ROUND", ...attributes },
  });
  const parameters = (bits: number): TensorSpec[] => [
    { name: "s", shape: [], data: [0.5] },
    { name: "z", shape: [], data: [0] },
    { name: "b", shape: [], data: [bits] },
  ];

  it.each([
    ["ROUND", [0, 1, -1]],
    ["CEIL", [0.5, 1, -0.5]],
    ["FLOOR", [0, 0.5, -1]],
  ])("round as %s says", async (mode, wanted) => {
    const graph = readOnnx(model([quant({ rounding_mode: mode })], parameters(4)));
    expect(await evaluate(graph, [0.25, 0.75, -0.75])).toEqual(wanted);
  });

  it("add the zero point before rounding, ONNX after it; at run time and in folded constants", async () => {
    const halves = [0.25, 0.75, -0.25];
    const odd: TensorSpec[] = [
      { name: "s", shape: [], data: [0.5] },
      { name: "z", shape: [], data: [1] },
      { name: "b", shape: [], data: [4] },
    ];
    const constants: TensorSpec[] = [...odd, { name: "c", shape: [3], data: halves }];
    const sum: NodeSpec = { op: "Add", inputs: ["x", "d"], outputs: ["y"] };
    const folded = { ...quant(), inputs: ["c", "s", "z", "b"], outputs: ["d"] };
    const qonnx = [0.5, 0.5, -0.5];
    expect(await evaluate(readOnnx(model([quant()], odd)), halves)).toEqual(qonnx);
    expect(await evaluate(readOnnx(model([folded, sum], constants)), [0, 0, 0])).toEqual(qonnx);

    const typed = odd.map((t) => (t.name === "z" ? { ...t, type: int8 } : t));
    const pair = (from: string, to: string): NodeSpec[] => [
      { op: "QuantizeLinear", inputs: [from, "s", "z"], outputs: ["q"] },
      { op: "DequantizeLinear", inputs: ["q", "s", "z"], outputs: [to] },
    ];
    const onnx = [0, 1, 0];
    expect(await evaluate(readOnnx(model(pair("x", "y"), typed)), halves)).toEqual(onnx);
    const typedConstants = [...typed, constants.at(-1)!];
    expect(await evaluate(readOnnx(model([...pair("c", "d"), sum], typedConstants)), [0, 0, 0])).toEqual(onnx);
  });

  it("one signed bit is minus and plus the scale", async () => {
    const graph = readOnnx(model([quant()], parameters(1)));
    expect(graph.nodes[0]).toMatchObject({ op: "bipolar-quant" });
    expect(await evaluate(graph, [0, 3, -0.01])).toEqual([0.5, 0.5, -0.5]);
  });

  it("MultiThreshold counts thresholds a channel", async () => {
    const node: NodeSpec = {
      op: "MultiThreshold",
      domain: "finn.custom_op.general",
      inputs: ["x", "t"],
      outputs: ["y"],
      attributes: { out_scale: { float: 2 }, out_bias: { float: -1 }, out_dtype: "INT2" },
    };
    const thresholds: TensorSpec = { name: "t", shape: [3, 2], data: [0, 1, 2, 3, -1, -0.5] };
    expect(await evaluate(readOnnx(model([node], [thresholds])), [0.5, 3, -0.5])).toEqual([1, 3, 3]);
  });

  it.each([
    [5, [1, 0.5, -1.5]],
    [7, [1, 0, -2]],
  ])("Trunc with %d inputs", async (count, wanted) => {
    // levels 5, 3 and -5 lose one bit: 2, 1 and -3, held in [-2, 1] by version 2 with two bits
    const inputs = count === 5 ? ["x", "s", "z", "in", "out"] : ["x", "s", "z", "in", "s2", "z", "out"];
    const node: NodeSpec = { op: "Trunc", domain: "qonnx.custom_op.general", inputs, outputs: ["y"] };
    const constants: TensorSpec[] = [
      { name: "s", shape: [], data: [0.5] },
      { name: "s2", shape: [], data: [1] },
      { name: "z", shape: [], data: [0] },
      { name: "in", shape: [], data: [4] },
      { name: "out", shape: [], data: [count === 5 ? 3 : 2] },
    ];
    const graph = readOnnx(model([{ ...node, attributes: { rounding_mode: "FLOOR" } }], constants));
    const found = await evaluate(graph, [2.5, count === 5 ? 1.5 : 0.5, -2.5]);
    expect(found).toEqual(wanted);
  });

  it.runIf(hasMaterial("onnx-models/qonnx_tfc"))("weights of a trained network are 2-bit integers", () => {
    const graph = readOnnx(readMaterial("onnx-models/qonnx_tfc/TFC_2W2A.onnx"));
    const kernels = graph.nodes.filter((node) => node.op === "dense").map(kernelOf);
    expect(kernels.map(({ shape }) => shape)).toEqual([
      [784, 64],
      [64, 64],
      [64, 64],
      [64, 10],
    ]);
    for (const kernel of kernels) {
      expect(kernel.grid).toMatchObject({ bits: 2, signed: true });
      const integers = levels(kernel);
      expect(integers.every((q) => Number.isInteger(q) && q >= -2 && q <= 1)).toBe(true);
      expect(integers.every((q, k) => Math.fround(q * kernel.grid.scale.data[0]!) === kernel.data[k])).toBe(true);
    }
    expect(graph.nodes.filter((node) => node.op === "quant")).toHaveLength(4);
  });
});
