/**
 * Makes examples/digits: draws the images, trains the network with TensorFlow.js, saves it as a tfjs layers-model.
 *
 *   npm run build && node build/js/scripts/example/make-example.js
 *
 * Takes a few minutes on one core. Deterministic for the versions in package-lock.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import * as tfl from "@tensorflow/tfjs-layers";
import { drawDigits, imageSide } from "./draw-digits.js";

const folder = "examples/digits";
const [trainCount, testCount, calibrationCount, epochs, batchSize] = [6000, 1000, 300, 9, 50];

await tf.setBackend("cpu");
const train = drawDigits(trainCount, 1);
const test = drawDigits(testCount, 2);

const model = tfl.sequential({
  name: "digits",
  layers: [
    tfl.layers.conv2d({
      name: "conv1",
      inputShape: [imageSide, imageSide, 1],
      filters: 8,
      kernelSize: 3,
      activation: "relu",
      kernelInitializer: tfl.initializers.heNormal({ seed: 1 }),
    }),
    tfl.layers.maxPooling2d({ name: "pool1", poolSize: 2 }),
    tfl.layers.conv2d({
      name: "conv2",
      filters: 16,
      kernelSize: 3,
      activation: "relu",
      kernelInitializer: tfl.initializers.heNormal({ seed: 2 }),
    }),
    tfl.layers.flatten({ name: "flatten" }),
    tfl.layers.dense({
      name: "dense",
      units: 32,
      activation: "relu",
      kernelInitializer: tfl.initializers.heNormal({ seed: 3 }),
    }),
    tfl.layers.dense({
      name: "classes",
      units: 10,
      activation: "softmax",
      kernelInitializer: tfl.initializers.glorotNormal({ seed: 4 }),
    }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.003), loss: "categoricalCrossentropy", metrics: ["accuracy"] });

const asInput = (images: Uint8Array, count: number): tf.Tensor4D =>
  tf.tensor4d(
    Float32Array.from(images, (v) => v / 255),
    [count, imageSide, imageSide, 1],
  );
const asTarget = (labels: Uint8Array): tf.Tensor => tf.oneHot(tf.tensor1d(labels, "int32"), 10);
const [x, y] = [asInput(train.images, trainCount), asTarget(train.labels)];
await model.fit(x, y, {
  epochs,
  batchSize,
  shuffle: false,
  callbacks: { onEpochEnd: (epoch, logs) => console.log(`epoch ${epoch + 1}: accuracy ${logs?.["acc"]?.toFixed(4)}`) },
});
const [, accuracy] = model.evaluate(asInput(test.images, testCount), asTarget(test.labels)) as tf.Scalar[];
console.log(`test accuracy ${(100 * (await accuracy!.data())[0]!).toFixed(2)} %`);

mkdirSync(folder, { recursive: true });
await model.save({
  save: (artifacts) => {
    const weights = new Uint8Array(artifacts.weightData as ArrayBuffer);
    writeFileSync(join(folder, "weights.bin"), weights);
    const json = {
      format: "layers-model",
      generatedBy: artifacts.generatedBy ?? "TensorFlow.js tfjs-layers",
      modelTopology: artifacts.modelTopology,
      weightsManifest: [{ paths: ["weights.bin"], weights: artifacts.weightSpecs }],
    };
    writeFileSync(join(folder, "model.json"), `${JSON.stringify(json, null, 1)}\n`);
    return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" as const } });
  },
});

writeIdx("train-images.idx.gz", [calibrationCount, imageSide, imageSide], train.images);
writeIdx("test-images.idx.gz", [testCount, imageSide, imageSide], test.images);
writeIdx("test-labels.idx.gz", [testCount], test.labels);

/** IDX: two zero bytes, type 8 (u8), number of axes, extents as big-endian u32, data. */
function writeIdx(name: string, shape: readonly number[], data: Uint8Array): void {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, 0x0800 | shape.length);
  shape.forEach((extent, i) => {
    header.setUint32(4 + 4 * i, extent);
  });
  const size = shape.reduce((a, b) => a * b, 1);
  const bytes = Buffer.concat([new Uint8Array(header.buffer), data.subarray(0, size)]);
  writeFileSync(join(folder, name), gzipSync(bytes, { level: 9 }));
}
