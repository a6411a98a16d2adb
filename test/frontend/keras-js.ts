import { readFileSync } from "node:fs";
import { openEvaluator } from "../../src/ann/evaluate/evaluator.js";
import type { AnnGraph } from "../../src/ann/graph.js";
import type { Json } from "../../src/frontend/bytes/json.js";
import { buildGraph } from "../../src/frontend/keras/model.js";
import { readTopology } from "../../src/frontend/keras/topology/topology.js";
import type { NamedTensor } from "../../src/frontend/keras/weights/weights.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";

export interface Numbers {
  readonly data: readonly number[];
  readonly shape: readonly number[];
}

/** A case of the fixtures: a single layer, a chain of layers, or a graph. */
export interface Case {
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

/** Largest difference from the reference that passes. */
export const tolerance = 1e-4;

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

/** The graph that the reader makes of a case; inputs are named `in0`, `in1` … */
export function graphOf(entry: Case): AnnGraph {
  const { json, counts } = topologyOf(entry);
  return buildGraph(readTopology(json, entry.name), {
    dialect: { major: 2 },
    weights: new DealtWeights(entry.weights ?? [], counts),
    isTheano: false,
    source: { format: "keras-js" },
  });
}

/** Largest difference between the result of a graph and the expected one; infinite where shapes differ. */
export async function largestError(graph: AnnGraph, entry: Case): Promise<number> {
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

/** What came of one case. */
export interface CaseOutcome {
  readonly name: string;
  readonly outcome: "passed" | "unsupported" | "failed";
  /** Why it is not supported, or what differs. */
  readonly detail: string;
}

/** Cases of the fixtures by kind: single layers, chains of layers, graphs. */
export function readCases(path: string): Readonly<Record<"layers" | "pipelines" | "graphs", readonly Case[]>> {
  const all = JSON.parse(readFileSync(path, "utf8")) as { layers: Case[]; pipeline: Case[]; graph: Case[] };
  return { layers: all.layers, pipelines: all.pipeline, graphs: all.graph };
}

/** Reads and evaluates one case. */
export async function runCase(entry: Case): Promise<CaseOutcome> {
  const { name } = entry;
  try {
    const graph = graphOf(entry);
    const blocker = graph.nodes.find((node) => node.op === "unsupported");
    if (blocker?.op === "unsupported") {
      return { name, outcome: "unsupported", detail: `${blocker.sourceOp}: ${blocker.reason}` };
    }
    const error = await largestError(graph, entry);
    return error <= tolerance
      ? { name, outcome: "passed", detail: "" }
      : { name, outcome: "failed", detail: `error ${error}` };
  } catch (error) {
    if (!(error instanceof SpikewrightError)) throw error;
    return { name, outcome: "failed", detail: error.message };
  }
}
