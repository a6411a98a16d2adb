import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inferDynamics, type NirDynamicsOptions } from "../../../src/frontend/nir/dynamics.js";
import type { NirGraph, NirNode } from "../../../src/frontend/nir/graph.js";
import { openNirSimulation } from "../../../src/frontend/nir/simulate/simulate.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { affine, chain, cubaLif, end, integrateAndFire, lif, tensor } from "./networks.js";

const metadata = {};

function open(graph: NirGraph, options: NirDynamicsOptions) {
  return openNirSimulation(graph, inferDynamics(graph, options));
}

/** The outputs of a graph for one input vector a step. */
function run(graph: NirGraph, inputs: readonly (readonly number[])[], options: NirDynamicsOptions = { dt: 1 }) {
  const simulation = open(graph, options);
  return inputs.map((input) => {
    simulation.step(input);
    return [...simulation.valueOf("output")];
  });
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SpikewrightError) return error.diagnostics[0]!.code;
    throw error;
  }
  return "no error";
}

describe("neurons", () => {
  const constant = (x: number, steps: number) => new Array<number[]>(steps).fill([x]);
  const spikesOf = (graph: NirGraph, options: NirDynamicsOptions) => run(graph, constant(0.4, 6), options).flat();
  const counter = chain([1], [1], integrateAndFire("n", 1, 1));

  it("reset by subtraction, to zero, and to v_reset", () => {
    // potentials 0.4 0.8 1.2, then 0.2 0.6 1.0 (subtract), 0 0.4 0.8 (zero), -0.5 -0.1 0.3 (to v_reset)
    const low: NirNode = { ...(integrateAndFire("n", 1, 1) as object), vReset: tensor([-0.5]) } as NirNode;
    const graph = chain([1], [1], low);
    expect(spikesOf(counter, { dt: 1, reset: "subtract" })).toEqual([0, 0, 1, 0, 1, 0]);
    expect(spikesOf(counter, { dt: 1, reset: "zero" })).toEqual([0, 0, 1, 0, 0, 1]);
    expect(spikesOf(graph, { dt: 1 })).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it("fire above the threshold, or at it", () => {
    const graph = chain([1], [1], integrateAndFire("n", 1, 0.5));
    expect(run(graph, [[0.5], [0.5]], { dt: 1, compare: ">" })).toEqual([[0], [1]]);
    expect(run(graph, [[0.5], [0.5]], { dt: 1, compare: ">=" })).toEqual([[1], [1]]);
  });

  it("a reset in the next step acts after the integration", () => {
    const simulation = open(counter, { dt: 1, reset: "subtract", resetTiming: "next-step" });
    const potentials = constant(0.6, 4).map((x) => {
      simulation.step(x);
      return simulation.potentialOf("n")[0]!;
    });
    [0.6, 1.2, 0.8, 1.4].forEach((v, k) => {
      expect(potentials[k]).toBeCloseTo(v, 12);
    });
  });

  it("the membrane sees the synaptic current of the step before, or of the same step", () => {
    const graph = chain([1], [1], cubaLif("n", 2, 2, 1, 1));
    const first = (options: NirDynamicsOptions) => {
      const simulation = open(graph, { dt: 1, ...options });
      simulation.step([1]);
      return simulation.potentialOf("n")[0];
    };
    expect(first({ synapse: "previous" })).toBe(0);
    expect(first({ synapse: "updated" })).toBe(0.25);
  });

  it("small Euler steps come near exact ones", () => {
    const times = fc.double({ min: 0.5, max: 5, noNaN: true });
    const quiet = (node: NirNode): NirGraph => {
      const silent = { ...(node as object), vThreshold: tensor([1e9]) } as NirNode;
      return chain([1], [1], silent);
    };
    fc.assert(
      fc.property(
        times,
        times,
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (a, b, xs) => {
          for (const graph of [quiet(cubaLif("n", a, b, 1.5, 0.7)), quiet(lif("n", a, 1, 1.5))]) {
            const exact = open(graph, { dt: 1, integration: "exact" });
            const fine = open(graph, { dt: 1e-4 });
            for (const x of xs) {
              exact.step([x]);
              for (let k = 0; k < 10_000; k++) fine.step([x]);
            }
            expect(exact.potentialOf("n")[0]).toBeCloseTo(fine.potentialOf("n")[0]!, 3);
          }
        },
      ),
      { seed: 3, numRuns: 12 },
    );
  });
});

describe("nodes without state", () => {
  const pair = (node: NirNode, input: readonly number[], output: readonly number[]) => chain(input, output, node);

  it("edges add up and duplicates count", () => {
    const graph: NirGraph = {
      type: "NIRGraph",
      name: "",
      metadata,
      nodes: [end("Input", [1]), affine("a", [[2]]), affine("b", [[3]], [1]), end("Output", [1])],
      edges: [
        ["input", "a"],
        ["input", "b"],
        ["a", "output"],
        ["b", "output"],
        ["b", "output"],
      ],
    };
    expect(run(graph, [[10]])).toEqual([[20 + 31 + 31]]);
  });

  it("convolution, strided and dilated and grouped, by its definition", () => {
    fc.assert(
      fc.property(
        fc.record({
          groups: fc.integer({ min: 1, max: 2 }),
          stride: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 })),
          padding: fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 1 })),
          dilation: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
          seed: fc.nat(),
        }),
        ({ groups, stride, padding, dilation, seed }) => {
          const [inputs, outputs, height, width, kh, kw] = [2, 4, 6, 7, 3, 2];
          let state = seed;
          const next = () => {
            state = (Math.imul(state, 1103515245) + 12345) >>> 0;
            return (state % 7) - 3;
          };
          const list = (length: number) => Array.from({ length }, next);
          const weight = list(outputs * (inputs / groups) * kh * kw);
          const bias = list(outputs);
          const x = list(inputs * height * width);
          const extent = (size: number, k: number, axis: 0 | 1) =>
            Math.floor((size + 2 * padding[axis] - (k - 1) * dilation[axis] - 1) / stride[axis]) + 1;
          const [oh, ow] = [extent(height, kh, 0), extent(width, kw, 1)];
          const wanted: number[] = [];
          for (let o = 0; o < outputs; o++) {
            for (let y = 0; y < oh; y++) {
              for (let z = 0; z < ow; z++) {
                let sum = bias[o]!;
                for (let i = 0; i < inputs / groups; i++) {
                  const c = Math.floor(o / (outputs / groups)) * (inputs / groups) + i;
                  for (let p = 0; p < kh; p++) {
                    for (let q = 0; q < kw; q++) {
                      const row = y * stride[0] + p * dilation[0] - padding[0];
                      const column = z * stride[1] + q * dilation[1] - padding[1];
                      if (row < 0 || row >= height || column < 0 || column >= width) continue;
                      sum +=
                        weight[((o * (inputs / groups) + i) * kh + p) * kw + q]! *
                        x[(c * height + row) * width + column]!;
                    }
                  }
                }
                wanted.push(sum);
              }
            }
          }
          const node: NirNode = {
            type: "Conv2d",
            name: "c",
            metadata,
            weight: tensor(weight, [outputs, inputs / groups, kh, kw]),
            bias: tensor(bias),
            stride,
            padding,
            dilation,
            groups,
          };
          expect(run(pair(node, [inputs, height, width], [outputs, oh, ow]), [x])).toEqual([wanted]);
        },
      ),
      { seed: 5, numRuns: 60 },
    );
  });

  it("a one-dimensional convolution with padding same keeps the length", () => {
    const node: NirNode = {
      type: "Conv1d",
      name: "c",
      metadata,
      weight: tensor([1, 10, 100, 1000], [1, 1, 4]),
      bias: tensor([0]),
      stride: [1],
      padding: "same",
      dilation: [1],
      groups: 1,
    };
    // one cell before and two after, as in PyTorch
    expect(run(pair(node, [1, 3], [1, 3]), [[1, 2, 3]])).toEqual([[3210, 321, 32]]);
  });

  it("pools, scale, threshold, flatten and a stack of matrices", () => {
    const pool = (type: "SumPool2d" | "AvgPool2d"): NirNode => ({
      type,
      name: "p",
      metadata,
      kernelSize: [2, 2],
      stride: [2, 2],
      padding: [0, 0],
    });
    const image = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(run(pair(pool("SumPool2d"), [1, 2, 4], [1, 1, 2]), [image])).toEqual([[14, 22]]);
    expect(run(pair(pool("AvgPool2d"), [1, 2, 4], [1, 1, 2]), [image])).toEqual([[3.5, 5.5]]);
    const scale: NirNode = { type: "Scale", name: "s", scale: tensor([2, 3]), metadata };
    expect(run(pair(scale, [2], [2]), [[5, 7]])).toEqual([[10, 21]]);
    const threshold: NirNode = { type: "Threshold", name: "t", threshold: tensor([1]), metadata };
    expect(run(pair(threshold, [3], [3]), [[0, 1, 2]])).toEqual([[0, 0, 1]]);
    const flatten: NirNode = { type: "Flatten", name: "f", startDim: 0, endDim: -1, metadata };
    expect(run(pair(flatten, [2, 2], [4]), [[1, 2, 3, 4]])).toEqual([[1, 2, 3, 4]]);
    const stack: NirNode = { type: "Linear", name: "l", weight: tensor([1, 2, 3, 4], [2, 1, 2]), metadata };
    expect(run(pair(stack, [2, 2], [2, 1]), [[1, 1, 1, 1]])).toEqual([[3, 7]]);
  });

  it("delays each element by its own time", () => {
    const delay: NirNode = { type: "Delay", name: "d", delay: tensor([0, 0.2]), metadata };
    const result = run(
      pair(delay, [2], [2]),
      [
        [1, 1],
        [2, 2],
        [3, 3],
        [4, 4],
      ],
      { dt: 0.1 },
    );
    expect(result).toEqual([
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 2],
    ]);
  });

  it("shapes that do not fit, inputs of another size and unknown names are refused", () => {
    const graph = chain([3], [1], affine("a", [[1, 2]]));
    expect(codeOf(() => open(graph, { dt: 1 }))).toBe("nir-shape");
    const fine = open(chain([2], [1], affine("a", [[1, 2]])), { dt: 1 });
    expect(codeOf(() => fine.step([1]))).toBe("nir-input");
    expect(codeOf(() => fine.step({ other: [1, 2] }))).toBe("nir-input");
    expect(codeOf(() => fine.potentialOf("a"))).toBe("nir-node-unknown");
    const delay: NirNode = { type: "Delay", name: "d", delay: tensor([1]), metadata };
    expect(codeOf(() => open(pair(delay, [1], [1]), { dt: 1e-9 }))).toBe("nir-delay");
  });
});

describe("the step", () => {
  const cases: readonly (readonly [string, NirNode, number])[] = [
    ["snnTorch: r = tau / dt", lif("n", 1e-3, 1, 10), 1e-4],
    ["Rockpool: r = tau exp(-dt / tau) / dt", lif("n", 0.0025, 0.1, 24.019737), 1e-4],
    ["CubaLIF: r and w_in agree", cubaLif("n", 2e-4, 2.2222e-4, 2.2222, 2), 1e-4],
    ["SpikingJelly: r = 1 / dt", integrateAndFire("n", 1e4, 1), 1e-4],
    ["sinabs: r = 1", integrateAndFire("n", 1, 1), 1],
    ["time constants in steps", lif("n", 20, 1), 1],
  ];
  it.each(cases)("%s", (_, node, dt) => {
    const found = inferDynamics(chain([1], [1], node));
    expect(found.dt).toBe(dt);
    expect(found.dtReason).toContain('node "n"');
  });

  it("comes from the option first, then from the metadata", () => {
    const graph = {
      ...chain([1], [1], lif("n", 1e-3, 1, 10)),
      metadata: { dt: tensor([5e-4], []), reset: "subtract" },
    };
    expect(inferDynamics(graph)).toMatchObject({ dt: 5e-4, dtReason: "metadata", reset: "subtract" });
    expect(inferDynamics(graph, { dt: 1e-3, reset: "zero" })).toMatchObject({
      dt: 1e-3,
      dtReason: "given",
      reset: "zero",
    });
  });

  it("is refused where nodes disagree, nothing tells it, or it is no duration", () => {
    const two = chain([1], [1], lif("n", 1e-3, 1, 10), lif("m", 1e-3, 1, 20));
    expect(codeOf(() => inferDynamics(two))).toBe("nir-dt-unclear");
    expect(codeOf(() => inferDynamics(chain([1], [1], lif("n", 1e-3, 1))))).toBe("nir-dt-unknown");
    expect(codeOf(() => inferDynamics(two, { dt: -1 }))).toBe("nir-dt-invalid");
    expect(codeOf(() => inferDynamics(chain([1], [1], cubaLif("n", 2, 2, 1, 1)), { dt: 1, dialect: "sinabs" }))).toBe(
      "nir-dialect",
    );
  });
});
