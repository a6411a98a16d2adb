import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { openEvaluator } from "../../src/ann/evaluate/evaluator.js";
import { fitShape } from "../../src/frontend/data/fit.js";
import { loadLabels, loadSamples } from "../../src/frontend/data/load.js";
import type { Samples } from "../../src/frontend/data/samples.js";
import type { FlipKernels } from "../../src/frontend/keras/kernel-flip.js";
import { loadModel } from "../../src/frontend/load.js";

const material = "../shared/material";
const keras = `${material}/keras`;
const hasMaterial = existsSync(keras);
if (!hasMaterial) console.warn(`skipped: ${keras} is missing`);

let images: Samples;
let labels: Int32Array;

async function outputsOf(
  path: string,
  topology: string | undefined,
  flipKernels: FlipKernels,
  samples: Samples,
  scale: number,
): Promise<{ shape: readonly number[]; data: Float32Array }> {
  const graph = await loadModel(path, { flipKernels, ...(topology === undefined ? {} : { topology }) });
  const fitted = fitShape(samples, graph.inputs[0]!.shape).samples;
  const evaluator = await openEvaluator(graph);
  const data = fitted.data.map((value) => value * scale);
  const results = await evaluator.run({ shape: [fitted.count, ...fitted.shape], data }, fitted.count);
  evaluator.dispose();
  return results.get(graph.outputs[0]!)!;
}

/** Top-1 accuracy in percent. */
function accuracy(outputs: { shape: readonly number[]; data: Float32Array }, wanted: Int32Array): number {
  const classes = outputs.shape.at(-1)!;
  let right = 0;
  for (let i = 0; i < wanted.length; i++) {
    const row = outputs.data.subarray(i * classes, (i + 1) * classes);
    if (row.indexOf(row.reduce((most, value) => Math.max(most, value))) === wanted[i]) right++;
  }
  return (100 * right) / wanted.length;
}

interface Golden {
  readonly models: Record<
    string,
    { readonly kernels_flipped?: boolean; readonly samples?: number; readonly outputs: readonly number[] }
  >;
}

function golden(name: string): Golden["models"] {
  return (JSON.parse(readFileSync(`${material}/golden/${name}.json`, "utf8")) as Golden).models;
}

function largestDifference(found: ArrayLike<number>, wanted: readonly number[]): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
}

const table: [model: string, topology: boolean, flip: FlipKernels, percent: number][] = [
  ["snn_toolbox/mlp_98.15", true, "auto", 98.15],
  ["snn_toolbox/cnn_99.20", true, "yes", 99.2],
  ["snn_toolbox/cnn_99.20", true, "auto", 96.86],
  ["snn_toolbox/cnn_99.16", true, "yes", 99.16],
  ["snn_toolbox/cnn_99.16", true, "no", 80.01],
  ["snn_toolbox/lenet5_98.96", false, "auto", 98.96],
  ["snn_toolbox/lenet5_98.96", false, "no", 31.61],
  ["mnist_crnn_sjayakum/cnn_gru", true, "yes", 98.71],
  ["mnist_crnn_sjayakum/cnn_gru", true, "no", 76.73],
  ["mnist_crnn_sjayakum/mnistLSTM", true, "auto", 98.7],
];

describe.runIf(hasMaterial)("accuracy of Keras models over the MNIST test set", () => {
  beforeAll(async () => {
    images = await loadSamples(`${material}/mnist/t10k-images-idx3-ubyte.gz`);
    labels = await loadLabels(`${material}/mnist/t10k-labels-idx1-ubyte.gz`);
  });

  it.each(table)("%s (topology apart: %s, flip %s) reaches %s percent", async (model, hasTopology, flip, percent) => {
    const topology = hasTopology ? `${keras}/${model}.json` : undefined;
    const outputs = await outputsOf(`${keras}/${model}.h5`, topology, flip, images, 1 / 255);
    expect(Math.abs(accuracy(outputs, labels) - percent)).toBeLessThanOrEqual(0.02);
  });
});

describe.runIf(hasMaterial)("recurrent network on a long series", () => {
  it("reaches 71.0 percent on the ECG test rows", async () => {
    const folder = `${keras}/ecg_recurrent_zabir`;
    const samples = await loadSamples(`${folder}/Xs_test.npy`);
    const outputs = await outputsOf(`${folder}/gru.h5`, undefined, "auto", samples, 1);
    const percent = accuracy(outputs, await loadLabels(`${folder}/y_test.npy`));
    expect(Math.abs(percent - 71)).toBeLessThanOrEqual(0.02);
  });
});

describe.runIf(hasMaterial)("golden outputs of independent evaluators", () => {
  it.each(Object.keys(hasMaterial ? golden("keras") : {}))("%s agrees to 1e-4", async (model) => {
    const { kernels_flipped: flipped, outputs } = golden("keras")[model]!;
    const isEcg = model.includes("ecg");
    const samples = isEcg
      ? await loadSamples(`${keras}/ecg_recurrent_zabir/Xs_test.npy`, { limit: 16 })
      : await loadSamples(`${material}/mnist/t10k-images-idx3-ubyte.gz`, { limit: 16 });
    const topology = existsSync(`${material}/${model}.json`) ? `${material}/${model}.json` : undefined;
    const found = await outputsOf(
      `${material}/${model}.h5`,
      topology,
      flipped ? "yes" : "no",
      samples,
      isEcg ? 1 : 1 / 255,
    );
    expect(largestDifference(found.data, outputs)).toBeLessThanOrEqual(1e-4);
  });

  it("tfjs/abalone agrees to 1e-4", async () => {
    const data = Float32Array.from({ length: 32 }, (_, i) => Math.sin(0.37 * i + 0.5));
    const samples: Samples = { kind: "dense", count: 4, shape: [8], data };
    const found = await outputsOf(`${material}/tfjs/abalone/model.json`, undefined, "auto", samples, 1);
    expect(largestDifference(found.data, golden("tfjs")["tfjs/abalone"]!.outputs)).toBeLessThanOrEqual(1e-4);
  });

  it("tfjs/tfjs_e2e_layers_model agrees to 1e-4", async () => {
    const data = Float32Array.from({ length: 10 }, (_, i) => i);
    const samples: Samples = { kind: "dense", count: 1, shape: [10], data };
    const found = await outputsOf(`${material}/tfjs/tfjs_e2e_layers_model/model.json`, undefined, "auto", samples, 1);
    expect(largestDifference(found.data, golden("tfjs")["tfjs/tfjs_e2e_layers_model"]!.outputs)).toBeLessThanOrEqual(
      1e-4,
    );
  });
});

describe.runIf(hasMaterial)("abalone, all rows", () => {
  it("has a mean squared error of 7.166 and a mean absolute error of 1.906", async () => {
    const sexes = ["F", "M", "I"];
    const rows = readFileSync(`${material}/tfjs/abalone/abalone.csv`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(","))
      .map(([sex, ...numbers]) => [sexes.indexOf(sex!), ...numbers.map(Number)]);
    const data = Float32Array.from(rows.flatMap((row) => row.slice(0, 8)));
    const samples: Samples = { kind: "dense", count: rows.length, shape: [8], data };
    const found = await outputsOf(`${material}/tfjs/abalone/model.json`, undefined, "auto", samples, 1);
    const errors = rows.map((row, i) => found.data[i]! - row[8]!);
    expect(errors.reduce((sum, error) => sum + error * error, 0) / rows.length).toBeCloseTo(7.166, 3);
    expect(errors.reduce((sum, error) => sum + Math.abs(error), 0) / rows.length).toBeCloseTo(1.906, 3);
  });
});
