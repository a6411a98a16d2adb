import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import { loadLabels, loadSamples } from "../../../src/frontend/data/load.js";
import { readOnnx } from "../../../src/frontend/onnx/read.js";
import { hasMaterial, material, readMaterial } from "./material.js";
import { readOnnxTensor } from "./read-tensor.js";

const models = [
  { path: "onnx-models/mnist-8/mnist-8.onnx", scale: 1, accuracy: 98.91, golden: "onnx" },
  { path: "onnx-models/lenet5_ccoltong/lenet.onnx", scale: 1 / 255, accuracy: 99.05, golden: "onnx" },
  { path: "onnx-models/qonnx_tfc/TFC_2W2A.onnx", scale: 1 / 255, accuracy: 96.6, golden: "qonnx" },
];

interface Golden {
  readonly models: Record<string, { images?: number; outputs: number[]; inputShape?: number[]; scale?: number }>;
}

function golden(name: string): Golden {
  return JSON.parse(readFileSync(`${material}/golden/${name}.json`, "utf8")) as Golden;
}

/** Largest difference relative to the largest expected magnitude. */
function difference(found: Float32Array, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  return Math.max(...expected.map((y, k) => Math.abs(found[k]! - y))) / largest;
}

async function digits(scale: number) {
  const samples = await loadSamples(`${material}/mnist/t10k-images-idx3-ubyte.gz`);
  const labels = await loadLabels(`${material}/mnist/t10k-labels-idx1-ubyte.gz`);
  return { data: samples.data.map((x) => x * scale), labels, count: samples.count };
}

describe.runIf(hasMaterial("onnx-models"))("models of other people", () => {
  for (const { path, scale, accuracy, golden: file } of models) {
    it(`${path}: ${accuracy} % of the MNIST test set and the reference outputs`, async () => {
      const evaluator = await openEvaluator(readOnnx(readMaterial(path), { file: path }));
      const { data, labels, count } = await digits(scale);
      const [result] = (await evaluator.run(data, count)).values();
      let right = 0;
      for (let k = 0; k < count; k++) {
        const row = result!.data.subarray(k * 10, k * 10 + 10);
        if (row.indexOf(Math.max(...row)) === labels[k]) right++;
      }
      expect(Math.abs((100 * right) / count - accuracy)).toBeLessThanOrEqual(0.02);
      expect(difference(result!.data, golden(file).models[path]!.outputs)).toBeLessThan(1e-4);
      evaluator.dispose();
    });
  }

  it("mnist-8: the test data that came with it", async () => {
    const folder = "onnx-models/mnist-8";
    const evaluator = await openEvaluator(readOnnx(readMaterial(`${folder}/mnist-8.onnx`)));
    for (const set of [0, 1, 2]) {
      const input = readOnnxTensor(readMaterial(`${folder}/test_data_set_${set}/input_0.pb`));
      const output = readOnnxTensor(readMaterial(`${folder}/test_data_set_${set}/output_0.pb`));
      const [result] = (await evaluator.run(Float32Array.from(input.data), 1)).values();
      expect(difference(result!.data, Array.from(output.data))).toBeLessThan(1e-5);
    }
    evaluator.dispose();
  });

  for (const name of ["lstm_k1_b1_r1", "lstm_k1_b1_r1_relu"]) {
    it(`${name}: the reference outputs`, async () => {
      const path = `onnx-models/onnx2c_lstm/${name}.onnx`;
      const { inputShape, outputs } = golden("onnx").models[path]!;
      const [batch, time, features] = inputShape as [number, number, number];
      const evaluator = await openEvaluator(readOnnx(readMaterial(path)));
      const data = Float32Array.from({ length: batch * time * features }, (_, i) => Math.sin(0.37 * i + 0.5));
      const [result] = (await evaluator.run(data, batch)).values();
      expect(difference(result!.data, outputs)).toBeLessThan(1e-5);
      evaluator.dispose();
    });
  }
});
