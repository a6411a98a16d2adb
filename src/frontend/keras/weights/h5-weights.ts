import { failure } from "../../../support/diagnostic.js";
import { decodeNumbers, isKnownElementType } from "../../bytes/number-array.js";
import { datasetAt, groupAt, type Hdf5Group, type Hdf5Value, stringsOf } from "../../hdf5/tree.js";
import { hasWeights } from "../layers/table.js";
import { currentClass } from "../topology/legacy-config.js";
import type { KerasLayer, KerasModel } from "../topology/topology.js";
import { namesOfLayer } from "./weight-names.js";
import { checkFiniteWeights, type NamedTensor, type WeightStore } from "./weights.js";

/**
 * Weights of a Keras HDF5 file: a group a layer of the outermost model, with attribute `weight_names`.
 *
 * The weights of nested models are all in the group of the outermost one and are told apart by the layer names inside
 * their own names. Where the names of a weights-only file differ from those of the topology, layers with weights
 * correspond in order, as in Keras' `load_weights`.
 */
export class H5Weights implements WeightStore {
  readonly #root: Hdf5Group;
  readonly #file: string;
  /** Group by name of a layer of the topology. */
  readonly #groups: ReadonlyMap<string, string>;

  constructor(file: string, root: Hdf5Group, model: KerasModel) {
    this.#file = file;
    this.#root = groupAt(root, "model_weights") ?? root;
    const stored = this.#storedLayers();
    const wanted = model.layers
      .filter((layer) => layer.calls.length <= 1 && isWeighted(layer))
      .map((layer) => layer.name);
    const known = new Set(stored);
    const isByName = wanted.every((name) => known.has(name)) || wanted.length !== stored.length;
    this.#groups = new Map(wanted.map((name, i) => [name, isByName ? name : stored[i]!]));
  }

  weightsOf(path: readonly string[]): readonly NamedTensor[] {
    const [outer, ...inner] = path;
    const groupName = this.#groups.get(outer!) ?? outer!;
    const group = this.#root.children.get(groupName);
    if (group?.kind !== "group") throw this.#missing(path, `group "${groupName}"`);
    const names = listAttribute(group, "weight_names");
    if (names === undefined) throw this.#missing(path, `attribute "weight_names" of group "${groupName}"`);
    const own = namesOfLayer(names, inner);
    if (own.length === 0) throw this.#missing(path, `weights in group "${groupName}"`);
    return own.map((name) => this.#tensor(path, name, datasetAt(group, name)));
  }

  /** Names of the layers that have weights in the file. */
  #storedLayers(): string[] {
    const names = listAttribute(this.#root, "layer_names") ?? [...this.#root.children.keys()];
    return names.filter((name) => {
      const group = this.#root.children.get(name);
      return group?.kind === "group" && (listAttribute(group, "weight_names") ?? []).length > 0;
    });
  }

  #tensor(path: readonly string[], name: string, value: Hdf5Value | undefined): NamedTensor {
    if (value?.type !== "number" || !isKnownElementType(value.format))
      throw this.#missing(path, `numbers in dataset "${name}"`);
    const data = decodeNumbers(value.bytes, value.format, true);
    const tensor = { name, shape: value.shape, data };
    checkFiniteWeights(path, tensor, this.#file);
    return tensor;
  }

  #missing(path: readonly string[], what: string) {
    return failure({
      code: "weights-missing",
      message: `Cannot read layer "${path.join("/")}": "${this.#file}" has no ${what}`,
      place: { file: this.#file, item: path.join("/") },
      hint: "Check that weights and topology belong to the same model",
    });
  }
}

function isWeighted(layer: KerasLayer): boolean {
  return layer.model ? layer.model.layers.some(isWeighted) : hasWeights(currentClass(layer.className));
}

/** A list attribute, which Keras splits into `name0`, `name1` … where it is long. */
function listAttribute(group: Hdf5Group, name: string): readonly string[] | undefined {
  const whole = stringsOf(group.attributes.get(name));
  if (whole !== undefined) return whole;
  const parts: string[] = [];
  for (let i = 0; ; i++) {
    const part = stringsOf(group.attributes.get(`${name}${i}`));
    if (part === undefined) return i === 0 ? undefined : parts;
    parts.push(...part);
  }
}
