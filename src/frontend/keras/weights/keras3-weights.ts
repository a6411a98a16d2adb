import { failure } from "../../../support/diagnostic.js";
import { member } from "../../bytes/json.js";
import { decodeNumbers, isKnownElementType } from "../../bytes/number-array.js";
import { groupAt, type Hdf5Group, stringOf } from "../../hdf5/tree.js";
import { type KerasLayer, type KerasModel, readLayer } from "../topology/topology.js";
import { checkFiniteWeights, type NamedTensor, type WeightStore } from "./weights.js";

/** Groups that hold the layers of a model: since Keras 3, and in files of the last releases of tf.keras 2. */
const containers = ["layers", "_layer_checkpoint_dependencies"];

/** Whether an HDF5 file has the weights of Keras 3 (`model.weights.h5` of a `.keras` archive, or saved by itself). */
export function isKeras3Weights(root: Hdf5Group): boolean {
  return containers.some((name) => groupAt(root, name) !== undefined);
}

/**
 * Weights of Keras 3: `layers/<class>[_n]/vars/<i>`. Layers go by their class in snake case and count up for each class in
 * the order of the model; newer files say the name of the layer in an attribute of `vars`. Inside a layer the variables of
 * its parts follow its own in the order of creation.
 */
export class Keras3Weights implements WeightStore {
  readonly #root: Hdf5Group;
  readonly #model: KerasModel;
  readonly #file: string;

  constructor(file: string, root: Hdf5Group, model: KerasModel) {
    this.#file = file;
    this.#root = root;
    this.#model = model;
  }

  weightsOf(path: readonly string[]): readonly NamedTensor[] {
    let group: Hdf5Group | undefined = this.#root;
    let model: KerasModel | undefined = this.#model;
    for (const name of path) {
      const layer: KerasLayer | undefined = model?.layers.find((candidate) => candidate.name === name);
      group = group && layer && model && groupOfLayer(group, layer, model);
      model = layer && (layer.model ?? wrappedModel(layer));
      // A wrapper keeps the model it holds in a part of its own.
      if (layer && !layer.model && model) group = group && groupAt(group, "layer");
    }
    const tensors = group ? variables(group, "") : [];
    if (tensors.length === 0) throw this.#missing(path);
    for (const tensor of tensors) checkFiniteWeights(path, tensor, this.#file);
    return tensors;
  }

  #missing(path: readonly string[]) {
    return failure({
      code: "weights-missing",
      message: `Cannot read layer "${path.join("/")}": "${this.#file}" has no weights for it`,
      place: { file: this.#file, item: path.join("/") },
      hint: "Check that weights and topology belong to the same model",
    });
  }
}

function groupOfLayer(model: Hdf5Group, layer: KerasLayer, topology: KerasModel): Hdf5Group | undefined {
  const container = containers.map((name) => groupAt(model, name)).find((group) => group !== undefined);
  if (!container) return undefined;
  return groupsByName(container).get(layer.name) ?? groupAt(container, groupNames(topology).get(layer.name) ?? "");
}

const named = new WeakMap<Hdf5Group, ReadonlyMap<string, Hdf5Group>>();

/** Groups of layers by the name that the file gives the layer. */
function groupsByName(container: Hdf5Group): ReadonlyMap<string, Hdf5Group> {
  const known = named.get(container);
  if (known) return known;
  const found = new Map<string, Hdf5Group>();
  for (const child of container.children.values()) {
    if (child.kind !== "group") continue;
    const name = stringOf(groupAt(child, "vars")?.attributes.get("name"));
    if (name !== undefined) found.set(name, child);
  }
  named.set(container, found);
  return found;
}

const numbered = new WeakMap<KerasModel, ReadonlyMap<string, string>>();

/** Names of the groups by the names of the layers, for files that do not say the names of the layers. */
function groupNames(topology: KerasModel): ReadonlyMap<string, string> {
  const known = numbered.get(topology);
  if (known) return known;
  const counts = new Map<string, number>();
  const found = new Map<string, string>();
  for (const layer of topology.layers) {
    const name = snakeCase(layer.className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    found.set(layer.name, count === 0 ? name : `${name}_${count}`);
  }
  numbered.set(topology, found);
  return found;
}

function wrappedModel(layer: KerasLayer): KerasModel | undefined {
  const inner = member(layer.config, "layer");
  if (inner === undefined || inner === null) return undefined;
  return readLayer(inner, undefined, 0, layer.name).model;
}

/** Parts in the order in which Keras creates their variables; others follow by name. */
const partOrder = ["cell", "forward_layer", "backward_layer", "layer"];
/** Parts whose variables are no weights. */
const noWeights = new Set(["vars", "seed_generator", "optimizer"]);
const deepestPart = 16;

function variables(group: Hdf5Group, path: string, depth = 0): NamedTensor[] {
  if (depth > deepestPart) return [];
  const own = groupAt(group, "vars")?.children ?? new Map<string, never>();
  const inOrder = [...own].sort(([a], [b]) => Number(a) - Number(b));
  const tensors = inOrder.flatMap(([name, object]) => {
    if (object.kind !== "dataset" || object.value.type !== "number" || !isKnownElementType(object.value.format))
      return [];
    const { bytes, format, shape } = object.value;
    return [{ name: `${path}vars/${name}`, shape, data: decodeNumbers(bytes, format, true) }];
  });
  const parts = [...group.children].filter(([name, object]) => object.kind === "group" && !noWeights.has(name));
  const rank = (name: string): number => (partOrder.includes(name) ? partOrder.indexOf(name) : partOrder.length);
  const sorted = parts.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return [...tensors, ...sorted.flatMap(([name, part]) => variables(part as Hdf5Group, `${path}${name}/`, depth + 1))];
}

/** The name that Keras derives from a class name: `Conv2D` to `conv2d`, `ReLU` to `re_lu`. */
export function snakeCase(className: string): string {
  return className
    .replace(/\W+/g, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
