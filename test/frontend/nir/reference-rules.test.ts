import { describe, expect, it } from "vitest";
import type { NirGraph, NirNode } from "../../../src/frontend/nir/graph.js";
import { readNir } from "../../../src/frontend/nir/read.js";
import { writeNir } from "../../../src/frontend/nir/write.js";
import { writeHdf5 } from "../limits/large-models.js";
import { hasMaterial, readMaterial } from "../onnx/material.js";
import { affine, chain, cubaLif, integrateAndFire, lif, tensor } from "./networks.js";
import { referenceRefusal } from "./reference-reader.js";

const metadata = {};
const written = async (graph: NirGraph): Promise<string | undefined> =>
  await referenceRefusal(await writeNir({ version: "", graph }));

function conv(changes: Partial<Extract<NirNode, { type: "Conv2d" | "Conv1d" }>> = {}): NirNode {
  return {
    type: "Conv2d",
    name: "conv",
    weight: tensor(new Array<number>(18).fill(1), [1, 2, 3, 3]),
    bias: tensor([0]),
    stride: [2, 1],
    padding: [0, 1],
    dilation: [1, 1],
    groups: 1,
    metadata,
    ...changes,
  };
}

const pool = { kernelSize: [2, 3], stride: [2, 3], padding: [1, 0], metadata } as const;
const flatten: NirNode = { type: "Flatten", name: "flatten", startDim: 0, endDim: -1, metadata };

describe.runIf(hasMaterial("nir"))("files of other people, read and written", () => {
  it.each(["lif_norse.nir", "two_lif_neurons.nir", "cnn_sinabs.nir", "braille_noDelay_bias_zero.nir"])(
    "%s is taken by the reference reader",
    async (name) => {
      const original = readMaterial(`nir/${name}`);
      const file = await readNir(original);
      const again = await writeNir(file);
      expect(await referenceRefusal(again)).toBeUndefined();
      expect(await readNir(again)).toEqual(file);
    },
  );
});

describe("written graphs are taken by the reference reader", () => {
  it.each<readonly [string, NirGraph]>([
    [
      "dense layers and every kind of neuron",
      chain(
        [2],
        [2],
        affine(
          "affine",
          [
            [1, 2],
            [3, 4],
          ],
          [3, 4],
        ),
        affine("linear", [
          [1, 2],
          [3, 4],
        ]),
        { type: "Scale", name: "scale", scale: tensor([1, 2]), metadata },
        { type: "Delay", name: "delay", delay: tensor([1, 2]), metadata },
        { type: "Threshold", name: "threshold", threshold: tensor([1, 2]), metadata },
        { type: "I", name: "i", r: tensor([1, 2]), metadata },
        { type: "LI", name: "li", tau: tensor([1, 2]), r: tensor([1, 2]), vLeak: tensor([1, 2]), metadata },
        integrateAndFire("if", 1, 1, 2),
        cubaLif("cuba", 1, 1, 1, 1, 2),
      ),
    ],
    ["metadata", { ...chain([1], [1], lif("lif", 1, 1)), metadata: { dt: tensor([1e-4], []), reset: "zero" } }],
    ["a graph inside", chain([1], [1], { ...chain([1], [1], lif("lif", 1, 1)), name: "inner" })],
    [
      "a cycle",
      {
        ...chain([1], [1], lif("lif", 1, 1), affine("w", [[1]])),
        edges: [
          ["input", "lif"],
          ["lif", "w"],
          ["w", "lif"],
          ["lif", "output"],
        ],
      },
    ],
    ["a convolution over images", chain([2, 9, 9], [1, 4, 9], conv())],
    ["padding by name", chain([2, 9, 9], [1, 9, 9], conv({ padding: "same", stride: [1, 1] }))],
    [
      "a convolution over time",
      chain(
        [2, 9],
        [1, 4],
        conv({
          type: "Conv1d",
          weight: tensor([1, 2, 3, 4, 5, 6], [1, 2, 3]),
          stride: [2],
          padding: [0],
          dilation: [1],
        }),
      ),
    ],
    ["sums over windows", chain([2, 9, 9], [30], { type: "SumPool2d", name: "pool", ...pool }, flatten)],
    ["means over windows", chain([2, 9, 9], [30], { type: "AvgPool2d", name: "pool", ...pool }, flatten)],
    [
      "large arrays",
      chain(
        [700],
        [700],
        affine(
          "w",
          Array.from({ length: 700 }, () => new Array<number>(700).fill(1)),
          new Array<number>(700).fill(0),
        ),
      ),
    ],
  ])("%s", async (_, graph) => {
    expect(await written(graph)).toBeUndefined();
    const { graph: again } = await readNir(await writeNir({ version: "", graph }));
    expect(new Set(again.nodes.map(({ name }) => name))).toEqual(new Set(graph.nodes.map(({ name }) => name)));
  });
});

describe("the rules refuse (control)", () => {
  it.each<readonly [string, NirGraph, string]>([
    ["shapes along an edge", chain([1], [2], lif("lif", 1, 1)), "type mismatch"],
    ["a batch axis", chain([1], [1, 1, 1], lif("lif", 1, 1)), "type mismatch"],
    ["parameters that are scalars", chain([2], [2], lif("lif", 1, 1)), "type mismatch"],
    [
      "parameters of two shapes",
      chain([2], [2], {
        ...integrateAndFire("if", 1, 1, 2),
        vReset: tensor([0]),
      } as NirNode),
      "all parameters must have the same shape",
    ],
    [
      "groups",
      chain(
        [4, 9, 9],
        [2, 9, 9],
        conv({
          weight: tensor(new Array<number>(36).fill(1), [2, 2, 3, 3]),
          bias: tensor([0, 0]),
          groups: 2,
          stride: [1, 1],
          padding: [1, 1],
        }),
      ),
      "type mismatch",
    ],
    [
      "kernels that are not square",
      chain(
        [2, 9, 9],
        [1, 9, 9],
        conv({
          weight: tensor(new Array<number>(6).fill(1), [1, 2, 1, 3]),
          stride: [1, 1],
          padding: [0, 1],
        }),
      ),
      "type mismatch",
    ],
    [
      "a graph that no input enters",
      { ...chain([1], [1], lif("lif", 1, 1)), edges: [["lif", "output"]] },
      "no input nodes",
    ],
  ])("%s", async (_, graph, reason) => {
    expect(await written(graph)).toContain(reason);
  });

  it.each<readonly [string, (node: { create_dataset(args: object): unknown }) => void, string]>([
    ["a missing field", () => {}, 'no dataset "r"'],
    [
      "a field that the class has not",
      (node) => {
        node.create_dataset({ name: "r", data: Float32Array.of(1), shape: [1], dtype: "<f" });
        node.create_dataset({ name: "tau", data: Float32Array.of(1), shape: [1], dtype: "<f" });
      },
      'unexpected argument "tau"',
    ],
    [
      "integers for real numbers",
      (node) => node.create_dataset({ name: "r", data: BigInt64Array.of(1n), shape: [1], dtype: "<q" }),
      "no real numbers",
    ],
  ])("%s", async (_, fill, reason) => {
    const string = { shape: [], dtype: "S" };
    const bytes = await writeHdf5((root) => {
      root.create_dataset({ name: "version", data: "1.0.7", ...string });
      const graph = root.create_group("node");
      graph.create_dataset({ name: "type", data: "NIRGraph", ...string });
      graph.create_dataset({ name: "edges", data: new Float64Array(0), shape: [0], dtype: "<d" });
      const node = graph.create_group("nodes").create_group("n");
      node.create_dataset({ name: "type", data: "I", ...string });
      fill(node);
    });
    expect(await referenceRefusal(bytes)).toContain(reason);
  });
});
