import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fitShape } from "../../../src/frontend/data/fit.js";
import { loadLabels, loadSamples } from "../../../src/frontend/data/load.js";

const material = "../shared/material";
const hasMaterial = existsSync(material);
if (!hasMaterial) console.warn(`skipped: ${material} is missing`);

describe.runIf(hasMaterial)("real data sets", () => {
  it("reads the MNIST test images and labels", async () => {
    const samples = await loadSamples(`${material}/mnist/t10k-images-idx3-ubyte.gz`);
    expect(samples).toMatchObject({ kind: "dense", count: 10_000, shape: [28, 28] });
    expect(samples.data.length).toBe(7_840_000);
    expect(samples.data.reduce((most, value) => Math.max(most, value), 0)).toBe(255);
    const labels = await loadLabels(`${material}/mnist/t10k-labels-idx1-ubyte.gz`);
    expect([...labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    const counts = Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
    expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  it("reads no more samples than the limit", async () => {
    const samples = await loadSamples(`${material}/mnist/train-images-idx3-ubyte.gz`, { limit: 3 });
    expect(samples.count).toBe(3);
    expect(samples.data.length).toBe(3 * 784);
  });

  it("splits the label column off the digits table", async () => {
    const path = `${material}/digits8x8/digits.csv.gz`;
    const samples = await loadSamples(path);
    expect(samples).toMatchObject({ count: 1797, shape: [65] });
    const fitted = fitShape(samples, [64]);
    expect(fitted.note).toContain("label");
    const byOption = await loadSamples(path, { labelColumn: -1 });
    expect(fitted.samples.labels).toEqual(byOption.labels);
    expect(fitted.samples.data).toEqual(byOption.data);
    expect(await loadLabels(path)).toEqual(byOption.labels);
    expect([...byOption.labels!.subarray(0, 5)]).toEqual([0, 1, 2, 3, 4]);
  });

  it("reads NumPy arrays and one-hot labels", async () => {
    const samples = await loadSamples(`${material}/keras/ecg_recurrent_zabir/Xs_test.npy`);
    expect(samples).toMatchObject({ count: 200, shape: [905, 1] });
    const labels = await loadLabels(`${material}/keras/ecg_recurrent_zabir/y_test.npy`);
    const ones = labels.reduce((sum, label) => sum + label, 0);
    expect([ones, labels.length - ones].sort((a, b) => a - b)).toEqual([66, 134]);
  });

  it("refuses a table with words, naming line and column", async () => {
    await expect(loadSamples(`${material}/tfjs/abalone/abalone.csv`)).rejects.toMatchObject({
      diagnostics: [{ code: "csv-not-numeric", place: { item: "line 2" } }],
    });
  });
});
