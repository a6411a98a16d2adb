import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/frontend/bytes/json.js";
import { loadEvents } from "../../src/frontend/data/event/load-events.js";
import { loadLabels, loadSamples } from "../../src/frontend/data/load.js";
import { buildGraph } from "../../src/frontend/keras/model.js";
import { dialectOf } from "../../src/frontend/keras/topology/dialect.js";
import { readTopology } from "../../src/frontend/keras/topology/topology.js";
import { loadModel } from "../../src/frontend/load.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";
import { npy, withFolder, zip } from "./data/files.js";
import { png } from "./data/png-file.js";
import { altered, damaged, randomFrom } from "./mutation.js";

// The HDF5 library gets 4 s for a small file; the rest is room for a busy machine.
const slowest = 30_000;

/** A result or a `SpikewrightError` with a code, in time; anything else fails the test. */
async function survives(work: () => unknown, what: string): Promise<string> {
  const start = performance.now();
  let outcome = "result";
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SpikewrightError)) throw new Error(`${what}: ${String(error)}`, { cause: error });
    outcome = error.diagnostics[0]!.code;
  }
  const elapsed = performance.now() - start;
  if (elapsed > slowest) throw new Error(`${what}: took ${elapsed} ms`);
  return outcome;
}

/** Read `count` damaged copies of a file; returns how often each outcome came. */
async function outcomes(
  name: string,
  bytes: Uint8Array,
  count: number,
  read: (path: string) => Promise<unknown>,
): Promise<Map<string, number>> {
  const random = randomFrom(bytes.length);
  const found = new Map<string, number>();
  await withFolder(async (folder) => {
    for (let i = 0; i < count; i++) {
      const path = join(folder, name);
      writeFileSync(path, damaged(bytes, random));
      const outcome = await survives(() => read(path), `${name}, damage ${i}`);
      found.set(outcome, (found.get(outcome) ?? 0) + 1);
    }
  });
  return found;
}

const keras3 = "test/frontend/fixtures/keras3";
const fixture = (name: string): Uint8Array => readFileSync(`test/frontend/fixtures/${name}`);

describe("damaged model files give a result or an error with a code", () => {
  it.each([
    ["keras3/nested.h5", 24],
    ["keras3/frames.h5", 12],
    ["keras3/words.keras", 80],
  ])("%s", async (name, count) => {
    const found = await outcomes("model", fixture(name), count, (path) => loadModel(path));
    expect(found.size).toBeGreaterThan(2);
  });

  it("a .keras archive whose entries are intact but whose HDF5 is damaged", async () => {
    const random = randomFrom(5);
    const config = JSON.parse(readFileSync(`${keras3}/nested.json`, "utf8")) as Json;
    const text = (value: Json) => new TextEncoder().encode(JSON.stringify(value));
    await withFolder(async (folder) => {
      const path = join(folder, "a.keras");
      for (let i = 0; i < 10; i++) {
        const weights = damaged(fixture("keras3/nested.weights.h5"), random);
        const entries = [
          ["metadata.json", text({ keras_version: "3.5.0" })],
          ["config.json", text(config)],
          ["model.weights.h5", weights],
        ] as const;
        writeFileSync(path, zip(entries));
        await survives(() => loadModel(path), `archive ${i}`);
      }
    });
  });

  it("a TensorFlow.js model with altered members", async () => {
    const layer = {
      class_name: "Dense",
      config: { name: "d", units: 2, activation: "relu", batch_input_shape: [null, 3] },
    };
    const topology = { class_name: "Sequential", config: { name: "s", layers: [layer] } };
    const weights = [
      { name: "d/kernel", shape: [3, 2], dtype: "float32", quantization: { dtype: "uint8", scale: 0.5, min: 0 } },
      { name: "d/bias", shape: [2], dtype: "float32" },
    ];
    const model: Json = {
      format: "layers-model",
      modelTopology: topology,
      weightsManifest: [{ paths: ["w.bin"], weights }],
    };
    const random = randomFrom(6);
    const found = new Set<string>();
    await withFolder(async (folder) => {
      writeFileSync(join(folder, "w.bin"), new Uint8Array(14));
      const path = join(folder, "model.json");
      for (let i = 0; i < 400; i++) {
        writeFileSync(path, JSON.stringify(altered(model, random)));
        found.add(await survives(() => loadModel(path), `model.json ${i}`));
      }
    });
    expect(found.size).toBeGreaterThan(5);
  });
});

describe("altered topologies give a graph or an error with a code", () => {
  const expected = Object.keys(JSON.parse(readFileSync(`${keras3}/expected.json`, "utf8")) as object);
  // A store that has any number of arrays, so that the layers are reached.
  const anyWeights = {
    weightsOf: () => [1, 2, 3].map((n) => ({ name: `${n}`, shape: [n], data: new Float32Array(n) })),
  };

  it("of Keras 3 models", async () => {
    expect(expected).toContain("nested");
    const config = JSON.parse(readFileSync(`${keras3}/nested.json`, "utf8")) as Json;
    const random = randomFrom(8);
    const found = new Set<string>();
    for (let i = 0; i < 3000; i++) {
      const json = altered(random() < 0.3 ? altered(config, random) : config, random);
      const outcome = await survives(() => {
        const dialect = dialectOf(json, {});
        return buildGraph(readTopology(json, "m"), {
          dialect,
          weights: anyWeights,
          isTheano: i % 2 === 0,
          source: { format: "test" },
        });
      }, `topology ${i}`);
      found.add(outcome);
    }
    expect(found.size).toBeGreaterThan(2);
  });

  it("of every layer class, with odd members", async () => {
    const random = randomFrom(9);
    const inner = { class_name: "LSTM", config: { name: "i", units: 2, return_sequences: true } };
    const members: Record<string, Json> = {
      units: 2,
      filters: 2,
      kernel_size: 2,
      strides: 1,
      padding: "same",
      pool_size: 2,
      size: 2,
      axis: -1,
      dims: [2, 1],
      n: 2,
      target_shape: [-1],
      cropping: 1,
      activation: "relu",
      layer: inner,
      merge_mode: "sum",
      groups: 1,
      input_dim: 3,
      output_dim: 2,
      alpha: 0.1,
      max_value: 6,
      epsilon: 0.001,
      data_format: "channels_last",
      depth_multiplier: 1,
      dilation_rate: 1,
      return_sequences: true,
      go_backwards: false,
      keepdims: true,
      shared_axes: [1],
      output_padding: 0,
    };
    const { supportedClasses } = await import("../../src/frontend/keras/layers/table.js");
    for (const class_name of supportedClasses()) {
      for (let i = 0; i < 10; i++) {
        const shape = [[5], [6, 5], [6, 5, 4], [4, 6, 5, 2], [null, 5]][Math.floor(random() * 5)]!;
        const config = altered(members, random) as Record<string, Json>;
        const json: Json = {
          class_name: "Sequential",
          config: {
            name: "s",
            layers: [{ class_name, config: { ...config, name: "l", batch_input_shape: [null, ...shape] } }],
          },
        };
        await survives(
          () => {
            const dialect = dialectOf(json, { version: ["1.2.2", "2.3.1", "3.5.0"][i % 3] });
            return buildGraph(readTopology(json, "m"), {
              dialect,
              weights: anyWeights,
              isTheano: i % 2 === 0,
              source: { format: "test" },
            });
          },
          `${class_name} ${i} ${JSON.stringify(json)}`,
        );
      }
    }
  });
});

describe("damaged data files give a result or an error with a code", () => {
  const values = Uint8Array.from({ length: 60 }, (_, i) => i);
  const table = new TextEncoder().encode(
    `a,b,label\n${Array.from({ length: 30 }, (_, i) => `${i},${i / 7},${i % 3}`).join("\n")}\n`,
  );
  const image = png({
    width: 10,
    height: 6,
    depth: 8,
    type: 0,
    pixelBytes: 1,
    rows: Array.from({ length: 6 }, (_, y) => [...values.subarray(10 * y, 10 * y + 10)]),
    filters: [0, 1, 2, 3, 4, 1],
  });
  const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 3, 0, 0, 0, 2, ...values);
  const files: [string, Uint8Array][] = [
    ["a.idx", idx],
    ["a.idx.gz", gzipSync(idx)],
    ["a.npy", npy("|u1", false, [10, 6], values)],
    ["f.npy", npy("<f4", true, [5, 3], values)],
    [
      "a.npz",
      zip([
        ["x.npy", npy("|u1", false, [10, 6], values)],
        ["y.npy", npy("|u1", false, [10], values.subarray(0, 10))],
      ]),
    ],
    ["a.csv", table],
    ["a.csv.gz", gzipSync(table)],
    ["a.png", image],
  ];

  it.each(files)("%s", async (name, bytes) => {
    await outcomes(name, bytes, 300, (path) => loadSamples(path));
    await outcomes(name, bytes, 100, (path) => loadLabels(path));
  });

  it.each([
    ["events.h5", fixture("events.h5")],
    ["a.bin", Uint8Array.from({ length: 500 }, (_, i) => (i % 5 < 2 ? i % 34 : i % 256))],
  ])("%s", async (name, bytes) => {
    await outcomes(name, bytes, 12, (path) => loadEvents(path));
  });

  it("notices what is no such error", async () => {
    const broken = () => {
      throw new RangeError("Invalid typed array length");
    };
    await expect(survives(broken, "control")).rejects.toThrow("control");
  });
});
