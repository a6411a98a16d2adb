import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert } from "../../../src/verbs/model/convert.js";
import { evaluateFloat } from "../../../src/verbs/model/evaluate-float.js";
import { evaluateNetwork } from "../../../src/verbs/network/evaluate-network.js";
import { hasMaterial, material } from "../../frontend/onnx/material.js";

const mnist = `${material}/mnist`;
const test = {
  data: `${mnist}/t10k-images-idx3-ubyte.gz`,
  labels: `${mnist}/t10k-labels-idx1-ubyte.gz`,
};

/** The models were trained on pixels of 0..255 and of 0..1. */
const models: readonly [name: string, file: string, inputScale: number][] = [
  ["mnist-8", "onnx-models/mnist-8/mnist-8.onnx", 1],
  ["LeNet", "onnx-models/lenet5_ccoltong/lenet.onnx", 1 / 255],
];

describe.runIf(hasMaterial("onnx-models") && hasMaterial("mnist"))("ONNX models in 8-bit integers", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "spikewright-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(models)("%s stays within 0.2 points of float on the MNIST test set", async (_name, file, inputScale) => {
    const model = `${material}/${file}`;
    const output = join(folder, "net.spk");
    await convert(model, {
      output,
      calibrate: `${mnist}/train-images-idx3-ubyte.gz`,
      limit: 2000,
      weights: 8,
      activations: 8,
      inputScale,
    });
    const float = await evaluateFloat(model, { ...test, inputScale });
    const integer = await evaluateNetwork(output, { ...test, engine: "quantized" });
    console.info(`${file}: float ${100 * float.accuracy} %, integers ${100 * integer.accuracy} %`);
    expect(integer.samples).toBe(10_000);
    expect(Math.abs(100 * (float.accuracy - integer.accuracy))).toBeLessThanOrEqual(0.2);
  });

  it("TFC 2W2A keeps its own integers: 96.60 % as in float, the same on the core", async () => {
    const model = `${material}/onnx-models/qonnx_tfc/TFC_2W2A.onnx`;
    const output = join(folder, "tfc.spk");
    const { ledger, layers } = await convert(model, {
      output,
      calibrate: `${mnist}/train-images-idx3-ubyte.gz`,
      limit: 200,
      schedule: "unary",
    });
    expect(ledger.filter(({ note }) => note.includes("integers of the model") && note.includes("exact"))).toHaveLength(
      4,
    );
    expect(layers.map(({ weightBits }) => weightBits)).toEqual([2, 2, 2, 2]);
    expect(layers.slice(0, 3).map(({ maxError }) => maxError)).toEqual([0, 0, 0]);
    for (const engine of ["quantized", "cycle"] as const) {
      const result = await evaluateNetwork(output, { ...test, engine });
      expect(100 * result.accuracy).toBeCloseTo(96.6, 6);
    }
  });
});
