import { describe, expect, it } from "vitest";
import { openEvaluator } from "../../../src/ann/evaluate/evaluator.js";
import type { AnnGraph } from "../../../src/ann/graph.js";
import { findBlockers, normalise } from "../../../src/quantize/fold/normalise.js";
import { seededRandom } from "../../../src/support/random.js";
import { elements } from "../../../src/support/tensor.js";
import { evaluateFolded } from "./folded-evaluation.js";
import { Model } from "./model.js";

/** Largest difference between the source model and its folded form, over all watched charges and the result. */
async function largestDifference(graph: AnnGraph): Promise<number> {
  const { folded, blockers } = normalise(graph);
  expect(blockers).toEqual([]);
  const random = seededRandom(5);
  const samples = 3;
  const shape = graph.inputs[0]!.shape;
  const perSample = elements(shape);
  const data = new Float32Array(samples * perSample).map(() => random() * 2 - 0.5);
  const evaluator = await openEvaluator(graph, { backend: "cpu" });
  const watch = folded!.layers.flatMap((layer) => (layer.kind === "neurons" ? [layer.watch.value] : []));
  const values = await evaluator.run(data, samples, watch);
  evaluator.dispose();
  let worst = 0;
  for (let s = 0; s < samples; s++) {
    const raw = data.subarray(s * perSample, (s + 1) * perSample);
    const [height, width, channels] = folded!.input.shape;
    const pixels = height * width;
    const input = Float64Array.from(raw, (_, i) =>
      folded!.input.layout === "channels-last" ? raw[i]! : raw[(i % channels) * pixels + Math.floor(i / channels)]!,
    );
    const found = evaluateFolded(folded!, input);
    for (const layer of folded!.layers) {
      if (layer.kind !== "neurons") continue;
      const { neuronOf, value, scale, offset } = layer.watch;
      const watched = values.get(value)!.data;
      const { staircase } = layer;
      const clip = (z: number) => (staircase.kind === "none" ? z : Math.min(staircase.max, Math.max(staircase.min, z)));
      for (let i = 0; i < neuronOf.length; i++) {
        const n = neuronOf[i]!;
        if (n < 0) continue;
        const c = n % layer.shape[2];
        const z = watched[s * neuronOf.length + i]! * (scale?.[c] ?? 1) + (offset?.[c] ?? 0);
        worst = Math.max(worst, Math.abs(clip(z) - found.get(layer.name)!.data[n]!));
      }
    }
  }
  return worst;
}

/** Networks that must fold exactly, with the number of layers they become. */
const exact: Record<string, () => { graph: AnnGraph; layers: number }> = {
  "dense layers with dropout and softmax": () => {
    const m = new Model([12]);
    const hidden = m.relu(m.dense(m.add("identity", ["x"], {}), 12, 9));
    return { graph: m.graph(m.add("softmax", [m.dense(hidden, 9, 4)], { axis: 0, log: false })), layers: 2 };
  },
  "batch normalisation, strides, padding, pools, depthwise": () => {
    const m = new Model([9, 9, 2]);
    const a = m.relu(
      m.batchNorm(
        m.conv("x", [3, 3, 2, 6], {
          strides: [2, 2],
          padding: [
            [1, 1],
            [0, 1],
          ],
        }),
        6,
      ),
    );
    const b = m.relu(m.batchNorm(m.conv(m.pool(a, "max", [2, 2]), [2, 2, 1, 6], { groups: 6 }), 6), 1);
    const c = m.add("global-pool", [b], { kind: "average", keepDims: false });
    return { graph: m.graph(m.dense(c, 6, 3)), layers: 5 };
  },
  "a maximum pool before its activation, and normalisation behind the pool": () => {
    const m = new Model([6, 6, 1]);
    const pooled = m.pool(m.conv("x", [3, 3, 1, 4]), "max", [2, 2]);
    const positive = m.add("elementwise", [pooled], { kind: "multiply", constant: m.tensor([4], 0.5, 2) });
    const a = m.relu(m.add("elementwise", [positive], { kind: "add", constant: m.tensor([4]) }));
    return { graph: m.graph(m.dense(m.reshape(a, [16]), 16, 3)), layers: 3 };
  },
  "a residual block with projection": () => {
    const m = new Model([6, 6, 3]);
    const a = m.relu(
      m.batchNorm(
        m.conv("x", [3, 3, 3, 4], {
          padding: [
            [1, 1],
            [1, 1],
          ],
        }),
        4,
      ),
    );
    const b = m.relu(
      m.conv(a, [3, 3, 4, 5], {
        padding: [
          [1, 1],
          [1, 1],
        ],
      }),
    );
    const c = m.batchNorm(
      m.conv(b, [3, 3, 5, 4], {
        padding: [
          [1, 1],
          [1, 1],
        ],
      }),
      4,
    );
    const identity = m.relu(m.add("elementwise", [c, a], { kind: "add" }));
    const d = m.batchNorm(
      m.conv(identity, [3, 3, 4, 6], {
        strides: [2, 2],
        padding: [
          [1, 1],
          [1, 1],
        ],
      }),
      6,
    );
    const shortcut = m.batchNorm(m.conv(identity, [1, 1, 4, 6], { strides: [2, 2] }), 6);
    const sum = m.relu(m.add("elementwise", [shortcut, d], { kind: "add" }));
    const mean = m.add("reduce", [sum], { kind: "mean", axes: [0, 1], keepDims: false });
    return { graph: m.graph(m.dense(mean, 6, 3)), layers: 6 };
  },
  "a concatenation behind which normalisation and activation follow": () => {
    const m = new Model([5, 5, 2]);
    const branches = [
      m.conv("x", [3, 3, 2, 3], {
        padding: [
          [1, 1],
          [1, 1],
        ],
      }),
      m.conv("x", [1, 1, 2, 2]),
    ];
    const joined = m.relu(m.batchNorm(m.add("concat", branches, { axis: 2 }), 5));
    const a = m.relu(m.conv(m.pool(joined, "average", [2, 2], undefined, [1, 1]), [2, 2, 5, 4]));
    return { graph: m.graph(m.dense(m.reshape(a, [36]), 36, 3)), layers: 6 };
  },
  "channels first, flattened channels first": () => {
    const m = new Model([3, 6, 5]);
    const a = m.relu(m.transpose(m.conv(m.transpose("x", [1, 2, 0]), [3, 3, 3, 4]), [2, 0, 1]));
    const back = m.transpose(a, [1, 2, 0]);
    const b = m.transpose(m.relu(m.conv(back, [2, 2, 4, 2])), [2, 0, 1]);
    return { graph: m.graph(m.dense(m.reshape(b, [12]), 12, 3)), layers: 3 };
  },
  "padding nodes, dilation and groups": () => {
    const m = new Model([7, 7, 2]);
    const padded = m.add("pad", ["x"], {
      padding: [
        [1, 0],
        [1, 2],
        [0, 0],
      ],
      value: 0,
      mode: "constant",
    });
    const a = m.relu(m.conv(padded, [3, 3, 2, 4], { dilations: [2, 1] }));
    const b = m.relu(
      m.conv(a, [2, 3, 2, 6], {
        groups: 2,
        padding: [
          [1, 1],
          [1, 1],
        ],
        strides: [1, 2],
      }),
    );
    return { graph: m.graph(m.dense(m.reshape(b, [elements([5, 4, 6])]), 120, 3)), layers: 3 };
  },
  "one spatial axis": () => {
    const m = new Model([20, 3]);
    const a = m.relu(m.conv("x", [5, 3, 4], { strides: [2], padding: [[2, 2]] }));
    const b = m.relu(m.dense(m.pool(a, "max", [2]), 4, 5));
    return { graph: m.graph(m.dense(m.reshape(b, [25]), 25, 3)), layers: 4 };
  },
  "normalisation of the input, with padding behind it": () => {
    const m = new Model([5, 5, 2]);
    const normal = m.batchNorm("x", 2);
    const a = m.relu(
      m.conv(normal, [3, 3, 2, 4], {
        padding: [
          [1, 1],
          [1, 1],
        ],
      }),
    );
    return { graph: m.graph(m.dense(m.reshape(a, [100]), 100, 3)), layers: 3 };
  },
  "normalisation of the input, without padding": () => {
    const m = new Model([5, 5, 2]);
    const a = m.relu(m.conv(m.batchNorm("x", 2), [3, 3, 2, 4]));
    return { graph: m.graph(m.dense(m.reshape(a, [36]), 36, 3)), layers: 2 };
  },
  "hard sigmoid, clip, negation, subtraction and average": () => {
    const m = new Model([10]);
    const a = m.act(m.dense("x", 10, 6), { kind: "hard-sigmoid", slope: 0.2, offset: 0.5 });
    const b = m.act(m.dense("x", 10, 6), { kind: "clip", min: -0.5, max: 0.75 });
    const difference = m.add("elementwise", [a, m.act(b, { kind: "neg" })], { kind: "subtract" });
    const mean = m.add("elementwise", [m.relu(difference), a], { kind: "average" });
    const half = m.add("elementwise", [mean], { kind: "divide", constant: m.tensor([], 2, 3) });
    return { graph: m.graph(m.dense(half, 6, 3)), layers: 5 };
  },
  "a split, gathered and repeated": () => {
    const m = new Model([4, 4, 6]);
    const a = m.relu(m.conv("x", [3, 3, 6, 6]));
    const half = m.add("split", [a], { axis: 2, sizes: [2, 4] }, 2);
    const left = m.relu(m.conv(half, [1, 1, 2, 3]));
    const right = m.relu(m.conv(half.replace(":0", ":1"), [2, 2, 4, 3]));
    const flat = m.add("concat", [m.reshape(left, [12]), m.reshape(right, [3])], { axis: 0 });
    const taken = m.add("gather", [flat], { axis: 0, indices: { shape: [4], data: Float32Array.of(14, 0, 3, -2) } });
    return { graph: m.graph(m.dense(taken, 4, 2)), layers: 4 };
  },
  "a result that is an activation": () => {
    const m = new Model([6]);
    return { graph: m.graph(m.relu(m.dense("x", 6, 4))), layers: 2 };
  },
  "a result in another order than its layer": () => {
    const m = new Model([4, 4, 1]);
    const a = m.relu(m.conv("x", [3, 3, 1, 3]));
    return { graph: m.graph(m.reshape(m.transpose(a, [2, 0, 1]), [12])), layers: 2 };
  },
  "layers without activation": () => {
    const m = new Model([6]);
    return { graph: m.graph(m.dense(m.dense("x", 6, 5), 5, 3)), layers: 2 };
  },
};

describe("folding", () => {
  for (const [name, make] of Object.entries(exact)) {
    it(`is exact: ${name}`, async () => {
      const { graph, layers } = make();
      expect(await largestDifference(graph)).toBeLessThan(2e-5);
      const { folded } = normalise(graph);
      expect(folded!.layers).toHaveLength(layers);
      expect(folded!.ledger.map((line) => line.layer).sort()).toEqual(graph.nodes.map((node) => node.name).sort());
    });
  }

  it("names what is approximated", () => {
    const m = new Model([6]);
    const { folded } = normalise(m.graph(m.dense(m.dense("x", 6, 5), 5, 3)));
    expect(folded!.ledger.map((line) => line.outcome)).toEqual(["approximated", "converted"]);
  });

  it("keeps weights as they are when a normalisation only scales them", () => {
    const m = new Model([6]);
    const normal = m.batchNorm(m.dense("x", 6, 2), 2);
    const { folded } = normalise(m.graph(m.dense(m.relu(normal), 2, 2)));
    const [first] = folded!.layers;
    const { kernel } = m.nodes[0] as Extract<(typeof m.nodes)[number], { op: "dense" }>;
    if (first?.kind !== "neurons") throw new Error("no neurons");
    const ratios = [0, 2, 4, 6, 8, 10].map((i) => first.terms[0]!.weights[i]! / kernel.data[i]!);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 4);
  });

  it("leaves out what does not reach the output, with a line", () => {
    const m = new Model([6]);
    m.dense("x", 6, 5);
    const { folded } = normalise(m.graph(m.dense("x", 6, 3)));
    expect(folded!.layers).toHaveLength(1);
    expect(folded!.ledger[0]).toMatchObject({ outcome: "folded", note: "does not reach the output" });
  });
});

describe("blockers", () => {
  it("are all found at once, with place, reason and hint", () => {
    const m = new Model([8, 8, 2]);
    const a = m.act(m.conv("x", [3, 3, 2, 4]), { kind: "relu", negativeSlope: 0.1, threshold: 0 });
    const b = m.act(m.conv(a, [3, 3, 4, 4]), { kind: "tanh" });
    const c = m.add("layer-norm", [b], { axes: [2], epsilon: 0.001 });
    const d = m.add("pool", [c], {
      kind: "max",
      size: [2, 2],
      strides: [2, 2],
      padding: [
        [0, 0],
        [0, 0],
      ],
      includePadding: false,
      dilations: [2, 2],
    });
    const e = m.add("unsupported", [d], { reason: "a layer of its own", hint: "Remove it" });
    const blockers = findBlockers(m.graph(e));
    expect(blockers.map((b) => [b.code, b.place?.item])).toEqual([
      ["unsupported-layer", "activation_1"],
      ["unsupported-layer", "activation_3"],
      ["unsupported-layer", "layer-norm_4"],
      ["unsupported-layer", "pool_5"],
      ["unsupported-layer", "unsupported_6"],
    ]);
    for (const blocker of blockers) expect(blocker.hint).toMatch(/\w/);
  });

  it("say when pixels and channels are mixed", () => {
    const m = new Model([4, 4, 2]);
    const mixed = m.reshape(m.relu(m.conv("x", [1, 1, 2, 2])), [8, 4, 1]);
    expect(findBlockers(m.graph(m.conv(mixed, [3, 3, 1, 1]))).map((b) => b.code)).toEqual(["unsupported-layout"]);
  });

  it("name inputs and outputs that do not fit", () => {
    const m = new Model([4, 4, 2]);
    const graph = m.graph(m.conv("x", [1, 1, 2, 2]));
    const open = { ...graph, inputs: [{ name: "x", shape: [-1, 4, 2] }] };
    expect(findBlockers(open).map((b) => b.code)).toContain("unsupported-input");
    expect(findBlockers({ ...graph, outputs: ["x", graph.outputs[0]!] }).map((b) => b.code)).toEqual([
      "unsupported-output",
    ]);
  });

  it("include weights that are not finite", () => {
    const m = new Model([3]);
    const out = m.dense("x", 3, 2);
    const [node] = m.nodes;
    (node as Extract<typeof node, { op: "dense" }>)!.kernel.data[1] = Number.NaN;
    expect(findBlockers(m.graph(out)).map((b) => b.code)).toEqual(["weight-not-finite"]);
  });
});
