import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zip } from "../data/files.js";
import { writeModel } from "../onnx/model-writer.js";

/** Features in, neurons of every dense layer; 13 million weights, 52 MB. */
const sizes = [784, 2048, 2048, 2048, 1500, 10] as const;
const layers = sizes.slice(1).map((units, i) => ({ name: `dense_${i}`, units, features: sizes[i]! }));

function weights(count: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => ((i * 2_654_435_761) % 1024) / 8192 - 1 / 16);
}

function topology(inputShape: "batch_input_shape" | "batch_shape"): object {
  const entries = layers.map(({ name, units }) => ({
    class_name: "Dense",
    config: { name, units, activation: "relu" },
  }));
  const input = { class_name: "InputLayer", config: { name: "input", [inputShape]: [null, sizes[0]] } };
  return { class_name: "Sequential", config: { name: "large", layers: [input, ...entries] } };
}

interface Writable {
  create_group(name: string): Writable;
  create_attribute(name: string, data: unknown): unknown;
  create_dataset(args: object): unknown;
}

interface Library {
  readonly ready: Promise<{ readonly FS: { readFile(path: string): Uint8Array; unlink(path: string): void } }>;
  readonly File: new (path: string, mode: "w") => Writable & { close(): unknown };
}

/** The bytes of an HDF5 file. */
export async function writeHdf5(fill: (root: Writable) => void): Promise<Uint8Array> {
  const { ready, File } = (await import("h5wasm")) as unknown as Library;
  const { FS } = await ready;
  const file = new File("large.h5", "w");
  fill(file);
  file.close();
  const bytes = FS.readFile("large.h5").slice();
  FS.unlink("large.h5");
  return bytes;
}

function floats(group: Writable, name: string, shape: readonly number[]): void {
  const data = weights(shape.reduce((product, n) => product * n, 1));
  group.create_dataset({ name, data, shape, dtype: "<f" });
}

/** Writes a large model in every format; returns the paths that a user would give, and the bytes that belong to each. */
export async function writeLargeModels(folder: string): Promise<Record<string, { path: string; bytes: number }>> {
  const h5 = await writeHdf5((root) => {
    root.create_attribute("keras_version", "2.4.0");
    root.create_attribute("backend", "tensorflow");
    root.create_attribute("model_config", JSON.stringify(topology("batch_input_shape")));
    const all = root.create_group("model_weights");
    all.create_attribute("layer_names", ["input", ...layers.map(({ name }) => name)]);
    all.create_group("input");
    for (const { name, units, features } of layers) {
      const group = all.create_group(name);
      group.create_attribute("weight_names", [`${name}/kernel:0`, `${name}/bias:0`]);
      const inner = group.create_group(name);
      floats(inner, "kernel:0", [features, units]);
      floats(inner, "bias:0", [units]);
    }
  });
  const keras = await writeHdf5((root) => {
    const all = root.create_group("layers");
    layers.forEach(({ units, features }, i) => {
      const vars = all.create_group(i === 0 ? "dense" : `dense_${i}`).create_group("vars");
      floats(vars, "0", [features, units]);
      floats(vars, "1", [units]);
    });
  });
  const text = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const archive = zip([
    ["metadata.json", text({ keras_version: "3.5.0" })],
    ["config.json", text(topology("batch_shape"))],
    ["model.weights.h5", keras],
  ]);
  const initializers = layers.flatMap(({ name, units, features }) => [
    { name: `${name}/w`, shape: [units, features], data: weights(units * features) },
    { name: `${name}/b`, shape: [units], data: weights(units) },
  ]);
  const nodes = layers.map(({ name }, i) => ({
    op: "Gemm",
    inputs: [i === 0 ? "x" : layers[i - 1]!.name, `${name}/w`, `${name}/b`],
    outputs: [name],
    attributes: { transB: 1 },
  }));
  const onnx = writeModel({
    nodes,
    initializers,
    inputs: [{ name: "x", shape: ["n", sizes[0]] }],
    outputs: [{ name: layers.at(-1)!.name, shape: ["n", sizes.at(-1)!] }],
  });
  const entries = layers.flatMap(({ name, units, features }) => [
    { name: `${name}/kernel`, shape: [features, units], dtype: "float32" },
    { name: `${name}/bias`, shape: [units], dtype: "float32" },
  ]);
  const manifest = [{ paths: ["weights.bin"], weights: entries }];
  const tfjs = join(folder, "tfjs");
  mkdirSync(tfjs);
  writeFileSync(
    join(tfjs, "weights.bin"),
    Buffer.concat(entries.map(({ shape }) => Buffer.from(weights(shape.reduce((a, b) => a * b, 1)).buffer))),
  );
  const model = { format: "layers-model", modelTopology: topology("batch_input_shape"), weightsManifest: manifest };
  const put = (name: string, content: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return { path, bytes: content.length };
  };
  return {
    "Keras .h5": put("large.h5", h5),
    ".keras": put("large.keras", archive),
    ONNX: put("large.onnx", onnx),
    "TensorFlow.js": {
      ...put("tfjs/model.json", text(model)),
      bytes: readFileSync(join(tfjs, "weights.bin")).length,
    },
  };
}
