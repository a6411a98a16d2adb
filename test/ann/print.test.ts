import { describe, expect, it } from "vitest";
import { countNodeParameters, countParameters, parametersOf } from "../../src/ann/parameters.js";
import { printGraph } from "../../src/ann/print.js";
import { chain, graphOf, named, noise, relu } from "./graphs.js";

const kernel = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };

describe("print", () => {
  it("is the golden form: connections, shapes, attributes in order, digests of tensors", () => {
    const body = chain([3], { op: "activation", function: { ...relu, maxValue: 6 } });
    const graph = graphOf(
      [{ name: "x", shape: [-1, 2] }],
      [
        named({ op: "dense", kernel, bias: { shape: [3], data: new Float32Array(3) } }, "dense 1", ["x"], ["d/out:0"]),
        named({ op: "time-distributed", body }, "td", ["d/out:0"]),
        named({ op: "elementwise", kind: "multiply", constant: { shape: [], data: Float32Array.of(-0.5) } }, "scale", [
          "td",
        ]),
        named({ op: "slice", axes: [0], starts: [-1], ends: [9], steps: [1] }, "last", ["scale"]),
        named({ op: "unsupported", reason: "no rule", hint: "Export without it" }, "odd", ["last"]),
      ],
      ["odd"],
    );
    expect(printGraph({ ...graph, source: { format: "test", producer: "tests 1.0" } })).toBe(
      `network net from test (tests 1.0)
  input x [?, 2]
  dense "dense 1" dense (x) -> d/out:0 [?, 3] bias=[3]#15ec7bf0b507 kernel=[2, 3]#24ae2dfe8df5
  time-distributed td time-distributed (d/out:0) -> td [?, 3]
    input x [3]
    activation n1 activation (x) -> n1 [3] function={kind=relu maxValue=6 negativeSlope=0 threshold=0}
    output n1
  elementwise scale elementwise (td) -> scale [?, 3] constant=[]:-0.5 kind=multiply
  slice last slice (scale) -> last [?, 3] axes=[0] ends=[9] starts=[-1] steps=[1]
  unsupported odd unsupported (last) -> odd [unknown] hint="Export without it" reason="no rule"
  output odd
parameters 10
`,
    );
  });

  it("changes with one bit of one weight, and with nothing else", () => {
    const graph = (data: Float32Array) => printGraph(chain([2], { op: "dense", kernel: { shape: [2, 3], data } }));
    expect(graph(kernel.data.slice())).toBe(graph(kernel.data));
    expect(graph(kernel.data.with(4, 5.0000005))).not.toBe(graph(kernel.data));
  });
});

describe("parameters", () => {
  it("are found by field, in bodies too, and counted", () => {
    const cell = {
      kind: "simple",
      kernel: noise([2, 3], 1),
      recurrentKernel: noise([3, 3], 2),
      activation: { kind: "tanh" },
    } as const;
    const recurrent = named(
      { op: "recurrent", forward: cell, merge: "concat", returnSequences: false, returnState: false },
      "r",
      ["x"],
    );
    expect(parametersOf(recurrent).map(({ field }) => field)).toEqual(["forward.kernel", "forward.recurrentKernel"]);
    expect(countNodeParameters(recurrent)).toBe(15);
    const gather = named({ op: "gather", axis: 0, indices: { shape: [1], data: new Float32Array(1) } }, "g", ["x"]);
    const nested = named({ op: "time-distributed", body: chain([2], { op: "dense", kernel }) }, "t", ["x"]);
    expect(countParameters(graphOf([], [recurrent, gather, nested], []))).toBe(21);
  });

  it("of the MNIST perceptron are 118,282", () => {
    const layer = (i: number, o: number) => ({ op: "dense", kernel: noise([i, o], 1), bias: noise([o], 2) }) as const;
    expect(countParameters(chain([784], layer(784, 128), layer(128, 128), layer(128, 10)))).toBe(118_282);
  });
});
