import { failure } from "../../support/diagnostic.js";
import { type Json, parseJson } from "../bytes/json.js";
import { groupAt, type Hdf5Group, stringOf } from "../hdf5/tree.js";
import { type FlipKernels, flipsKernels, type ImportedGraph, withFlipDoubt } from "./kernel-flip.js";
import { buildGraph } from "./model.js";
import { dialectOf, producerLine } from "./topology/dialect.js";
import { readTopology } from "./topology/topology.js";
import { H5Weights } from "./weights/h5-weights.js";
import { isKeras3Weights, Keras3Weights } from "./weights/keras3-weights.js";

export interface KerasOptions {
  readonly file: string;
  readonly flipKernels?: FlipKernels;
  /** Text of the topology file, for weights without one. */
  readonly topology?: { readonly text: string; readonly file: string };
}

/**
 * Read a Keras `.h5` file: a whole model, or weights with a separate topology.
 *
 * @throws `topology-missing` for weights without a topology, `weights-missing`, `weights-do-not-match`,
 *   `weights-not-finite`, `layer-config-invalid`, `layer-inputs`, `shape-impossible`, `topology-invalid`, `json-invalid`.
 */
export function readKerasH5(root: Hdf5Group, options: KerasOptions): ImportedGraph {
  const topology = topologyOf(root, options);
  const dialect = dialectOf(topology, {
    version: attribute(root, "keras_version"),
    backend: attribute(root, "backend"),
  });
  const flip = options.flipKernels ?? "auto";
  const model = readTopology(topology, options.topology?.file ?? options.file);
  const graph = buildGraph(model, {
    dialect,
    weights: isKeras3Weights(root)
      ? new Keras3Weights(options.file, root, model)
      : new H5Weights(options.file, root, model),
    isTheano: flipsKernels(dialect, flip),
    source: { format: "keras-h5", producer: producerLine(dialect), file: options.file },
  });
  return withFlipDoubt(graph, dialect, flip);
}

/** Whether an HDF5 file looks like one of Keras: it has a configuration or layer names. */
export function isKerasTree(root: Hdf5Group): boolean {
  const weights = groupAt(root, "model_weights") ?? root;
  const names = ["layer_names", "layer_names0"];
  return (
    isKeras3Weights(root) || root.attributes.has("model_config") || names.some((name) => weights.attributes.has(name))
  );
}

function attribute(root: Hdf5Group, name: string): string | undefined {
  return stringOf(root.attributes.get(name)) ?? stringOf(groupAt(root, "model_weights")?.attributes.get(name));
}

function topologyOf(root: Hdf5Group, options: KerasOptions): Json {
  if (options.topology)
    return unwrapJson(parseJson(options.topology.text, options.topology.file), options.topology.file);
  const text = stringOf(root.attributes.get("model_config"));
  if (text !== undefined) return unwrapJson(parseJson(text, options.file), options.file);
  throw failure({
    code: "topology-missing",
    message: `Cannot read "${options.file}": it holds weights only, attribute "model_config" is missing`,
    place: { file: options.file },
    wanted: "a whole model, or the topology as JSON beside it",
    hint: "Give the JSON file of model.to_json() with --topology, or save with model.save()",
  });
}

/** Some writers put the JSON text into a JSON string. */
export function unwrapJson(value: Json, file: string): Json {
  return typeof value === "string" ? parseJson(value, file) : value;
}
