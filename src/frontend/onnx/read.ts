import type { AnnGraph } from "../../ann/graph.js";
import { type Diagnostic, failure, SpikewrightError } from "../../support/diagnostic.js";
import { type Constant, toTensor, Workspace } from "./constant/constant.js";
import { ExternalData, type ModelPlace } from "./constant/external-data.js";
import { readPayload } from "./constant/payload.js";
import { arrange } from "./import/arrange.js";
import { type BatchAxis, findBatches } from "./import/batch.js";
import { inlined } from "./import/functions.js";
import { Importer, isCarried, type RefusedNode, type SourceNode } from "./import/importer.js";
import { ordered } from "./import/order.js";
import { renamed, withoutUnread } from "./import/tidy.js";
import type { Value } from "./import/value.js";
import { decodeModel } from "./proto/decode-model.js";
import { type ElementType, elementOfCode } from "./proto/element-type.js";
import type { OnnxModel, ValueInfo } from "./proto/model.js";
import { refuse } from "./refusal.js";

export type { BatchAxis } from "./import/batch.js";
export type { RefusedNode, SourceNode } from "./import/importer.js";

/** How a model is read; the defaults are those for trained networks. */
export interface OnnxOptions {
  /** Default `first`. */
  readonly batchAxis?: BatchAxis;
  /** Inputs whose values are known: they become constants. */
  readonly known?: ReadonlyMap<string, Constant>;
}

/** A model that was read. */
export interface OnnxImport {
  readonly graph: AnnGraph;
  /** What became an `unsupported` node, with the code of the reason. */
  readonly refused: readonly RefusedNode[];
  /** Nodes of the model that the graph has no node for: evaluated while reading, merged into others, or without effect. */
  readonly folded: readonly SourceNode[];
  /** Warnings: what was taken otherwise than the file says. */
  readonly notes: readonly Diagnostic[];
  /** Graph outputs as the model sees them: a constant where the result does not depend on the inputs. */
  readonly outputs: readonly OnnxOutput[];
}

export interface OnnxOutput {
  readonly name: string;
  readonly type?: ElementType;
  /** Shape of one sample, its batch axis of one element included; absent where it is not known. */
  readonly shape?: readonly number[];
  readonly constant?: Constant;
}

/** Operator sets that the reader was written for. */
const oldest = 7;
const newest = 28;

/** Bytes that folding constants may make for each byte of the file, and in any case. */
const foldFactor = 12;
const foldBase = 2 ** 25;

/**
 * Read an ONNX model from its bytes.
 *
 * Operators that have no counterpart become `unsupported` nodes. The batch axis is taken out; a batch that the model
 * fixes is read as 1.
 *
 * @throws `damaged-file`; `opset-not-supported`; `functions-too-deep`; `path-outside-model`, `external-data-missing`,
 * `external-data-size` for weights in other files.
 */
export function readOnnx(bytes: Uint8Array, place: ModelPlace = {}): AnnGraph {
  return importOnnx(bytes, place).graph;
}

/** As `readOnnx`, with what there is to say about the conversion. */
export function importOnnx(bytes: Uint8Array, place: ModelPlace = {}, options: OnnxOptions = {}): OnnxImport {
  try {
    return convert(bytes, place, options);
  } catch (error) {
    if (!(error instanceof SpikewrightError) || place.file === undefined) throw error;
    const { file } = place;
    const diagnostics = error.diagnostics.map((d) => ({ ...d, place: { file, ...d.place } }));
    throw new SpikewrightError(diagnostics, error.blame, { cause: error });
  }
}

function convert(bytes: Uint8Array, place: ModelPlace, options: OnnxOptions): OnnxImport {
  const model = decodeModel(bytes);
  const notes = checkVersions(model);
  const workspace = new Workspace(foldFactor * bytes.length + foldBase);
  const source = { bytes, external: new ExternalData(place), workspace };
  const initializers = new Set([...model.graph.initializers.map(({ name }) => name), ...model.graph.sparse]);
  const known = options.known ?? new Map<string, Constant>();
  const inputs = model.graph.inputs.filter(({ name }) => !initializers.has(name) && !known.has(name));
  const given = new Set([...initializers, ...model.graph.inputs.map(({ name }) => name)]);
  const nodes = ordered(inlined(model), given);
  const batches = findBatches(inputs, nodes, options.batchAxis ?? "first");
  if (batches.fixed > 1) notes.push(fixedBatch(batches.fixed));
  const importer = new Importer({
    workspace,
    payload: (record) => readPayload(record, source),
    declared: new Map([...model.graph.values, ...model.graph.outputs].map((info) => [info.name, info])),
    uses: countUses(nodes, model.graph.outputs),
    fixedBatch: batches.fixed,
    isBatched: batches.isOpen,
  });
  for (const [name, value] of known) importer.values.set(name, value);
  const { refused: sparse } = refuse("sparse-tensor", "it is sparse", "Export the model with dense weights");
  for (const name of model.graph.sparse) importer.values.set(name, { kind: "unknown", origin: name, refused: sparse });
  for (const record of model.graph.initializers) importer.addInitializer(record);
  for (const info of inputs) addInput(importer, info, batches.axes.get(info.name));
  nodes.forEach((node, k) => {
    importer.add(node, k);
  });
  const { producer, graph } = model;
  const finished = finish(importer, graph.outputs, {
    name: graph.name === "" ? "network" : graph.name,
    source: { format: "onnx", ...(producer === "" ? {} : { producer }), ...(place.file ? { file: place.file } : {}) },
  });
  const present = new Set(finished.graph.nodes.map((node) => node.name));
  const folded = importer.converted.filter(({ node }) => !present.has(node));
  return { ...finished, refused: importer.refused, folded, notes };
}

function checkVersions(model: OnnxModel): Diagnostic[] {
  const opset = model.opsets.get("") ?? 1;
  const found = `operator set ${opset}`;
  if (opset < oldest) {
    throw failure({
      code: "opset-not-supported",
      message: `Cannot read the ONNX model: found ${found}, wanted ${oldest} or newer`,
      found,
      wanted: `${oldest} or newer`,
      hint: "Convert it with the version converter of onnx",
    });
  }
  if (opset <= newest) return [];
  const message = `Model uses ${found}, the reader was written for ${oldest} to ${newest}`;
  return [{ code: "opset-newer", severity: "warning", message, found, wanted: `at most ${newest}` }];
}

function fixedBatch(batch: number): Diagnostic {
  const message = `The model fixes a batch of ${batch}; one sample is taken`;
  return { code: "fixed-batch", severity: "warning", message, found: `batch ${batch}` };
}

function countUses(nodes: readonly { readonly inputs: readonly string[] }[], outputs: readonly ValueInfo[]) {
  const uses = new Map<string, number>();
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(({ name }) => name)]) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}

/** Declare a graph input. Its batch axis has one element and is not stored; other symbolic extents are open. */
function addInput(importer: Importer, { name, elementCode, dims }: ValueInfo, batch: number | undefined): void {
  const type = elementOfCode(elementCode)?.type;
  if (!dims || !type || !isCarried(elementCode) || dims.includes(0)) {
    const isTyped = type !== undefined && isCarried(elementCode);
    const { refused } = isTyped
      ? refuse(
          "shape",
          `its shape is ${dims ? `[${dims}]` : "not stated"}`,
          "Export the model with the shapes of its inputs",
        )
      : refuse("element-type", `its elements are of type ${type ?? elementCode}`, "Export the model with float inputs");
    importer.values.set(name, { kind: "unknown", origin: name, refused });
    return;
  }
  const shape = dims.map((dim, axis) => {
    if (axis === batch) return 1;
    return typeof dim === "number" && dim > 0 ? dim : -1;
  });
  const axes = [...shape.keys()].filter((axis) => axis !== batch);
  importer.build.addInput({ name, shape: axes.map((axis) => shape[axis]!) });
  importer.values.set(name, { kind: "runtime", type, shape, axes, stored: name });
}

/** Bring the outputs into the axis order of the model and give them its names. */
function finish(
  importer: Importer,
  declared: readonly ValueInfo[],
  head: Pick<AnnGraph, "name" | "source">,
): Pick<OnnxImport, "graph" | "outputs"> {
  const { build } = importer;
  const outputs: OnnxOutput[] = [];
  const stored: string[] = [];
  for (const { name } of declared) {
    const value = importer.values.get(name) ?? { kind: "unknown", origin: name };
    outputs.push(describe(name, value));
    build.begin({ name: `output/${name}`, sourceOp: "Output", outputs: [name] });
    stored.push(outputName(importer, name, value, stored));
  }
  const names = new Map<string, string>();
  const used = new Set([...build.inputs.map((input) => input.name), ...build.nodes.flatMap((node) => node.outputs)]);
  declared.forEach(({ name }, k) => {
    if (stored[k] === name) return;
    if (used.has(name)) names.set(name, freeName(`${name}:raw`, used));
    names.set(stored[k]!, name);
  });
  const nodes = renamed(withoutUnread(build.nodes, stored), names);
  const graph: AnnGraph = { ...head, inputs: build.inputs, nodes, outputs: declared.map(({ name }) => name) };
  return { graph, outputs };
}

function freeName(wanted: string, used: ReadonlySet<string>): string {
  for (let k = 2, name = wanted; ; k++) {
    if (!used.has(name)) return name;
    name = `${wanted}.${k}`;
  }
}

function describe(name: string, value: Value): OnnxOutput {
  if (value.kind === "unknown") return { name };
  const { type, shape } = value;
  return { name, type, shape, ...(value.kind === "constant" ? { constant: value } : {}) };
}

/** The name under which the graph holds an output; the axis of the samples is left out where it is the first one. */
function outputName(importer: Importer, name: string, value: Value, others: readonly string[]): string {
  const { build } = importer;
  if (value.kind === "unknown") return name;
  if (value.kind === "constant") {
    if (value.data.length === 0) return name;
    return build.emit({ op: "constant", inputs: [], value: toTensor(value) }, "constant")[0]!;
  }
  const all = [...value.shape.keys()];
  const hidesFirst = value.shape[0] === 1 && !value.axes.includes(0);
  const isFirst = all.slice(1).every((axis) => value.axes.includes(axis) || value.shape[axis] === 1);
  const axes = hidesFirst && isFirst ? all.slice(1) : [...value.axes].sort((a, b) => a - b);
  const result = arrange(build, value, axes);
  const isInput = build.inputs.some((input) => input.name === result);
  return isInput || others.includes(result) ? build.emit({ op: "identity", inputs: [result] }, "identity")[0]! : result;
}
