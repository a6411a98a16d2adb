import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../src/ann/evaluate/evaluator.js";
import type { AnnGraph, QuantNode } from "../../src/ann/graph.js";
import { evaluateQuantGraph } from "../../src/quantize/evaluate.js";
import { quantizeInput } from "../../src/quantize/input.js";
import { quantize } from "../../src/quantize/quantize.js";
import { seededRandom } from "../../src/support/random.js";
import { elements, type QuantizedTensor, type Tensor } from "../../src/support/tensor.js";
import { Model } from "./fold/model.js";

const scalar = (value: number): Tensor => ({ shape: [], data: Float32Array.of(value) });

/** Parameters of a quantiser to real values. */
function levels(bits: number, scale: number, options: Partial<QuantNode> & { zero?: number } = {}) {
  const { zero = 0, ...rest } = options;
  return {
    scale: scalar(scale),
    zeroPoint: scalar(zero),
    bitWidth: scalar(bits),
    signed: true,
    narrow: false,
    rounding: "half-even",
    result: "real",
    ...rest,
  } as const;
}

/** Random weights on a grid, with one scale a column or one for all. */
function integers(m: Model, shape: readonly number[], bits: number, perColumn: boolean): QuantizedTensor {
  const columns = shape.at(-1)!;
  const scale = Float32Array.from({ length: perColumn ? columns : 1 }, () => 2 ** -Math.floor(2 + 4 * m.random()));
  const most = 2 ** (bits - 1) - 1;
  const data = new Float32Array(elements(shape)).map(
    (_, i) => Math.round((2 * m.random() - 1) * most) * scale[perColumn ? i % columns : 0]!,
  );
  const grid = {
    scale: { shape: perColumn ? [...shape.slice(0, -1).map(() => 1), columns] : [], data: scale },
    zeroPoint: scalar(0),
    bits,
    signed: true,
    narrow: true,
  };
  return { shape, data, grid };
}

function dense(m: Model, from: string, inputs: number, outputs: number, bits: number, perColumn = true): string {
  return m.add("dense", [from], { kernel: integers(m, [inputs, outputs], bits, perColumn) });
}

/** Share of real outputs and levels that differ from the float evaluation, on samples that lie on no rounding edge. */
async function differences(graph: AnnGraph, samples: number): Promise<{ readonly wrong: number; notes: string[] }> {
  const random = seededRandom(9);
  const shape = graph.inputs[0]!.shape;
  const size = elements(shape);
  const data = new Float32Array(samples * size).map(() => random() * 1.2 - 0.25);
  const { quant, ledger } = await quantize(graph, { data, count: samples });
  const evaluator = await openEvaluator(graph, { backend: "cpu" });
  const wanted = (await evaluator.run(data, samples)).get(graph.outputs[0]!)!.data;
  evaluator.dispose();
  const golden = evaluateQuantGraph(quant);
  const input = quantizeInput(data, quant.input);
  const perSample = input.length / samples;
  const outputs = wanted.length / samples;
  let wrong = 0;
  for (let s = 0; s < samples; s++) {
    const results = golden.run(input.subarray(s * perSample, (s + 1) * perSample));
    const { activation } = quant.layers.at(-1) as { activation: { scale: number } };
    const found = Float64Array.from(results.at(-1)!.values, (v) => v * activation.scale);
    // The readout leaves out what all outputs have in common.
    const shift = found[0]! - wanted[s * outputs]!;
    if (found.some((v, k) => Math.abs(v - shift - wanted[s * outputs + k]!) > 1e-4)) wrong++;
  }
  return { wrong, notes: ledger.filter(({ outcome }) => outcome === "converted").map(({ note }) => note) };
}

const networks: Record<string, () => AnnGraph> = {
  "dense, scales a column, signed narrow levels": () => {
    const m = new Model([12]);
    const x = m.add("quant", ["x"], levels(4, 0.0625));
    const a = m.add("quant", [m.batchNorm(dense(m, x, 12, 9, 2), 9)], levels(2, 0.5, { narrow: true }));
    return m.graph(dense(m, a, 9, 4, 3, false));
  },
  "zero points as in QDQ, ReLU before the quantiser": () => {
    const m = new Model([10], 2);
    const x = m.add("quant", ["x"], levels(8, 1 / 64, { zero: -100 }));
    const hidden = m.relu(dense(m, x, 10, 8, 3));
    const a = m.add("quant", [hidden], levels(8, 0.25, { zero: -128 }));
    return m.graph(dense(m, a, 8, 3, 4, false));
  },
  "binary levels": () => {
    const m = new Model([16], 3);
    const x = m.add("bipolar-quant", ["x"], { scale: scalar(1) });
    const a = m.add("bipolar-quant", [m.batchNorm(dense(m, x, 16, 12, 2), 12)], { scale: scalar(0.5) });
    return m.graph(dense(m, a, 12, 4, 2, false));
  },
  "thresholds a channel": () => {
    const m = new Model([16], 4);
    const x = m.add("quant", ["x"], levels(3, 0.25));
    const kernel = { ...integers(m, [16, 5], 3, false) };
    const unit = kernel.grid.scale.data[0]! * 0.25;
    const at = Float32Array.from({ length: 5 * 3 }, (_, i) => (Math.floor(i / 3) - 3 + 2 * (i % 3)) * unit);
    const y = m.add("dense", [x], { kernel });
    const a = m.add("multi-threshold", [y], { thresholds: { shape: [5, 3], data: at }, outScale: 1, outBias: -1 });
    return m.graph(dense(m, a, 5, 3, 3, false));
  },
  "a padded convolution on a signed input": () => {
    const m = new Model([6, 6, 2], 5);
    const x = m.add("quant", ["x"], levels(3, 0.125));
    const y = m.add("conv", [x], {
      kernel: integers(m, [3, 3, 2, 4], 3, true),
      strides: [1, 1],
      padding: [
        [1, 1],
        [1, 1],
      ],
      dilations: [1, 1],
      groups: 1,
    });
    const pooled = m.pool(m.add("quant", [y], levels(2, 0.47, { signed: false })), "max", [2, 2]);
    return m.graph(dense(m, m.reshape(pooled, [36]), 36, 3, 3, false));
  },
};

describe("networks with their own integers", () => {
  it.each(Object.keys(networks))("%s: integers give what the model gives", async (name) => {
    const { wrong, notes } = await differences(networks[name]!(), 60);
    expect(notes.filter((note) => note.includes("neurons")).every((note) => note.includes("exact"))).toBe(true);
    expect(wrong).toBe(0);
  });

  it("sums at exact halves, where no even staircase rounds to even, have a bound in the ledger", async () => {
    const m = new Model([4], 7);
    const x = m.add("quant", ["x"], levels(4, 1));
    const kernel = integers(m, [4, 1], 4, false);
    const unit = kernel.grid.scale.data[0]!;
    const a = m.add("quant", [m.add("dense", [x], { kernel })], levels(3, 2 * unit, { signed: false }));
    const graph = m.graph(a);
    const { ledger } = await quantize(graph, { data: new Float32Array(40).fill(1), count: 10 });
    expect(ledger.find(({ layer }) => layer === "dense_1")).toMatchObject({ outcome: "approximated" });
    expect(ledger.find(({ layer }) => layer === "dense_1")!.note).toMatch(/moved by at most 1 units of the sum/);
  });

  it("a quantiser behind real weights keeps its levels", async () => {
    const m = new Model([8], 6);
    const a = m.add("quant", [m.dense("x", 8, 6)], levels(3, 0.25, { signed: false, rounding: "down" }));
    const graph = m.graph(m.dense(a, 6, 3));
    const random = seededRandom(1);
    const data = new Float32Array(200 * 8).map(() => random());
    const { quant, layers } = await quantize(graph, { data, count: 200 }, { weightBits: 8, inputBits: 8 });
    const [first] = quant.layers;
    expect(first).toMatchObject({ activation: { min: 0, max: 7, scale: 0.25 } });
    expect(layers[0]!.meanError).toBeLessThan(0.02);
  });
});
