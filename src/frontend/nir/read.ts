import { type Diagnostic, failure, SpikewrightError } from "../../support/diagnostic.js";
import { readHdf5 } from "../hdf5/read.js";
import { datasetAt, groupAt, type Hdf5Group, stringOf, stringsOf } from "../hdf5/tree.js";
import { withoutBatch } from "./batch-axis.js";
import { type FieldType, type NirField, nirFields, spatialAxes } from "./fields.js";
import type { NirFile, NirGraph, NirMetadata, NirNode, NirTensor } from "./graph.js";
import { withInputShapes } from "./input-shapes.js";
import { fillLike, integersOf, tensorOf } from "./values.js";

/** A file that was read. */
export interface NirImport extends NirFile {
  /** Warnings: what was taken otherwise than the file says. */
  readonly notes: readonly Diagnostic[];
}

/** Deepest nesting of graphs. */
const deepest = 16;

/** Whether an HDF5 file is one of NIR. */
export function isNirTree(root: Hdf5Group): boolean {
  return groupAt(root, "node/nodes") !== undefined;
}

/**
 * Read a NIR file. Layouts of older versions are brought into that of version 1: no batch axis, `v_reset` and `w_in`
 * and the input shapes of convolutions always there.
 *
 * @throws The codes of `readHdf5`; `nir-not-nir`; all findings of `readNirTree` at once.
 */
export async function readNir(bytes: Uint8Array, place: { readonly file?: string } = {}): Promise<NirImport> {
  return readNirTree(await readHdf5(bytes, place), place.file);
}

/**
 * Read a NIR graph from the tree of its file.
 *
 * @throws `nir-not-nir`, `nir-node-unknown`, `nir-field-missing`, `nir-field-invalid`, `nir-edge-unknown`,
 * `nir-edges-invalid`, `nir-nesting`; all findings at once.
 */
export function readNirTree(root: Hdf5Group, file?: string): NirImport {
  const node = groupAt(root, "node");
  if (!node || !isNirTree(root)) {
    throw failure({
      code: "nir-not-nir",
      message: "Cannot read the NIR file: no group node/nodes, wanted a NIR graph",
      ...(file === undefined ? {} : { place: { file } }),
      hint: "Write the graph with nir.write",
    });
  }
  const reader = new Reader(file);
  const graph = reader.graph(node, "", 0);
  if (reader.findings.length > 0) throw new SpikewrightError(reader.findings);
  const version = stringOf(datasetAt(root, "version")) ?? "";
  return { version, graph: withInputShapes(withoutBatch(graph)), notes: reader.notes };
}

class Reader {
  readonly findings: Diagnostic[] = [];
  readonly notes: Diagnostic[] = [];
  private readonly file: string | undefined;

  constructor(file: string | undefined) {
    this.file = file;
  }

  graph(group: Hdf5Group, path: string, depth: number): NirGraph {
    const nodes: NirNode[] = [];
    const name = path.split("/").at(-1)!;
    if (depth > deepest) this.report("nir-nesting", path, `graphs ${depth} deep`, `at most ${deepest}`);
    else {
      for (const [key, child] of groupAt(group, "nodes")?.children ?? []) {
        const inner = path === "" ? key : `${path}/${key}`;
        const node = child.kind === "group" ? this.node(child, key, inner, depth) : undefined;
        if (child.kind !== "group") this.report("nir-node-unknown", inner, "a dataset", "a group");
        if (node) nodes.push(node);
      }
    }
    return { type: "NIRGraph", name, nodes, edges: this.edges(group, path), metadata: metadataOf(group) };
  }

  private node(group: Hdf5Group, name: string, path: string, depth: number): NirNode | undefined {
    const type = stringOf(datasetAt(group, "type")) ?? (groupAt(group, "nodes") ? "NIRGraph" : "");
    if (type === "NIRGraph") return this.graph(group, path, depth + 1);
    const fields = Object.hasOwn(nirFields, type) ? nirFields[type as FieldType] : undefined;
    if (!fields) {
      this.report("nir-node-unknown", path, type === "" ? "no type" : `type "${type}"`, "a node type of NIR");
      return undefined;
    }
    const node: Record<string, unknown> = { type, name, metadata: metadataOf(group) };
    const before = this.findings.length;
    for (const field of fields) {
      const value = this.field(group, field, type as FieldType, path);
      if (value !== undefined) node[field.key] = value;
    }
    if (this.findings.length > before) return undefined;
    for (const { key, absent } of fields) {
      const like = node[absent === "zeros" ? "vThreshold" : "vLeak"] as NirTensor;
      if (absent === "zeros") node[key] ??= fillLike(like, 0);
      if (absent === "ones") node[key] = fillLike(like, 1, node[key] as NirTensor | undefined);
    }
    return node as unknown as NirNode;
  }

  private field(group: Hdf5Group, field: NirField, type: FieldType, path: string): unknown {
    const value = datasetAt(group, field.dataset);
    if (!value) {
      if (field.absent) return undefined;
      this.report("nir-field-missing", path, `no dataset "${field.dataset}"`, `one for ${type}`);
      return undefined;
    }
    if (field.kind === "tensor") {
      const tensor = tensorOf(value);
      if (tensor?.data.every(Number.isFinite)) return tensor;
      return this.invalid(path, field, "finite numbers");
    }
    const text = stringOf(value);
    if (field.kind === "padding" && (text === "same" || text === "valid")) return text;
    const integers = integersOf(value);
    if (!integers) return this.invalid(path, field, "integers");
    if (field.kind === "shape") {
      if (integers.every((n) => n >= 1)) return integers;
      // an exporter of 2023 left unknown extents of optional shapes at 0 or below
      return field.absent === "leave" ? undefined : this.invalid(path, field, "extents");
    }
    if (field.kind === "integer") return integers.length === 1 ? integers[0] : this.invalid(path, field, "one integer");
    const axes = spatialAxes[type]!;
    const list = integers.length === 1 ? new Array<number>(axes).fill(integers[0]!) : integers;
    const least = field.dataset === "padding" ? 0 : 1;
    const fits = list.length === axes && list.every((n) => n >= least);
    return fits ? list : this.invalid(path, field, `${axes} integers of at least ${least}`);
  }

  private invalid(path: string, field: NirField, wanted: string): undefined {
    this.report("nir-field-invalid", path, `something else in "${field.dataset}"`, wanted);
    return undefined;
  }

  private edges(group: Hdf5Group, path: string): (readonly [string, string])[] {
    const value = datasetAt(group, "edges");
    const names = stringsOf(value);
    if (!value || !names || (names.length > 0 && (value.shape.length !== 2 || value.shape[1] !== 2))) {
      this.report("nir-edges-invalid", path, value ? `edges of shape [${value.shape}]` : "no edges", "pairs of names");
      return [];
    }
    const known = groupAt(group, "nodes")!.children;
    const meant = this.misnamed(names, [...known.keys()], path);
    const edges: (readonly [string, string])[] = [];
    for (let k = 0; k < names.length; k += 2) {
      const edge = [meant(names[k]!), meant(names[k + 1]!)] as const;
      const missing = edge.find((end) => !known.has(end));
      if (missing === undefined) edges.push(edge);
      else this.report("nir-edge-unknown", path, `edge ${edge[0]} to ${edge[1]}`, `a node "${missing}"`);
    }
    return edges;
  }

  /** Where one name of the edges has no node and one node has no edge, that node is meant: an exporter of 2023 did so. */
  private misnamed(names: readonly string[], nodes: readonly string[], path: string): (name: string) => string {
    const [unknown, ...moreUnknown] = new Set(names.filter((name) => !nodes.includes(name)));
    const [unused, ...moreUnused] = nodes.filter((name) => !names.includes(name));
    if (unknown === undefined || unused === undefined || moreUnknown.length + moreUnused.length > 0)
      return (name) => name;
    this.notes.push({
      code: "nir-edge-renamed",
      severity: "warning",
      message: `Edges of NIR graph "${path}" name "${unknown}", which is not there; taken as "${unused}", the only node without edges`,
      place: { item: path, ...(this.file === undefined ? {} : { file: this.file }) },
      found: unknown,
      wanted: unused,
    });
    return (name) => (name === unknown ? unused : name);
  }

  private report(code: string, path: string, found: string, wanted: string): void {
    const item = path === "" ? "graph" : path;
    this.findings.push({
      code,
      severity: "error",
      message: `Cannot read NIR node "${item}": found ${found}, wanted ${wanted}`,
      place: { item, ...(this.file === undefined ? {} : { file: this.file }) },
      found,
      wanted,
    });
  }
}

function metadataOf(group: Hdf5Group): NirMetadata {
  const metadata: Record<string, string | NirTensor> = {};
  for (const [key, child] of groupAt(group, "metadata")?.children ?? []) {
    if (child.kind !== "dataset") continue;
    const value = stringOf(child.value) ?? tensorOf(child.value);
    if (value !== undefined) metadata[key] = value;
  }
  return metadata;
}
