import type { AnnGraph, ModelSource } from "../../ann/graph.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";
import type { Json } from "../bytes/json.js";
import { type Flow, GraphBuilder } from "./builder.js";
import { LayerCall } from "./layers/call.js";
import { LayerConfig } from "./layers/layer-config.js";
import { hasWeights, layerReader } from "./layers/table.js";
import { behindUnsupported, Unsupported } from "./layers/unsupported.js";
import type { Dialect } from "./topology/dialect.js";
import { inputExtents } from "./topology/input.js";
import { currentClass, currentConfig } from "./topology/legacy-config.js";
import { orderedCalls } from "./topology/order.js";
import { type KerasLayer, type KerasModel, readLayer } from "./topology/topology.js";
import { currentWeights } from "./weights/legacy-weights.js";
import { LayerWeights, type WeightStore } from "./weights/weights.js";

/** What is the same for all layers of a file. */
export interface KerasContext {
  readonly dialect: Dialect;
  readonly weights: WeightStore;
  /** Kernels are stored rotated by 180 degrees and `same` is Theano's. */
  readonly isTheano: boolean;
  readonly source: ModelSource;
}

/**
 * Build the graph of a model. Layers of nested models get the name `<model>/<layer>`.
 *
 * @throws Every finding about weights and configurations at once. A layer of an unknown class is no finding but an
 *   `unsupported` node.
 */
export function buildGraph(model: KerasModel, context: KerasContext): AnnGraph {
  const builder = new GraphBuilder();
  const findings: Diagnostic[] = [];
  const inputs = model.inputs.map((ref) => {
    const layer = model.layers.find((candidate) => candidate.name === ref.layer)!;
    return builder.addInput(layer.name, inputExtents(layer, context.source.file));
  });
  const outputs = addModel(model, inputs, [], { ...context, builder, findings });
  if (findings.length > 0) throw new SpikewrightError(findings);
  return builder.graph(model.name, context.source, outputs);
}

/** Wrappers inside wrappers; their names grow with each. */
const deepestName = 64;

interface Work extends KerasContext {
  readonly builder: GraphBuilder;
  readonly findings: Diagnostic[];
}

function addModel(model: KerasModel, inputs: readonly Flow[], path: readonly string[], work: Work): Flow[] {
  const results = new Map<string, readonly Flow[]>();
  const key = (layer: string, call: number): string => `${call} ${layer}`;
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  const find = (layer: string, call: number, tensor: number): Flow => {
    // The number of a single call counts calls outside this model too, so it says nothing.
    const known = byName.get(layer)!.calls.length <= 1 ? 0 : call;
    return results.get(key(layer, known))?.[tensor] ?? { value: layer, shape: undefined, channelsFirst: false };
  };
  model.inputs.forEach((ref, i) => {
    const flow = inputs[i];
    if (flow) results.set(key(ref.layer, 0), [flow]);
  });
  for (const { layer, call } of orderedCalls(model, work.source.file)) {
    if (results.has(key(layer.name, call))) continue;
    const flows = (layer.calls[call] ?? []).map((ref) => find(ref.layer, ref.call, ref.tensor));
    results.set(key(layer.name, call), addLayer(layer, call, flows, path, work));
  }
  return model.outputs.map((ref) => find(ref.layer, ref.call, ref.tensor));
}

function addLayer(
  layer: KerasLayer,
  callNumber: number,
  inputs: readonly Flow[],
  path: readonly string[],
  work: Work,
): readonly Flow[] {
  const layerPath = [...path, layer.name];
  const name = callNumber === 0 ? layerPath.join("/") : `${layerPath.join("/")}/call${callNumber + 1}`;
  const isGuess = inputs.some((flow) => flow.isGuess) ? true : undefined;
  try {
    if (layer.calls.length > 1 && (layer.model || hasWeights(currentClass(layer.className)))) {
      throw new Unsupported(
        `it is used ${layer.calls.length} times with the same weights`,
        "Give each use a layer of its own with copies of the weights",
      );
    }
    const flows = layer.model
      ? addModel(layer.model, inputs, layerPath, work)
      : addKnownLayer(layer, name, layerPath, inputs, work);
    return isGuess ? flows.map((flow) => ({ ...flow, isGuess })) : flows;
  } catch (error) {
    if (error instanceof Unsupported) return addUnsupported(layer, name, inputs, error, work);
    if (!(error instanceof SpikewrightError)) throw error;
    // What does not fit a guess says nothing about the file.
    if (isGuess) return addUnsupported(layer, name, [], new Unsupported(...behindUnsupported), work);
    work.findings.push(...error.diagnostics);
    return [];
  }
}

/**
 * Adds an `unsupported` node. The layers behind it are read as if it kept the shape of its input, so that what is wrong
 * with them is told too.
 */
function addUnsupported(
  layer: KerasLayer,
  name: string,
  inputs: readonly Flow[],
  { message, hint, shape }: Unsupported,
  work: Work,
): readonly Flow[] {
  const content = { op: "unsupported", reason: message, hint } as const;
  const flows = work.builder.addMany(name, layer.className, inputs, content, [shape]);
  const [input, ...others] = inputs;
  if (shape || !input?.shape || others.length > 0) return flows;
  return flows.map((flow) => ({ ...input, value: flow.value, isGuess: true as const }));
}

/** Adds a layer that is no model. `path` says whose weights it has. */
function addKnownLayer(
  layer: KerasLayer,
  name: string,
  path: readonly string[],
  inputs: readonly Flow[],
  work: Work,
): readonly Flow[] {
  const className = currentClass(layer.className);
  const reader = layerReader(className);
  if (!reader) {
    throw new Unsupported(
      `layers of class "${layer.className}" are not supported`,
      "Replace the layer, or remove it before saving the model",
    );
  }
  const isOld = work.dialect.major === 1;
  const config = new LayerConfig(name, isOld ? currentConfig(layer.className, layer.config) : layer.config);
  const isOpaque = className === "TimeDistributed";
  // A Normalization that was told its statistics has them there, and no weights.
  const isTold = className === "Normalization" && config.raw("mean") !== undefined;
  const stored = hasWeights(className) && !isOpaque && !isTold ? work.weights.weightsOf(path, className) : [];
  const weights = isOld ? currentWeights(className, config, stored) : stored;
  const found = reader(
    new LayerCall({
      name,
      className: layer.className,
      config,
      inputs,
      weights: new LayerWeights(name, weights),
      builder: work.builder,
      dialect: work.dialect,
      isTheano: work.isTheano,
      addInner: (entry, innerName, flows, builder) => addInner(entry, innerName, path, flows, { ...work, builder }),
    }),
  );
  return Array.isArray(found) ? (found as readonly Flow[]) : [found as Flow];
}

function addInner(
  entry: Json,
  name: string,
  path: readonly string[],
  inputs: readonly Flow[],
  work: Work,
): readonly Flow[] {
  if (name.split("/").length > deepestName) throw new Unsupported("models are nested too deeply", "Flatten the model");
  const layer = readLayer(entry, work.source.file, 0, name);
  return layer.model ? addModel(layer.model, inputs, path, work) : addKnownLayer(layer, name, path, inputs, work);
}
