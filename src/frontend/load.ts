import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { failure, type SpikewrightError } from "../support/diagnostic.js";
import { readStart, readWhole } from "./bytes/file.js";
import { decodeText, isObject, type Json, member, parseJson, stringMember } from "./bytes/json.js";
import { isZip, ZipArchive } from "./bytes/zip.js";
import { isHdf5, readHdf5 } from "./hdf5/read.js";
import { groupAt } from "./hdf5/tree.js";
import type { FlipKernels, ImportedGraph } from "./keras/kernel-flip.js";
import { isKerasTree, readKerasH5, unwrapJson } from "./keras/read-h5.js";
import { isKerasArchive, readKerasZip } from "./keras/read-zip.js";
import type { NirImport } from "./nir/read.js";
import { isTfjsModel, readTfjs } from "./tfjs/read.js";

export { kernelFlipUncertain } from "./keras/kernel-flip.js";

const modelFormats = "Keras .h5 or .keras, a TensorFlow.js layers model, ONNX, or NIR";

export interface LoadOptions {
  /** Path of the Keras JSON that belongs to a file of weights; unless given, the `.json` of the same name beside it. */
  readonly topology?: string;
  /** Rotation of convolution kernels of Keras files; `auto` unless told. See `kernelFlipUncertain`. */
  readonly flipKernels?: FlipKernels;
}

/** A trained model, or a NIR graph of neurons in time. */
export type LoadedFile =
  | { readonly kind: "model"; readonly graph: ImportedGraph }
  | { readonly kind: "nir"; readonly nir: NirImport };

/**
 * Read a model. The format is recognised by content: Keras `.h5` (versions 1 to 3) and `.keras`, TensorFlow.js layers
 * models (`model.json`), ONNX, NIR.
 *
 * Layers that are not supported become `unsupported` nodes; damaged or contradictory files throw.
 *
 * @throws `model-format-unknown`, `model-format-refused`, and the codes of the readers.
 */
export async function loadFile(path: string, options: LoadOptions = {}): Promise<LoadedFile> {
  refuseFolder(path);
  const { bytes, length } = await readStart(path);
  if (isHdf5(bytes)) return await loadHdf5(path, length, options);
  return { kind: "model", graph: await loadLayers(await readWhole(path), path) };
}

/**
 * Read a trained model of layers; see `loadFile`.
 *
 * @throws As `loadFile`, and `nir-not-layers` for a NIR graph.
 */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<ImportedGraph> {
  const loaded = await loadFile(path, options);
  if (loaded.kind === "model") return loaded.graph;
  throw failure({
    code: "nir-not-layers",
    message: `Cannot take "${path}" as a trained model: it is a NIR graph of neurons in time, wanted layers`,
    place: { file: path },
    found: "a NIR graph",
    wanted: modelFormats,
    hint: "Quantise it for a core with spikewright import nir, or run it in float with spikewright simulate or evaluate",
  });
}

async function loadLayers(bytes: Uint8Array, path: string): Promise<ImportedGraph> {
  if (isZip(bytes)) return await loadZip(bytes, path);
  const json = jsonOf(bytes, path);
  if (json !== undefined) {
    if (isTfjsModel(json)) return await readTfjs(json, path);
    throw refusedJson(json, path);
  }
  if (isTflite(bytes))
    throw refusedFormat(path, "a TensorFlow Lite model", "Give the Keras model it was converted from");
  if (isSavedModel(bytes))
    throw refusedFormat(path, "a SavedModel of TensorFlow", "Export it to ONNX with tf2onnx, or save it as Keras .h5");
  if (isPickle(bytes)) throw refusedFormat(path, "a Python pickle", "Export the model with torch.onnx.export");
  if (!looksLikeProtobuf(bytes)) throw unknownFormat(path, bytes);
  const { readOnnx } = await import("./onnx/read.js");
  return readOnnx(bytes, { file: path, folder: dirname(path) });
}

async function loadZip(bytes: Uint8Array, file: string): Promise<ImportedGraph> {
  const archive = new ZipArchive(bytes, file);
  if (isKerasArchive(archive)) return await readKerasZip(archive, file);
  const isTorch = [...archive.entries.keys()].some((name) => name.endsWith("data.pkl"));
  if (isTorch) throw refusedFormat(file, "a checkpoint of PyTorch", "Export the model with torch.onnx.export");
  throw refusedFormat(file, "a zip archive that is no model", "Give the model file itself");
}

async function loadHdf5(file: string, length: number, options: LoadOptions): Promise<LoadedFile> {
  const root = await readHdf5({ path: file, start: 0, length }, { file });
  const { isNirTree, readNirTree } = await import("./nir/read.js");
  if (isNirTree(root)) return { kind: "nir", nir: readNirTree(root, file) };
  if (groupAt(root, "layer/0") !== undefined)
    throw refusedFormat(
      file,
      "a network of Lava (netx)",
      "Export the network to NIR, or give the model it was trained from",
    );
  if (!isKerasTree(root)) {
    throw failure({
      code: "model-format-unknown",
      message: `Cannot read "${file}": the HDF5 file is not one of Keras`,
      place: { file },
      wanted: 'attribute "model_config" or "layer_names"',
      hint: "Save the model with model.save() of Keras",
    });
  }
  const { flipKernels } = options;
  const topology = options.topology ?? (root.attributes.has("model_config") ? undefined : topologyBeside(file));
  const text = topology === undefined ? undefined : decodeText(await readWhole(topology), topology);
  const graph = readKerasH5(root, {
    file,
    ...(flipKernels === undefined ? {} : { flipKernels }),
    ...(topology === undefined || text === undefined ? {} : { topology: { text, file: topology } }),
  });
  return { kind: "model", graph };
}

/** Weights of Keras 1 and 2 come with their topology in a JSON file of the same name beside them. */
function topologyBeside(file: string): string | undefined {
  const json = file.replace(/\.(h5|hdf5)$/i, ".json");
  return json !== file && existsSync(json) ? json : undefined;
}

/** The value of a file that looks like JSON, else undefined. */
function jsonOf(bytes: Uint8Array, file: string): Json | undefined {
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const start = bytes.subarray(hasMark ? 3 : 0, 64).find((byte) => byte > 0x20);
  const looksLikeJson = start === 0x7b || start === 0x22;
  return looksLikeJson ? unwrapJson(parseJson(decodeText(bytes, file), file), file) : undefined;
}

function refusedJson(json: Json, file: string): SpikewrightError {
  const isTopology =
    stringMember(json, "class_name") !== undefined && isObject(json) && member(json, "config") !== undefined;
  return isTopology
    ? failure({
        code: "weights-missing",
        message: `Cannot read "${file}": it is the topology of a Keras model, without weights`,
        place: { file },
        wanted: "the file of weights",
        hint: "Give the .h5 file of weights as the model, and this file with --topology",
      })
    : failure({
        code: "model-format-unknown",
        message: `Cannot read "${file}": the JSON is no model`,
        place: { file },
        wanted: "a model.json of TensorFlow.js, or the topology of a Keras model",
      });
}

/** The protocol number of a pickle, as old checkpoints of PyTorch start. */
function isPickle(bytes: Uint8Array): boolean {
  return bytes[0] === 0x80 && bytes[1]! >= 2 && bytes[1]! <= 5;
}

/** The start of a SavedModel: schema version 1, then a graph. */
function isSavedModel(bytes: Uint8Array): boolean {
  return bytes[0] === 0x08 && bytes[1] === 0x01 && bytes[2] === 0x12;
}

/** Whether the first byte is the tag of a field of an ONNX model: version, producer, domain, graph or operator sets. */
function looksLikeProtobuf(bytes: Uint8Array): boolean {
  return [0x08, 0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42, 0x72].includes(bytes[0] ?? 0);
}

/** A FlatBuffer with the file identifier of TensorFlow Lite. */
function isTflite(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(4, 8)) === "TFL3";
}

/** A folder holds a model for some tools; which file of it is meant can be told. */
function refuseFolder(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const held = (name: string): boolean => existsSync(join(path, name));
  if (held("saved_model.pb"))
    throw refusedFormat(path, "a SavedModel of TensorFlow", "Export it to ONNX with tf2onnx, or save it as Keras .h5");
  const file = ["model.json", "model.onnx", "model.keras", "model.h5"].find(held);
  throw failure({
    code: "file-is-folder",
    message: `Cannot read "${path}": it is a folder, wanted the file of a model`,
    place: { file: path },
    found: "a folder",
    wanted: modelFormats,
    hint: file === undefined ? "Give the model file in it" : `Give "${join(path, file)}"`,
  });
}

function refusedFormat(file: string, what: string, hint: string): SpikewrightError {
  return failure({
    code: "model-format-refused",
    message: `Cannot read "${file}": it is ${what}`,
    place: { file },
    found: what,
    wanted: modelFormats,
    hint,
  });
}

function unknownFormat(file: string, bytes: Uint8Array): SpikewrightError {
  const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return failure({
    code: "model-format-unknown",
    message: `Cannot read "${file}": no reader knows a file that starts with ${start === "" ? "nothing (it is empty)" : start}`,
    place: { file },
    wanted: modelFormats,
    hint: "Export the model to one of these formats",
  });
}
