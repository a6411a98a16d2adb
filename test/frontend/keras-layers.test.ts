import { describe, expect, it } from "vitest";
import type { AnnGraph, AnnNode } from "../../src/ann/graph.js";
import { verifyGraph } from "../../src/ann/verify.js";
import type { Json } from "../../src/frontend/bytes/json.js";
import { kernelFlipUncertain, withFlipDoubt } from "../../src/frontend/keras/kernel-flip.js";
import { buildGraph } from "../../src/frontend/keras/model.js";
import { dialectOf } from "../../src/frontend/keras/topology/dialect.js";
import { readTopology } from "../../src/frontend/keras/topology/topology.js";
import { snakeCase } from "../../src/frontend/keras/weights/keras3-weights.js";
import type { NamedTensor } from "../../src/frontend/keras/weights/weights.js";

type Weights = Readonly<Record<string, readonly (readonly number[])[]>>;

/** Weights that count up, of the shapes that `shapes` gives for each layer. */
function counted(shapes: Weights) {
  return {
    weightsOf: (path: readonly string[]): NamedTensor[] =>
      (shapes[path.join("/")] ?? []).map((shape, i) => {
        const count = shape.reduce((a, b) => a * b, 1);
        return { name: `${i}`, shape, data: Float32Array.from({ length: count }, (_, k) => k + 1) };
      }),
  };
}

function build(json: Json, shapes: Weights = {}, isTheano = false): AnnGraph {
  const dialect = dialectOf(json, {});
  return buildGraph(readTopology(json, "m"), {
    dialect,
    weights: counted(shapes),
    isTheano,
    source: { format: "test" },
  });
}

function sequential(
  shape: readonly (number | null)[],
  ...layers: readonly (readonly [string, Record<string, Json>])[]
): Json {
  const input = { class_name: "InputLayer", config: { name: "in", batch_input_shape: [null, ...shape] } };
  const entries = layers.map(([class_name, config], i) => ({ class_name, config: { name: `l${i}`, ...config } }));
  return { class_name: "Sequential", config: { name: "s", layers: [input, ...entries] } };
}

const ops = (graph: AnnGraph): string[] => graph.nodes.map((node) => `${node.name}:${node.op}`);
const node = (graph: AnnGraph, name: string): AnnNode => graph.nodes.find((candidate) => candidate.name === name)!;

describe("same padding", () => {
  const padding = (size: number, kernel: number, strides: number, dilation_rate: number, isTheano = false) => {
    const json = sequential(
      [size, 1],
      ["Conv1D", { filters: 1, kernel_size: kernel, strides, dilation_rate, padding: "same" }],
    );
    const found = node(build(json, { l0: [[kernel, 1, 1], [1]] }, isTheano), "l0");
    return found.op === "conv" ? found.padding[0] : undefined;
  };

  it.each([
    [28, 3, 1, 1, [1, 1]],
    [28, 3, 2, 1, [0, 1]],
    [27, 3, 2, 1, [1, 1]],
    [28, 2, 1, 1, [0, 1]],
    [10, 4, 3, 1, [1, 2]],
    [10, 3, 1, 2, [2, 2]],
    [9, 1, 4, 1, [0, 0]],
  ])("of %i cells, kernel %i, stride %i, dilation %i is %j", (size, kernel, strides, dilation, wanted) => {
    expect(padding(size, kernel, strides, dilation)).toEqual(wanted);
  });

  it("starts half a kernel early under Theano", () => {
    expect(padding(28, 3, 2, 1, true)).toEqual([1, 0]);
    expect(padding(28, 2, 1, 1, true)).toEqual([1, 0]);
    expect(padding(28, 5, 1, 1, true)).toEqual([2, 2]);
  });
});

describe("channels-first models", () => {
  it("have one transpose at the start and one before a flatten", () => {
    const first = { data_format: "channels_first" };
    const json = sequential(
      [2, 8, 9],
      ["Conv2D", { ...first, filters: 3, kernel_size: 3, activation: "relu" }],
      ["BatchNormalization", { axis: 1 }],
      ["Dropout", { rate: 0.5 }],
      ["MaxPooling2D", { ...first }],
      ["Flatten", {}],
    );
    const graph = build(json, { l0: [[3, 3, 2, 3], [3]], l1: [[3], [3], [3], [3]] });
    expect(ops(graph)).toEqual([
      "in/channels-last:transpose",
      "l0:conv",
      "l0/relu:activation",
      "l1:batch-norm",
      "l2:identity",
      "l3:pool",
      "l3/channels-first:transpose",
      "l4:reshape",
    ]);
    expect(verifyGraph(graph)).toEqual([]);
  });

  it("need no transpose where Flatten moves the channels itself", () => {
    const first = { data_format: "channels_first" };
    const json = sequential([2, 8, 9], ["Conv2D", { ...first, filters: 3, kernel_size: 3 }], ["Flatten", first]);
    expect(ops(build(json, { l0: [[3, 3, 2, 3], [3]] }))).toEqual([
      "in/channels-last:transpose",
      "l0:conv",
      "l1:reshape",
    ]);
  });
});

describe("Normalization", () => {
  const wanted = { op: "batch-norm", mean: { shape: [2] }, variance: { shape: [2] }, epsilon: 0 };

  it("takes mean and variance from its weights, or from its configuration", () => {
    const stored = build(sequential([3, 2], ["Normalization", { axis: -1 }]), { l0: [[2], [2], []] });
    expect(stored.nodes[0]).toMatchObject({ ...wanted, mean: { data: Float32Array.of(1, 2) } });
    const config = { axis: [-1], mean: [[[5, 6]]], variance: [[[0, 4]]] };
    const told = build(sequential([3, 2], ["Normalization", config]));
    expect(told.nodes[0]).toMatchObject({
      ...wanted,
      mean: { data: Float32Array.of(5, 6) },
      variance: { data: Float32Array.of(1e-14, 4) },
    });
    const single = build(sequential([3, 2], ["Normalization", { axis: null, mean: 5, variance: 9 }]));
    expect(single.nodes[0]).toMatchObject({ ...wanted, variance: { data: Float32Array.of(9, 9) } });
  });

  it("refuses other axes, and numbers for other channels", () => {
    const other = build(sequential([3, 2], ["Normalization", { axis: 1, mean: [1, 2, 3], variance: [1, 2, 3] }]));
    expect(other.nodes[0]).toMatchObject({ op: "unsupported", reason: "axis [1] is not the last" });
    const json = sequential([3, 2], ["Normalization", { mean: [1, 2, 3], variance: [1, 2, 3] }]);
    expect(() => build(json)).toThrow("wanted 2");
  });
});

describe("what is not supported", () => {
  const reasonOf = (found: AnnNode): string =>
    found.op === "unsupported" ? `${found.reason} | ${found.hint}` : found.op;

  it("is a node with reason and hint, and the layers after it are shown too", () => {
    const graph = build(sequential([4], ["Lambda", {}], ["Dense", { units: 2 }], ["Magic", {}]), { l1: [[4, 2], [2]] });
    expect(graph.nodes.map((found) => `${found.name} ${found.sourceOp}: ${reasonOf(found)}`)).toMatchInlineSnapshot(`
      [
        "l0 Lambda: layers of class "Lambda" are not supported | Replace the layer, or remove it before saving the model",
        "l1 Dense: dense",
        "l2 Magic: layers of class "Magic" are not supported | Replace the layer, or remove it before saving the model",
      ]
    `);
  });

  it("is taken to keep the shape of its input, and where that does not fit nothing is said of the layers after it", () => {
    const layers: [string, Record<string, Json>][] = [
      ["Lambda", {}],
      ["Dense", { units: 2 }],
      ["LeakyReLU", {}],
    ];
    const graph = build(sequential([4], ...layers), { l1: [[9, 2], [2]] });
    expect(graph.nodes.map((found) => found.op)).toEqual(["unsupported", "unsupported", "unsupported"]);
    expect(reasonOf(graph.nodes[1]!)).toContain("an unsupported layer comes before it");
    expect(() => build(sequential([4], ...layers.slice(1)), { l0: [[9, 2], [2]] })).toThrow("wanted [4, 2]");
  });

  it.each([
    ["a mask", ["Masking", {}], [5, 3]],
    ["a stateful layer", ["LSTM", { units: 2, stateful: true }], [5, 3]],
    ["an unknown activation", ["Activation", { activation: "snake" }], [5, 3]],
    ["an embedding that masks", ["Embedding", { input_dim: 3, output_dim: 2, mask_zero: true }], [5]],
  ] as [string, [string, Record<string, Json>], number[]][])("keeps the shape behind %s", (_, layer, shape) => {
    const graph = build(sequential(shape, layer, ["Flatten", {}]), { l0: [[3, 8], [2, 8], [8]] });
    expect(graph.nodes.map((found) => found.op)).toEqual(["unsupported", "reshape"]);
  });

  it("names a layer that is used twice, but not one without weights", () => {
    const layer = (class_name: string, name: string, config: Record<string, Json>, ...uses: string[][]) => ({
      class_name,
      name,
      config,
      inbound_nodes: uses.map((use) => use.map((from) => [from, 0, 0, {}])),
    });
    const json = (shared: Json): Json => ({
      class_name: "Model",
      config: {
        name: "m",
        layers: [
          { class_name: "InputLayer", name: "a", config: { batch_input_shape: [null, 3] }, inbound_nodes: [] },
          { class_name: "InputLayer", name: "b", config: { batch_input_shape: [null, 3] }, inbound_nodes: [] },
          shared,
          {
            class_name: "Add",
            name: "sum",
            config: {},
            inbound_nodes: [
              [
                ["shared", 0, 0, {}],
                ["shared", 1, 0, {}],
              ],
            ],
          },
        ],
        input_layers: [
          ["a", 0, 0],
          ["b", 0, 0],
        ],
        output_layers: [["sum", 0, 0]],
      },
    });
    const dense = build(json(layer("Dense", "shared", { units: 2 }, ["a"], ["b"])));
    expect(ops(dense)).toEqual(["shared:unsupported", "shared/call2:unsupported", "sum:elementwise"]);
    expect(reasonOf(dense.nodes[0]!)).toContain("used 2 times");
    const relu = build(json(layer("ReLU", "shared", {}, ["a"], ["b"])));
    expect(ops(relu)).toEqual(["shared:activation", "shared/call2:activation", "sum:elementwise"]);
  });
});

describe("findings", () => {
  it("are collected over all branches", () => {
    const input = { class_name: "InputLayer", name: "a", config: { batch_input_shape: [null, 4] }, inbound_nodes: [] };
    const layer = (class_name: string, name: string, config: Record<string, Json>, ...from: string[]) => ({
      class_name,
      name,
      config,
      inbound_nodes: [from.map((source) => [source, 0, 0, {}])],
    });
    const layers = [
      input,
      layer("Dense", "p", { units: 3 }, "a"),
      layer("Dense", "q", { units: "x" }, "a"),
      layer("Add", "r", {}, "p", "q"),
    ];
    const config = { name: "m", layers, input_layers: [["a", 0, 0]], output_layers: [["r", 0, 0]] };
    expect(() => build({ class_name: "Model", config }, { p: [[4, 2], [3]] })).toThrow(
      expect.objectContaining({
        diagnostics: [
          expect.objectContaining({ code: "weights-do-not-match", place: { item: "p" } }),
          expect.objectContaining({ code: "layer-config-invalid", place: { item: "q" } }),
        ],
      }),
    );
  });

  it.each([
    ["a shape below one", sequential([4, 4, 1], ["MaxPooling2D", { pool_size: 5 }]), "shape-impossible"],
    ["a value beyond memory", sequential([4, 4, 1], ["UpSampling2D", { size: 100_000 }]), "shape-impossible"],
    ["a wrong rank", sequential([4], ["Conv2D", { filters: 1, kernel_size: 1 }]), "layer-inputs"],
    ["an unknown format", sequential([4, 4, 1], ["MaxPooling2D", { data_format: "sideways" }]), "layer-config-invalid"],
    ["no layers", { class_name: "Sequential", config: [] }, "topology-invalid"],
    ["a subclassed model", { class_name: "MyModel", config: {} }, "topology-invalid"],
    [
      "no input shape",
      { class_name: "Sequential", config: [{ class_name: "Dense", config: { name: "d", units: 1 } }] },
      "topology-invalid",
    ],
  ] as [string, Json, string][])("%s", (_, json, code) => {
    expect(() => build(json)).toThrow(expect.objectContaining({ diagnostics: [expect.objectContaining({ code })] }));
  });

  it("a circle of layers", () => {
    const layer = (name: string, from: string) => ({
      class_name: "ReLU",
      name,
      config: {},
      inbound_nodes: [[[from, 0, 0, {}]]],
    });
    const input = { class_name: "InputLayer", name: "a", config: { batch_input_shape: [null, 3] }, inbound_nodes: [] };
    const config = {
      name: "m",
      layers: [input, layer("p", "q"), layer("q", "p")],
      input_layers: [["a", 0, 0]],
      output_layers: [["q", 0, 0]],
    };
    expect(() => build({ class_name: "Model", config })).toThrow("waits for its own result");
  });

  it("names of objects of the language are plain names", () => {
    const text =
      '{"class_name":"Sequential","config":{"__proto__":{"polluted":1},"layers":[{"class_name":"__proto__","config":{"name":"constructor","batch_input_shape":[null,2]}}]}}';
    const graph = build(JSON.parse(text) as Json);
    expect(ops(graph)).toEqual(["constructor:unsupported"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe("Keras 1", () => {
  it("has kernels in the order of Theano, rotated on wish", () => {
    const config = {
      name: "c",
      nb_filter: 2,
      nb_row: 3,
      nb_col: 2,
      border_mode: "valid",
      subsample: [1, 1],
      dim_ordering: "th",
      bias: true,
    };
    const json: Json = {
      class_name: "Sequential",
      config: [{ class_name: "Convolution2D", config: { ...config, batch_input_shape: [null, 1, 5, 5] } }],
    };
    const kernel = (isTheano: boolean): number[] => {
      const found = node(build(json, { c: [[2, 1, 3, 2], [2]] }, isTheano), "c");
      return found.op === "conv" ? [...found.kernel.data] : [];
    };
    expect(kernel(false)).toEqual([1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12]);
    expect(kernel(true)).toEqual([6, 12, 5, 11, 4, 10, 3, 9, 2, 8, 1, 7]);
    expect(dialectOf(json, {}).major).toBe(1);
    const graph = build(json, { c: [[2, 1, 3, 2], [2]] });
    expect(kernelFlipUncertain(withFlipDoubt(graph, dialectOf(json, {}), "auto"))).toBe(true);
    expect(kernelFlipUncertain(withFlipDoubt(graph, dialectOf(json, {}), "no"))).toBe(false);
    expect(kernelFlipUncertain(withFlipDoubt(graph, dialectOf(json, { backend: "tensorflow" }), "auto"))).toBe(false);
  });

  it("has an array for each gate, also inside Bidirectional", () => {
    const lstm = {
      class_name: "LSTM",
      config: { name: "inner", output_dim: 2, inner_activation: "hard_sigmoid", activation: "tanh" },
    };
    const json: Json = {
      class_name: "Sequential",
      config: [
        {
          class_name: "Bidirectional",
          config: { name: "b", layer: lstm, merge_mode: "concat", batch_input_shape: [null, 4, 3], p: 0 },
        },
      ],
    };
    const arrays = Array.from({ length: 8 }, () => [[3, 2], [2, 2], [2]]).flat();
    const found = node(build(json, { b: arrays }), "b");
    expect(found).toMatchObject({
      op: "recurrent",
      forward: { kind: "lstm", kernel: { shape: [3, 8] }, recurrentKernel: { shape: [2, 8] }, bias: { shape: [8] } },
      backward: { kind: "lstm" },
    });
  });

  it("has Merge for all merge layers", () => {
    const json = (mode: string): Json => ({
      class_name: "Model",
      config: {
        name: "m",
        layers: [
          { class_name: "InputLayer", name: "a", config: { batch_input_shape: [null, 3] }, inbound_nodes: [] },
          {
            class_name: "Merge",
            name: "j",
            config: { mode, concat_axis: -1 },
            inbound_nodes: [
              [
                ["a", 0, 0],
                ["a", 0, 0],
              ],
            ],
          },
        ],
        input_layers: [["a", 0, 0]],
        output_layers: [["j", 0, 0]],
      },
    });
    expect(["sum", "mul", "ave", "max", "concat", "cos"].map((mode) => build(json(mode)).nodes[0]!.op)).toEqual([
      "elementwise",
      "elementwise",
      "elementwise",
      "elementwise",
      "concat",
      "unsupported",
    ]);
  });
});

describe("CuDNN layers", () => {
  it("have gates in their own order of memory and two biases", () => {
    const json = sequential([4, 3], ["CuDNNGRU", { units: 2 }]);
    const found = node(build(json, { l0: [[3, 6], [2, 6], [12]] }), "l0");
    if (found.op !== "recurrent" || found.forward?.kind !== "gru") throw new Error("no GRU");
    const { kernel, recurrentKernel, bias, recurrentBias, resetAfter } = found.forward;
    // The first gate of the stored kernel is [[1, 2], [7, 8], [13, 14]]: read as two rows of three and turned.
    expect([0, 6, 12].map((row) => [...kernel.data.subarray(row, row + 2)])).toEqual([
      [1, 8],
      [2, 13],
      [7, 14],
    ]);
    expect([0, 6].map((row) => [...recurrentKernel.data.subarray(row, row + 2)])).toEqual([
      [1, 7],
      [2, 8],
    ]);
    expect([resetAfter, [...bias!.data], [...recurrentBias!.data]]).toEqual([
      true,
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12],
    ]);
  });
});

describe("snakeCase", () => {
  it("is that of Keras", () => {
    const names = [
      "Conv2D",
      "ReLU",
      "LSTM",
      "DepthwiseConv2D",
      "GlobalAveragePooling2D",
      "Conv2DTranspose",
      "InputLayer",
      "PReLU",
    ];
    expect(names.map(snakeCase)).toEqual([
      "conv2d",
      "re_lu",
      "lstm",
      "depthwise_conv2d",
      "global_average_pooling2d",
      "conv2d_transpose",
      "input_layer",
      "p_re_lu",
    ]);
  });
});
