import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AnnNode } from "../../src/ann/graph.js";
import { loadModel } from "../../src/frontend/load.js";
import { withFile, withFolder } from "./data/files.js";

const tfjs = "../shared/material/tfjs";
const hasMaterial = existsSync(tfjs);
if (!hasMaterial) console.warn(`skipped: ${tfjs} is missing`);

describe.runIf(hasMaterial)("a model saved by TensorFlow.js", () => {
  it("is read with its producer and its activations apart", async () => {
    const graph = await loadModel(`${tfjs}/abalone/model.json`);
    expect(graph.source).toMatchObject({ format: "tfjs-layers", producer: "tfjs-layers 1.3.2 (tensor_flow.js)" });
    expect(graph.nodes.map((node) => `${node.name}:${node.op}`)).toEqual([
      "dense_Dense1:dense",
      "dense_Dense1/sigmoid:activation",
      "dense_Dense2:dense",
      "dense_Dense2/sigmoid:activation",
      "dense_Dense3:dense",
    ]);
  });
});

const dense = {
  class_name: "Dense",
  config: { name: "d", units: 2, batch_input_shape: [null, 3], activation: "linear" },
};
const topology = {
  class_name: "Sequential",
  config: { name: "s", layers: [dense] },
  keras_version: "2.1",
  backend: "tensorflow",
};
const float = { dtype: "float32" };

/** A model of one dense layer, 3 to 2, whose weights are as `kernel` and `bias` say. */
function model(kernel: object, bias: object, more: object = {}): object {
  return {
    format: "layers-model",
    modelTopology: topology,
    weightsManifest: [
      {
        paths: ["w.bin"],
        // Not in the order of creation: weights go by name.
        weights: [
          { name: "d/bias", shape: [2], ...bias },
          { name: "d/kernel", shape: [3, 2], ...kernel },
        ],
      },
    ],
    ...more,
  };
}

async function load(json: object, weights: Uint8Array, prepare: (folder: string) => void = () => {}) {
  return await withFolder(async (folder) => {
    writeFileSync(join(folder, "w.bin"), weights);
    writeFileSync(join(folder, "model.json"), JSON.stringify(json));
    prepare(folder);
    return await loadModel(join(folder, "model.json"));
  });
}

function denseNode(nodes: readonly AnnNode[]) {
  const node = nodes.find((candidate) => candidate.op === "dense");
  if (node?.op !== "dense") throw new Error("no dense layer");
  return { kernel: [...node.kernel.data], bias: [...(node.bias?.data ?? [])] };
}

const floats = new Uint8Array(Float32Array.of(7, 8, 1, 2, 3, 4, 5, 6).buffer);
const plain = { kernel: [1, 2, 3, 4, 5, 6], bias: [7, 8] };

describe("weights of a layers model", () => {
  it("go by name", async () => {
    expect(denseNode((await load(model(float, float), floats)).nodes)).toEqual(plain);
  });

  it("may be wrapped, and have the topology of Keras 3", async () => {
    const wrapped = { keras_version: "2.15", backend: "tensorflow", model_config: topology };
    expect(denseNode((await load(model(float, float, { modelTopology: wrapped }), floats)).nodes)).toEqual(plain);
    const input = {
      class_name: "InputLayer",
      module: "keras.layers",
      config: { batch_shape: [null, 3], dtype: "float32", name: "in" },
    };
    const policy = { class_name: "DTypePolicy", config: { name: "float32" } };
    const layer = { class_name: "Dense", module: "keras.layers", config: { name: "d", units: 2, dtype: policy } };
    const keras3 = { class_name: "Sequential", config: { name: "s", layers: [input, layer] } };
    const modern = { keras_version: "3.5.0", backend: "tensorflow", model_config: keras3 };
    expect(denseNode((await load(model(float, float, { modelTopology: modern }), floats)).nodes)).toEqual(plain);
  });

  it("may be split over several files at any byte", async () => {
    const json = model(float, float) as { weightsManifest: [{ paths: string[] }] };
    json.weightsManifest[0].paths = ["w.bin", "sub/w2.bin"];
    const graph = await load(json, floats.subarray(0, 13), (folder) => {
      mkdirSync(join(folder, "sub"));
      writeFileSync(join(folder, "sub", "w2.bin"), floats.subarray(13));
    });
    expect(denseNode(graph.nodes)).toEqual(plain);
  });

  it("may be quantised to 8 and 16 bits and to halves", async () => {
    const byte = { dtype: "float32", quantization: { dtype: "uint8", scale: 0.5, min: -1 } };
    const word = { dtype: "float32", quantization: { dtype: "uint16", scale: 0.25, min: 2 } };
    const half = { dtype: "float32", quantization: { dtype: "float16" } };
    const bytes = Uint8Array.of(0, 1, 0, 0, 1, 0, 0, 1, 4, 0, 8, 0, 12, 0);
    const words = denseNode((await load(model(word, byte), bytes)).nodes);
    expect(words).toEqual({ bias: [-1, -0.5], kernel: [2, 2.25, 66, 3, 4, 5] });
    const halves = Uint8Array.of(2, 4, 0, 0x3c, 0, 0xc0, 0, 0, 0, 0x40, 0, 0x44, 0, 0x48);
    expect(denseNode((await load(model(half, byte), halves)).nodes)).toEqual({
      bias: [0, 1],
      kernel: [1, -2, 0, 2, 4, 8],
    });
  });
});

describe("refusals of TensorFlow.js files", () => {
  const refuses = async (json: object, weights: Uint8Array, code: string, prepare?: (folder: string) => void) => {
    await expect(load(json, weights, prepare)).rejects.toMatchObject({ diagnostics: [{ code }] });
  };
  const withPath = (path: string) => {
    const json = model(float, float) as { weightsManifest: [{ paths: string[] }] };
    json.weightsManifest[0].paths = [path];
    return json;
  };

  it.each(["../w.bin", "/etc/hostname", "a/../../w.bin", ".", ""])("path %j outside the folder", async (path) => {
    await refuses(withPath(path), floats, "path-outside-model");
  });

  it("a link that leads outside the folder", async () => {
    await withFile("secret.bin", floats, async (secret) => {
      await refuses(withPath("link.bin"), floats, "path-outside-model", (folder) =>
        symlinkSync(secret, join(folder, "link.bin")),
      );
    });
  });

  it("a missing, short or long weight file", async () => {
    await refuses(withPath("none.bin"), floats, "file-not-found");
    await refuses(model(float, float), floats.subarray(1), "weights-damaged");
    await refuses(model(float, float), new Uint8Array(33), "weights-damaged");
  });

  it("a graph model, types that are no numbers, weights beyond memory, weights that are not finite", async () => {
    await refuses(
      { format: "graph-model", modelTopology: { node: [] }, weightsManifest: [] },
      floats,
      "model-format-refused",
    );
    await refuses(model(float, { dtype: "string" }), floats, "weights-type-refused");
    await refuses(model({ ...float, shape: [2 ** 30, 2] }, float), floats, "weights-too-large");
    await refuses(model(float, float), new Uint8Array(32).fill(0xff), "weights-not-finite");
  });

  it("a TensorFlow Lite file, a SavedModel and a PyTorch checkpoint are named", async () => {
    const lite = new TextEncoder().encode("\x1c\0\0\0TFL3 and more");
    await withFile("a.h5", lite, async (path) => {
      await expect(loadModel(path)).rejects.toThrow("a TensorFlow Lite model");
    });
    await withFile("a.pb", Uint8Array.of(8, 1, 18, 0), async (path) => {
      await expect(loadModel(path)).rejects.toThrow("a SavedModel of TensorFlow");
    });
    await withFile("a.pt", Uint8Array.of(0x80, 2, 0x8a), async (path) => {
      await expect(loadModel(path)).rejects.toThrow("a Python pickle");
    });
    await withFile("saved_model.pb", Uint8Array.of(8, 1, 18, 0), async (path) => {
      await expect(loadModel(dirname(path))).rejects.toThrow("a SavedModel of TensorFlow");
    });
    await withFile("model.json", "{}", async (path) => {
      await expect(loadModel(dirname(path))).rejects.toMatchObject({
        diagnostics: [{ code: "file-is-folder", hint: `Give "${path}"` }],
      });
    });
    await withFile("a.bin", Uint8Array.of(1, 2, 3), async (path) => {
      await expect(loadModel(path)).rejects.toMatchObject({ diagnostics: [{ code: "model-format-unknown" }] });
    });
  });
});

describe.runIf(hasMaterial)("HDF5 files that are no Keras model", () => {
  it("are named", async () => {
    await expect(loadModel("../shared/material/nir/lif_norse.nir")).rejects.toThrow("a NIR graph");
    await expect(loadModel("../shared/material/snn/lava-dl/oxford/network.net")).rejects.toThrow("a network of Lava");
    await expect(loadModel("test/frontend/fixtures/events.h5")).rejects.toMatchObject({
      diagnostics: [{ code: "model-format-unknown" }],
    });
  });
});
