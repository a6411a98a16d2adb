import type { AnnGraph } from "../../ann/graph.js";
import { failure } from "../../support/diagnostic.js";
import { isObject, type Json, member, stringMember } from "../bytes/json.js";
import { buildGraph } from "../keras/model.js";
import { dialectOf, producerLine } from "../keras/topology/dialect.js";
import { readTopology } from "../keras/topology/topology.js";
import { namesOfLayer } from "../keras/weights/weight-names.js";
import { checkFiniteWeights, type NamedTensor, type WeightStore } from "../keras/weights/weights.js";
import { readManifest } from "./manifest.js";
import { readShards } from "./shards.js";

/** Whether a JSON file is a model of TensorFlow.js of either kind. */
export function isTfjsModel(json: Json): boolean {
  return member(json, "weightsManifest") !== undefined || member(json, "modelTopology") !== undefined;
}

/**
 * Read a TensorFlow.js layers model: `model.json` with its weight files beside it. The topology may be wrapped in
 * `model_config`, and may be one of Keras 3, which TensorFlow.js itself does not load.
 *
 * @throws `model-format-refused` for a graph model, `path-outside-model`, `manifest-invalid`, `weights-damaged`,
 *   `weights-type-refused`, `weights-too-large` and the codes of `readKerasH5`.
 */
export async function readTfjs(json: Json, file: string): Promise<AnnGraph> {
  const stored = member(json, "modelTopology");
  if (stringMember(json, "format") === "graph-model" || member(stored, "node") !== undefined) throw graphModel(file);
  const wrapped = member(stored, "model_config");
  const topology = isObject(wrapped) ? wrapped : stored;
  if (!isObject(topology)) {
    throw failure({
      code: "topology-missing",
      message: `Cannot read "${file}": modelTopology is missing`,
      place: { file },
      hint: "Save the whole model with model.save(), not its weights alone",
    });
  }
  const dialect = dialectOf(topology, {
    version: stringMember(stored, "keras_version"),
    backend: stringMember(stored, "backend"),
  });
  const tensors = await readShards(readManifest(json, file), file);
  return buildGraph(readTopology(topology, file), {
    dialect,
    weights: new TfjsWeights(tensors, file),
    isTheano: false,
    source: { format: "tfjs-layers", producer: producerLine(dialect), file },
  });
}

/** Weights by name: their order in the manifest is not that of the layers. */
class TfjsWeights implements WeightStore {
  readonly #tensors: ReadonlyMap<string, NamedTensor>;
  readonly #names: readonly string[];
  readonly #file: string;

  constructor(tensors: readonly NamedTensor[], file: string) {
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
    this.#names = [...this.#tensors.keys()];
    this.#file = file;
  }

  weightsOf(path: readonly string[]): readonly NamedTensor[] {
    const found = namesOfLayer(this.#names, path).map((name) => this.#tensors.get(name)!);
    for (const tensor of found) checkFiniteWeights(path, tensor, this.#file);
    if (found.length > 0) return found;
    throw failure({
      code: "weights-missing",
      message: `Cannot read layer "${path.join("/")}": "${this.#file}" has no weights of that name`,
      place: { file: this.#file, item: path.join("/") },
      hint: "Check that weights and topology belong to the same model",
    });
  }
}

function graphModel(file: string) {
  return failure({
    code: "model-format-refused",
    message: `Cannot read "${file}": it is a graph model of TensorFlow.js, which has no layers`,
    place: { file },
    found: "graph-model",
    wanted: "layers-model",
    hint: "Give the Keras model it was converted from, or export that to ONNX",
  });
}
