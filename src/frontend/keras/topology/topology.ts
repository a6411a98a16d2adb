import { failure } from "../../../support/diagnostic.js";
import { isList, isObject, type Json, type JsonObject, listMember, member, stringMember } from "../../bytes/json.js";

/** A Keras model as a graph of layer calls, whichever way the file writes it. */
export interface KerasModel {
  readonly name: string;
  readonly layers: readonly KerasLayer[];
  readonly inputs: readonly TensorRef[];
  readonly outputs: readonly TensorRef[];
}

export interface KerasLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** Inputs of each use of the layer; more than one for a shared layer. */
  readonly calls: readonly (readonly TensorRef[])[];
  /** The layers inside, when the layer is itself a model. */
  readonly model?: KerasModel;
}

/** Output number `tensor` of use number `call` of a layer. */
interface TensorRef {
  readonly layer: string;
  readonly call: number;
  readonly tensor: number;
}

const modelClasses = new Set(["Sequential", "Model", "Functional"]);
const deepestNesting = 16;
const mostLayers = 5_000;

/**
 * Read the topology part of a Keras or tfjs file: `{class_name, config}` of a Sequential, Model or Functional.
 *
 * A Sequential becomes a chain. Where its first layer is no InputLayer, one is added from that layer's
 * `batch_input_shape`, with the name Keras gives it (`<layer>_input`).
 *
 * @throws `topology-invalid` when it is no such model, or names layers that are not there.
 */
export function readTopology(json: Json, file: string | undefined, depth = 0): KerasModel {
  const className = stringMember(json, "class_name");
  const config = member(json, "config");
  if (className === undefined || config === undefined) throw invalid("it has no class_name and config", file);
  if (!modelClasses.has(className)) {
    throw invalid(
      `class "${className}" is not Sequential or Functional`,
      file,
      "Export the model as Functional; a subclassed model has no layer graph",
    );
  }
  if (depth > deepestNesting) throw invalid(`models are nested deeper than ${deepestNesting}`, file);
  const listed = isList(config) ? config : listMember(config, "layers");
  if (listed.length === 0) throw invalid("it has no layers", file);
  if (listed.length > mostLayers) throw invalid(`it has ${listed.length} layers, more than ${mostLayers}`, file);
  const name = stringMember(config, "name") ?? "model";
  const layers = listed.map((entry) => readLayer(entry, file, depth));
  const names = new Set(layers.map((layer) => layer.name));
  if (names.size !== layers.length) throw invalid("two layers have the same name", file);
  if (className === "Sequential") return chain(name, layers, file);
  const model: KerasModel = {
    name,
    layers,
    inputs: endpoints(member(config, "input_layers")),
    outputs: endpoints(member(config, "output_layers")),
  };
  const used = [...model.inputs, ...model.outputs, ...layers.flatMap((layer) => layer.calls.flat())];
  const lost = used.find((ref) => !names.has(ref.layer));
  if (lost) throw invalid(`layer "${lost.layer}" is used but not defined`, file);
  if (model.inputs.length === 0 || model.outputs.length === 0)
    throw invalid("it has no input_layers or output_layers", file);
  return model;
}

function invalid(reason: string, file: string | undefined, hint?: string) {
  return failure({
    code: "topology-invalid",
    message: `Cannot read the layers of "${file ?? "the model"}": ${reason}`,
    ...(file === undefined ? {} : { place: { file } }),
    wanted: "a Keras model of class Sequential, Model or Functional",
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Read one layer: an entry of a model, or the layer that a wrapper holds, which may have no name (`otherwise`). */
export function readLayer(entry: Json, file: string | undefined, depth: number, otherwise?: string): KerasLayer {
  const className = stringMember(entry, "class_name");
  const config = member(entry, "config");
  if (className === undefined || config === undefined) throw invalid("a layer has no class_name and config", file);
  const name = stringMember(entry, "name") ?? stringMember(config, "name") ?? otherwise;
  if (name === undefined) throw invalid(`a layer of class "${className}" has no name`, file);
  const calls = listMember(entry, "inbound_nodes").map((call) => callInputs(call));
  const layer = { className, name, config: isObject(config) ? config : {}, calls };
  return modelClasses.has(className) ? { ...layer, model: readTopology(entry, file, depth + 1) } : layer;
}

/** Inputs of one call: `[["in", 0, 0, {}], …]` before Keras 3, `{args: […], kwargs: {…}}` since. */
function callInputs(call: Json): TensorRef[] {
  if (isObject(call)) return [...kerasTensors(listMember(call, "args"), 0), ...kerasTensors(member(call, "kwargs"), 0)];
  return endpoints(call);
}

function kerasTensors(value: Json | undefined, depth: number): TensorRef[] {
  if (depth > 8) return [];
  if (isList(value)) return value.flatMap((entry) => kerasTensors(entry, depth + 1));
  if (!isObject(value)) return [];
  if (stringMember(value, "class_name") === "__keras_tensor__") {
    return endpoints(member(member(value, "config"), "keras_history"));
  }
  return Object.keys(value).flatMap((key) => (key === "mask" ? [] : kerasTensors(member(value, key), depth + 1)));
}

/** One `["layer", call, tensor]` or a list of them. */
function endpoints(value: Json | undefined): TensorRef[] {
  if (!isList(value)) return [];
  const [layer, call, tensor] = value;
  if (typeof layer === "string") {
    return [{ layer, call: typeof call === "number" ? call : 0, tensor: typeof tensor === "number" ? tensor : 0 }];
  }
  return value.flatMap((entry) => (isList(entry) && typeof entry[0] === "string" ? endpoints(entry) : []));
}

function chain(name: string, layers: readonly KerasLayer[], file: string | undefined): KerasModel {
  const first = layers[0]!;
  const all = first.className === "InputLayer" ? layers : [inputLayer(first, file), ...layers];
  const linked = all.map((layer, i) =>
    i === 0 ? { ...layer, calls: [[]] } : { ...layer, calls: [[{ layer: all[i - 1]!.name, call: 0, tensor: 0 }]] },
  );
  const end = (layer: KerasLayer): TensorRef => ({ layer: layer.name, call: 0, tensor: 0 });
  return { name, layers: linked, inputs: [end(linked[0]!)], outputs: [end(linked.at(-1)!)] };
}

function inputLayer(first: KerasLayer, file: string | undefined): KerasLayer {
  const shape = inputShape(first, 0);
  if (!shape) {
    throw invalid(
      `the first layer "${first.name}" states no input shape`,
      file,
      "Build or call the model once before saving it, so that the file holds its input shape",
    );
  }
  return { className: "InputLayer", name: `${first.name}_input`, config: { batch_input_shape: shape }, calls: [[]] };
}

/** `batch_input_shape` of a layer, of the layer it wraps, or of the first layer inside it. */
function inputShape(layer: KerasLayer, depth: number): readonly Json[] | undefined {
  for (const key of ["batch_input_shape", "batch_shape"]) {
    const shape = member(layer.config, key);
    if (isList(shape)) return shape;
  }
  if (depth > deepestNesting) return undefined;
  const inner = layer.model?.layers[0];
  return inner && inputShape(inner, depth + 1);
}
