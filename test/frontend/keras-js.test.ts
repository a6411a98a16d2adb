import { existsSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { openEvaluator } from "../../src/ann/evaluate/evaluator.js";
import type { AnnGraph } from "../../src/ann/graph.js";
import type { Json } from "../../src/frontend/bytes/json.js";
import { buildGraph } from "../../src/frontend/keras/model.js";
import { readTopology } from "../../src/frontend/keras/topology/topology.js";
import type { NamedTensor } from "../../src/frontend/keras/weights/weights.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";

const path = "../shared/material/keras-js-fixtures/combined_derived.json";
const hasMaterial = existsSync(path);
if (!hasMaterial) console.warn(`skipped: ${path} is missing`);

interface Numbers {
  readonly data: readonly number[];
  readonly shape: readonly number[];
}

/** A case of the fixtures: a single layer, a chain of layers, or a graph. */
interface Case {
  readonly name: string;
  readonly layerClass?: string;
  readonly attrs?: Record<string, Json>;
  readonly numBranches?: number;
  readonly layers?: readonly { layerClass: string; attrs: Record<string, Json>; inbound: string[]; branch?: unknown }[];
  readonly input?: Numbers | readonly Numbers[];
  readonly inputs?: readonly Numbers[];
  readonly weights?: readonly Numbers[];
  readonly expected: Numbers;
}

const tolerance = 1e-4;

/** Activations that the reference computed with parameters of their own. */
const withParameters: ReadonlyMap<string, [layerClass: string, attrs: Record<string, Json>]> = new Map([
  ["activations.elu.3", ["ELU", { alpha: 0.5 }]],
  ["activations.relu.3", ["ReLU", { max_value: 0.5 }]],
  ["activations.relu.4", ["LeakyReLU", { alpha: 0.3 }]],
]);

/** Weight arrays dealt out to the layers in the order in which a case lists them. */
class DealtWeights {
  readonly #byLayer = new Map<string, NamedTensor[]>();
  readonly #rest: NamedTensor[];

  constructor(all: readonly Numbers[], counts: ReadonlyMap<string, number>) {
    this.#rest = all.map(({ data, shape }, i) => ({ name: `${i}`, shape, data: Float32Array.from(data) }));
    for (const [layer, count] of counts) this.#byLayer.set(layer, this.#rest.splice(0, count));
  }

  weightsOf(layer: readonly string[]): readonly NamedTensor[] {
    return this.#byLayer.get(layer[0]!) ?? this.#rest;
  }
}

/** Number of weight arrays of the layers in these nets. */
function arraysOf(layerClass: string, attrs: Record<string, Json>): number {
  const bias = attrs["use_bias"] === false ? 0 : 1;
  if (layerClass === "BatchNormalization") return 4;
  if (layerClass.startsWith("Separable")) return 2 + bias;
  return layerClass.startsWith("Conv") || layerClass === "Dense" ? 1 + bias : 0;
}

function inputsOf(entry: Case): readonly Numbers[] {
  if (entry.inputs) return entry.inputs;
  return Array.isArray(entry.input) ? (entry.input as readonly Numbers[]) : [entry.input as Numbers];
}

/** The Keras topology of a case, and how many arrays each layer takes. */
function topologyOf(entry: Case): { json: Json; counts: ReadonlyMap<string, number> } {
  const inputs = inputsOf(entry);
  const input = (i: number) => ({
    class_name: "InputLayer",
    name: `in${i}`,
    config: { batch_input_shape: [null, ...inputs[i]!.shape] },
    inbound_nodes: [],
  });
  const layer = (class_name: string, name: string, config: Record<string, Json>, from: readonly string[]) => ({
    class_name,
    name,
    config,
    inbound_nodes: [from.map((source) => [source, 0, 0, {}])],
  });
  const model = (layers: Json[], last: string) => ({
    class_name: "Model",
    config: {
      name: entry.name,
      layers,
      input_layers: inputs.map((_, i) => [`in${i}`, 0, 0]),
      output_layers: [[last, 0, 0]],
    },
  });
  const heads: Json[] = inputs.map((_, i) => input(i));
  if (entry.numBranches !== undefined) {
    const branches = Array.from({ length: entry.numBranches }, (_, i) =>
      layer("Dense", `branch${i}`, { ...entry.attrs, activation: "linear", use_bias: true }, [
        `in${Math.min(i, inputs.length - 1)}`,
      ]),
    );
    const names = branches.map(({ name }) => name);
    const counts = new Map(names.map((name) => [name, 2]));
    return { json: model([...heads, ...branches, layer(entry.layerClass!, "merged", {}, names)], "merged"), counts };
  }
  if (!entry.layers) {
    return {
      json: model([...heads, layer(entry.layerClass!, "layer", entry.attrs ?? {}, ["in0"])], "layer"),
      counts: new Map(),
    };
  }
  const layers = entry.layers.map(({ layerClass, attrs, inbound, branch }) => {
    const source = `in${inputs.length === 1 ? 0 : branch}`;
    return layer(layerClass, attrs["name"] as string, attrs, inbound.length === 0 ? [source] : inbound);
  });
  const counts = new Map(
    entry.layers.map(({ layerClass, attrs }) => [attrs["name"] as string, arraysOf(layerClass, attrs)]),
  );
  const used = new Set(entry.layers.flatMap(({ inbound }) => inbound));
  const last = layers.find(({ name }) => !used.has(name))!.name;
  return { json: model([...heads, ...layers], last), counts };
}

function graphOf(entry: Case): AnnGraph {
  const { json, counts } = topologyOf(entry);
  return buildGraph(readTopology(json, entry.name), {
    dialect: { major: 2 },
    weights: new DealtWeights(entry.weights ?? [], counts),
    isTheano: false,
    source: { format: "keras-js" },
  });
}

async function largestError(graph: AnnGraph, entry: Case): Promise<number> {
  const evaluator = await openEvaluator(graph);
  const inputs = Object.fromEntries(
    inputsOf(entry).map(({ data, shape }, i) => [`in${i}`, { shape: [1, ...shape], data: Float32Array.from(data) }]),
  );
  const results = await evaluator.run(inputs, 1);
  evaluator.dispose();
  const found = results.get(graph.outputs[0]!)!;
  if (found.shape.slice(1).join() !== entry.expected.shape.join()) return Number.POSITIVE_INFINITY;
  return entry.expected.data.reduce((most, value, i) => Math.max(most, Math.abs(value - found.data[i]!)), 0);
}

describe.runIf(hasMaterial)("keras-js fixtures (Keras 2.0 as reference)", () => {
  let cases: readonly Case[];
  beforeAll(() => {
    const all = JSON.parse(readFileSync(path, "utf8")) as { layers: Case[]; pipeline: Case[]; graph: Case[] };
    cases = [...all.layers, ...all.pipeline, ...all.graph];
  });

  it("agree to 1e-4 wherever the layers are supported", async () => {
    const unsupported: string[] = [];
    const failed: string[] = [];
    let passed = 0;
    for (const entry of cases) {
      try {
        const graph = graphOf(entry);
        const blocker = graph.nodes.find((node) => node.op === "unsupported");
        if (blocker) {
          unsupported.push(`${entry.name}: ${blocker.op === "unsupported" ? blocker.reason : ""}`);
          continue;
        }
        const error = await largestError(graph, entry);
        if (error <= tolerance) passed++;
        else failed.push(`${entry.name}: error ${error}`);
      } catch (error) {
        if (!(error instanceof SpikewrightError)) throw error;
        failed.push(`${entry.name}: ${error.message}`);
      }
    }
    console.info(
      `keras-js: ${passed} passed, ${unsupported.length} unsupported, ${failed.length} failed of ${cases.length}`,
    );
    if (unsupported.length + failed.length > 0) console.info([...unsupported, ...failed].join("\n"));
    expect(failed).toEqual([]);
    expect(passed / cases.length).toBeGreaterThanOrEqual(0.9);
  });

  it("agree on every activation", async () => {
    const activations = JSON.parse(readFileSync(path.replace("combined_derived", "activations"), "utf8")) as Record<
      string,
      { input: Numbers; expected: Numbers }
    >;
    const failed: string[] = [];
    for (const [name, { input, expected }] of Object.entries(activations)) {
      const [layerClass, attrs] = withParameters.get(name) ?? ["Activation", { activation: name.split(".")[1]! }];
      const entry = { name, layerClass, attrs, input, expected };
      const error = await largestError(graphOf(entry), entry);
      if (!(error <= tolerance)) failed.push(`${name}: error ${error}`);
    }
    expect(Object.keys(activations)).toHaveLength(33);
    expect(failed).toEqual([]);
  });

  it("notice a wrong weight", async () => {
    const entry = cases.find(({ name }) => name === "convolutional.Conv2D.0")!;
    const [kernel, ...others] = entry.weights!;
    const altered = { ...kernel!, data: kernel!.data.map((value, i) => (i === 7 ? value + 0.01 : value)) };
    expect(await largestError(graphOf(entry), entry)).toBeLessThanOrEqual(tolerance);
    expect(await largestError(graphOf({ ...entry, weights: [altered, ...others] }), entry)).toBeGreaterThan(tolerance);
  });
});
