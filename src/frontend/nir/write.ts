import { failure } from "../../support/diagnostic.js";
import { type FieldType, type NirField, nirFields, spatialAxes } from "./fields.js";
import type { NirFile, NirGraph, NirMetadata, NirNode, NirTensor } from "./graph.js";
import { withInputShapes } from "./input-shapes.js";

/** The part of the HDF5 library that is used. */
interface Library {
  readonly ready: Promise<{ readonly FS: FileSystem }>;
  readonly File: new (path: string, mode: "w") => WritableGroup & { close(): unknown };
}

interface FileSystem {
  readFile(path: string): Uint8Array;
  unlink(path: string): void;
}

interface WritableGroup {
  create_group(name: string): WritableGroup;
  create_dataset(args: {
    readonly name: string;
    readonly data: unknown;
    readonly shape?: readonly number[];
    readonly dtype?: string;
    readonly chunks?: readonly number[];
    readonly compression?: "gzip";
  }): unknown;
}

/** Version of the format that is written where the file states none. */
const formatVersion = "1.0.7";
/** Smaller arrays are stored as they are. */
const leastCompressed = 256;
/** Bytes of one compressed piece: readers decode it whole. */
const largestChunk = 2 ** 20;

let files = 0;

/**
 * The bytes of a NIR file, in the layout of version 1: real numbers in their own precision, integers of 64 bits, text as
 * UTF-8 of variable length, arrays from 256 numbers on compressed. Convolutions say the shape of their input, which the
 * reference reader asks for.
 *
 * @throws `nir-name` for names that HDF5 cannot hold.
 */
export async function writeNir(file: NirFile): Promise<Uint8Array> {
  checkNames(file.graph);
  const { ready, File } = (await import("h5wasm")) as unknown as Library;
  const { FS } = await ready;
  const path = `nir-${files++}.h5`;
  const handle = new File(path, "w");
  try {
    text(handle, "version", file.version === "" ? formatVersion : file.version);
    writeGraph(handle.create_group("node"), withInputShapes(file.graph));
  } finally {
    handle.close();
  }
  try {
    return FS.readFile(path).slice();
  } finally {
    FS.unlink(path);
  }
}

function writeGraph(group: WritableGroup, graph: NirGraph): void {
  text(group, "type", "NIRGraph");
  const edges = graph.edges.flat();
  if (edges.length > 0) {
    group.create_dataset({ name: "edges", data: edges, shape: [graph.edges.length, 2], dtype: "S" });
  } else {
    group.create_dataset({ name: "edges", data: new Float64Array(0), shape: [0], dtype: "<d" });
  }
  const nodes = group.create_group("nodes");
  for (const node of graph.nodes) writeNode(nodes.create_group(node.name), node);
  writeMetadata(group, graph.metadata);
}

function writeNode(group: WritableGroup, node: NirNode): void {
  if (node.type === "NIRGraph") {
    writeGraph(group, node);
    return;
  }
  text(group, "type", node.type);
  const values = node as unknown as Readonly<Record<string, unknown>>;
  for (const field of nirFields[node.type as FieldType]) {
    const value = values[field.key];
    if (value !== undefined) writeField(group, field, value, spatialAxes[node.type as FieldType] === 1);
  }
  writeMetadata(group, node.metadata);
}

/** With `isScalar`, a list of one number is written as that number: the one spatial axis of `Conv1d`. */
function writeField(group: WritableGroup, field: NirField, value: unknown, isScalar: boolean): void {
  if (field.kind === "tensor") numbers(group, field.dataset, value as NirTensor);
  else if (typeof value === "string") text(group, field.dataset, value);
  else if (typeof value === "number") integers(group, field.dataset, [value], []);
  else {
    const list = value as readonly number[];
    integers(group, field.dataset, list, isScalar && list.length === 1 ? [] : [list.length]);
  }
}

function writeMetadata(group: WritableGroup, metadata: NirMetadata): void {
  const entries = Object.entries(metadata);
  if (entries.length === 0) return;
  const inner = group.create_group("metadata");
  for (const [key, value] of entries) {
    if (typeof value === "string") text(inner, key, value);
    else numbers(inner, key, value);
  }
}

function text(group: WritableGroup, name: string, value: string): void {
  group.create_dataset({ name, data: value, shape: [], dtype: "S" });
}

function integers(group: WritableGroup, name: string, values: readonly number[], shape: readonly number[]): void {
  group.create_dataset({ name, data: BigInt64Array.from(values, BigInt), shape, dtype: "<q" });
}

function numbers(group: WritableGroup, name: string, { shape, data }: NirTensor): void {
  const dtype = data instanceof Float32Array ? "<f" : "<d";
  const rowBytes = data.byteLength / (shape[0] ?? 1);
  const rows = Math.max(1, Math.min(shape[0] ?? 1, Math.floor(largestChunk / rowBytes)));
  const packed =
    data.length >= leastCompressed ? ({ chunks: [rows, ...shape.slice(1)], compression: "gzip" } as const) : {};
  group.create_dataset({ name, data, shape, dtype, ...packed });
}

/** Names become names of groups. */
function checkNames(graph: NirGraph): void {
  for (const { name, metadata } of [...graph.nodes, graph]) {
    const bad = [name, ...Object.keys(metadata)].find((n) => n.includes("/") || n === "." || n.includes("\0"));
    if (bad !== undefined || (name === "" && graph.nodes.some((node) => node.name === ""))) {
      throw failure({
        code: "nir-name",
        message: `Cannot write NIR node "${bad ?? name}": found a name that HDF5 cannot hold, wanted one without slashes`,
        place: { item: bad ?? name },
      });
    }
  }
  for (const node of graph.nodes) if (node.type === "NIRGraph") checkNames(node);
}
