import { describe, expect, it } from "vitest";
import type { Hdf5Group, Hdf5Object, Hdf5Value } from "../../../src/frontend/hdf5/tree.js";
import type { NirGraph, NirNode } from "../../../src/frontend/nir/graph.js";
import { readNir, readNirTree } from "../../../src/frontend/nir/read.js";
import { writeNir } from "../../../src/frontend/nir/write.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { affine, chain, cubaLif, integrateAndFire, lif, tensor } from "./networks.js";

type Tree = { readonly [name: string]: Tree | Hdf5Value };

const metadata = {};
const text = (value: string): Hdf5Value => ({ type: "string", shape: [], strings: [value] });
const reals = (values: readonly number[], shape: readonly number[] = [values.length]): Hdf5Value => ({
  type: "number",
  shape,
  format: { class: "float", size: 8, signed: true },
  bytes: new Uint8Array(Float64Array.from(values).buffer),
});
const whole = (values: readonly number[], shape: readonly number[] = [values.length]): Hdf5Value => ({
  type: "number",
  shape,
  format: { class: "integer", size: 8, signed: true },
  bytes: new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
});
const edges = (...pairs: readonly (readonly [string, string])[]): Hdf5Value => ({
  type: "string",
  shape: [pairs.length, 2],
  strings: pairs.flat(),
});

function isValue(node: Tree | Hdf5Value): node is Hdf5Value {
  return typeof (node as Hdf5Value).type === "string" && Array.isArray((node as Hdf5Value).shape);
}

function group(tree: Tree): Hdf5Group {
  const child = (node: Tree | Hdf5Value): Hdf5Object =>
    isValue(node) ? { kind: "dataset", value: node } : group(node);
  return {
    kind: "group",
    attributes: new Map(),
    children: new Map(Object.entries(tree).map(([name, node]) => [name, child(node)])),
  };
}

/** A file with one node between input and output. */
function around(node: Tree, shape: readonly number[] = [1]): Hdf5Group {
  const nodes = {
    input: { type: text("Input"), shape: whole(shape) },
    n: node,
    output: { type: text("Output"), shape: whole(shape) },
  };
  return group({
    version: text("0.2.0"),
    node: { type: text("NIRGraph"), nodes, edges: edges(["input", "n"], ["n", "output"]) },
  });
}

function codes(tree: Hdf5Group): string[] {
  try {
    readNirTree(tree, "x.nir");
  } catch (error) {
    if (error instanceof SpikewrightError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
  return [];
}

const one = reals([1]);
const oldLif = { type: text("LIF"), tau: one, r: one, v_leak: one, v_threshold: one };

describe("layouts of older versions", () => {
  it("a missing v_reset is zero, a scalar w_in is broadcast", () => {
    const both = reals([1, 1]);
    const node = { type: text("CubaLIF"), tau_syn: both, tau_mem: both, r: both, v_leak: both, v_threshold: both };
    const { graph } = readNirTree(around({ ...node, w_in: reals([3], []) }, [2]));
    expect(graph.nodes.find(({ name }) => name === "n")).toMatchObject({
      vReset: { shape: [2], data: Float64Array.of(0, 0) },
      wIn: { shape: [2], data: Float64Array.of(3, 3) },
    });
    const without = readNirTree(around(node, [2])).graph.nodes.find(({ name }) => name === "n");
    expect(without).toMatchObject({ wIn: { data: Float64Array.of(1, 1) } });
  });

  it("a batch axis of one element goes, leading ones of an output too", () => {
    const nodes: Tree = {
      input: { type: text("Input"), shape: whole([1, 2, 2, 2]) },
      spikes: {
        type: text("IF"),
        r: reals(new Array(8).fill(1), [1, 2, 2, 2]),
        v_threshold: reals(new Array(8).fill(1), [1, 2, 2, 2]),
      },
      flat: {
        type: text("Flatten"),
        start_dim: whole([1], []),
        end_dim: whole([-1], []),
        input_type: whole([1, 2, 2, 2]),
      },
      output: { type: text("Output"), shape: whole([1, 8]) },
    };
    const tree = group({ node: { nodes, edges: edges(["input", "spikes"], ["spikes", "flat"], ["flat", "output"]) } });
    const { graph, version } = readNirTree(tree);
    expect(version).toBe("");
    expect(graph.nodes).toMatchObject([
      { shape: [2, 2, 2] },
      { r: { shape: [2, 2, 2] } },
      { startDim: 0, endDim: -1, inputShape: [2, 2, 2] },
      { shape: [8] },
    ]);
  });

  it("a misnamed end of edges is taken as the only node without edges", () => {
    const nodes: Tree = {
      input: { type: text("Input"), shape: whole([1]) },
      lif1: oldLif,
      output: { type: text("Output"), shape: whole([1, 1, 1]) },
    };
    const tree = group({ node: { type: text("NIRGraph"), nodes, edges: edges(["input", "lif"], ["lif", "output"]) } });
    const { graph, notes } = readNirTree(tree);
    expect(graph.edges).toEqual([
      ["input", "lif1"],
      ["lif1", "output"],
    ]);
    expect(notes.map(({ code }) => code)).toEqual(["nir-edge-renamed"]);
    expect(graph.nodes.at(-1)).toMatchObject({ shape: [1] });
  });

  it("numbers for all axes at once", () => {
    const node = {
      type: text("AvgPool2d"),
      kernel_size: whole([2], []),
      stride: whole([2], []),
      padding: whole([0], []),
    };
    expect(readNirTree(around(node)).graph.nodes[1]).toMatchObject({
      kernelSize: [2, 2],
      stride: [2, 2],
      padding: [0, 0],
    });
  });
});

describe("faulty files", () => {
  it.each<readonly [string, Tree, string[]]>([
    ["an unknown type", { type: text("MaxPool2d") }, ["nir-node-unknown"]],
    ["no type", {}, ["nir-node-unknown"]],
    ["a name that objects inherit", { type: text("toString") }, ["nir-node-unknown"]],
    ["missing fields", { type: text("LI"), tau: one }, ["nir-field-missing", "nir-field-missing"]],
    ["a number that is not finite", { type: text("I"), r: reals([Number.NaN]) }, ["nir-field-invalid"]],
    ["text for numbers", { type: text("I"), r: text("1") }, ["nir-field-invalid"]],
    [
      "a stride of 0",
      { type: text("SumPool2d"), kernel_size: whole([1, 1]), stride: whole([0, 1]), padding: whole([0, 0]) },
      ["nir-field-invalid"],
    ],
    [
      "three strides",
      { type: text("SumPool2d"), kernel_size: whole([1, 1]), stride: whole([1, 1, 1]), padding: whole([0, 0]) },
      ["nir-field-invalid"],
    ],
    ["a dataset in place of a node", { n: one }, ["nir-node-unknown"]],
  ])("%s", (_, node, wanted) => {
    expect(codes(around(node))).toEqual(wanted);
  });

  it("edges to nowhere, without pairs, or not there", () => {
    const nodes: Tree = { input: { type: text("Input"), shape: whole([1]) } };
    const with_ = (value: Hdf5Value | undefined) => group({ node: { nodes, ...(value ? { edges: value } : {}) } });
    expect(codes(with_(edges(["input", "a"], ["b", "input"])))).toEqual(["nir-edge-unknown", "nir-edge-unknown"]);
    expect(codes(with_({ type: "string", shape: [3], strings: ["a", "b", "c"] }))).toEqual(["nir-edges-invalid"]);
    expect(codes(with_(undefined))).toEqual(["nir-edges-invalid"]);
    expect(codes(with_({ type: "empty", shape: [0] }))).toEqual([]);
  });

  it("no graph, or graphs without end", () => {
    expect(codes(group({ other: one }))).toEqual(["nir-not-nir"]);
    let tree: Tree = { type: text("NIRGraph"), nodes: {}, edges: edges() };
    for (let k = 0; k < 40; k++) tree = { type: text("NIRGraph"), nodes: { n: tree }, edges: edges() };
    expect(codes(group({ node: tree }))).toEqual(["nir-nesting"]);
  });

  it("bytes that are no HDF5 file", async () => {
    await expect(readNir(new Uint8Array(100))).rejects.toBeInstanceOf(SpikewrightError);
  });
});

describe("writing", () => {
  it("every node type, nested graphs, metadata and both precisions come back", async () => {
    const all: NirNode[] = [
      affine("affine", [[1, 2]], [3]),
      affine("linear", [[1], [2]]),
      { type: "Scale", name: "scale", scale: { shape: [2], data: Float32Array.of(0.1, 0.2) }, metadata },
      {
        type: "Conv1d",
        name: "conv1",
        inputShape: [9],
        weight: tensor([1, 2, 3], [1, 1, 3]),
        bias: tensor([0]),
        stride: [1],
        padding: "same",
        dilation: [1],
        groups: 1,
        metadata,
      },
      {
        type: "Conv2d",
        name: "conv2",
        weight: tensor(
          Array.from({ length: 600 }, (_, k) => k / 7),
          [6, 4, 5, 5],
        ),
        bias: tensor(new Array<number>(6).fill(0)),
        stride: [2, 1],
        padding: [0, 1],
        dilation: [1, 1],
        groups: 1,
        metadata,
      },
      { type: "SumPool2d", name: "sum", kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], metadata },
      { type: "AvgPool2d", name: "average", kernelSize: [2, 3], stride: [2, 3], padding: [1, 0], metadata },
      { type: "Flatten", name: "flatten", startDim: 0, endDim: -1, inputShape: [2, 3], metadata },
      { type: "Delay", name: "delay", delay: tensor([0.1]), metadata },
      { type: "Threshold", name: "threshold", threshold: tensor([1]), metadata },
      { type: "I", name: "i", r: tensor([1]), metadata },
      { type: "LI", name: "li", tau: tensor([1]), r: tensor([1]), vLeak: tensor([0]), metadata },
      {
        type: "CubaLI",
        name: "cuba",
        tauSyn: tensor([1]),
        tauMem: tensor([1]),
        r: tensor([1]),
        vLeak: tensor([0]),
        wIn: tensor([1]),
        metadata: { note: "of a node" },
      },
      integrateAndFire("if", 1, 1),
      lif("lif.with.dots", 1, 1),
      cubaLif("cubalif", 1, 1, 1, 1),
      { ...chain([1], [1], lif("inner", 1, 1)), name: "graph" },
    ];
    const byName = (graph: NirGraph): NirGraph => ({
      ...graph,
      nodes: graph.nodes
        .map((node) => (node.type === "NIRGraph" ? byName(node) : node))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
    const graph = { ...chain([1], [1], ...all), metadata: { dt: tensor([1e-4], []), reset: "subtract", text: "µ" } };
    const again = await readNir(await writeNir({ version: "1.0.7", graph }));
    expect(again).toEqual({ version: "1.0.7", graph: byName(graph), notes: [] });
  });

  it("graphs without edges", async () => {
    const graph: NirGraph = { ...chain([1], [1]), edges: [] };
    expect((await readNir(await writeNir({ version: "", graph }))).graph).toEqual(graph);
  });

  it("names that HDF5 cannot hold are refused", async () => {
    const graph = chain([1], [1], lif("a/b", 1, 1));
    await expect(writeNir({ version: "", graph })).rejects.toMatchObject({ diagnostics: [{ code: "nir-name" }] });
  });
});
