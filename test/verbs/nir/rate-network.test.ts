import { describe, expect, it } from "vitest";
import { inferDynamics } from "../../../src/frontend/nir/dynamics.js";
import { readNir } from "../../../src/frontend/nir/read.js";
import { openNirSimulation } from "../../../src/frontend/nir/simulate/simulate.js";
import { writeNir } from "../../../src/frontend/nir/write.js";
import { evaluateQuantGraph } from "../../../src/quantize/evaluate.js";
import type { NeuronLayer, QuantGraph, Shape3 } from "../../../src/quantize/graph.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { seededRandom } from "../../../src/support/random.js";
import { rateNetwork } from "../../../src/verbs/nir/rate-network.js";
import { referenceRefusal } from "../../frontend/nir/reference-reader.js";
import { randomNetwork } from "../../random/quant-network.js";

const options = { dt: 1, firesAtEquality: false, metadata: { dt: "1", reset: "subtract" } };
const steps = 600;

/** Channels last to channels first. */
function planes(values: ArrayLike<number>, [height, width, channels]: Shape3): Float64Array {
  const pixels = height * width;
  return Float64Array.from(
    { length: values.length },
    (_, i) => values[(i % pixels) * channels + Math.floor(i / pixels)]!,
  );
}

function codesOf(work: () => unknown): readonly string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (!(error instanceof SpikewrightError)) throw error;
    return error.diagnostics.map(({ code }) => code);
  }
}

/** Layers before any other has rounded: those that read the input, directly or through pools. */
function firstLayers({ input, layers }: QuantGraph): readonly NeuronLayer[] {
  const plain = new Set([input.name]);
  for (const layer of layers) if (layer.kind === "pool" && plain.has(layer.from)) plain.add(layer.name);
  return layers.filter(
    (layer): layer is NeuronLayer => layer.kind === "neurons" && layer.terms.every((term) => plain.has(term.from)),
  );
}

describe("networks as rates in NIR", () => {
  it("neurons fire at the rate of their level, whatever reads the input", () => {
    let compared = 0;
    let convolutions = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const quant = randomNetwork(seed, {
        depth: 2,
        activationBits: 4,
        weightBits: 4,
        signed: false,
        spatial: seed % 3 > 0,
      });
      if (codesOf(() => rateNetwork(quant, options)).length > 0) continue;
      const graph = rateNetwork(quant, options);
      const simulation = openNirSimulation(graph, inferDynamics(graph));
      const random = seededRandom(seed);
      const { shape, bits } = quant.input;
      const top = 2 ** bits - 1;
      const levels = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, () =>
        Math.floor(random() * (top + 1)),
      );
      const results = evaluateQuantGraph(quant).run(levels);
      const input = planes(levels, shape).map((level) => level / top);
      const first = firstLayers(quant).filter(({ activation }) => activation.kind === "quantize");
      const spikes = first.map((layer) => new Float64Array(layer.shape[0] * layer.shape[1] * layer.shape[2]));
      for (let t = 0; t < steps; t++) {
        simulation.step(input);
        for (const [k, layer] of first.entries()) {
          simulation.valueOf(layer.name).forEach((spike, n) => {
            spikes[k]![n]! += spike;
          });
        }
      }
      for (const [k, layer] of first.entries()) {
        const { activation } = layer;
        if (activation.kind !== "quantize") continue;
        const at = quant.layers.indexOf(layer);
        const wanted = Float64Array.from(results[at]!.charges, (charge, n) => {
          const theta = activation.theta[n % layer.shape[2]]!;
          return Math.min(1, Math.max(0, (charge - Math.floor(theta / 2)) / (theta * activation.max)));
        });
        planes(wanted, layer.shape).forEach((rate, n) => {
          expect(Math.abs(spikes[k]![n]! / steps - rate)).toBeLessThan(0.01);
        });
        compared += wanted.length;
        if (layer.terms.some(({ kernel }) => kernel[0] < shape[0])) convolutions++;
      }
    }
    expect(compared).toBeGreaterThan(500);
    expect(convolutions).toBeGreaterThan(5);
  });

  it("files are taken by the reference reader, unless a kernel cannot be made square", async () => {
    let convolutions = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const spatial = seed % 3 > 0;
      const quant = randomNetwork(seed, { depth: 3, activationBits: 4, weightBits: 4, signed: false, spatial });
      if (codesOf(() => rateNetwork(quant, options)).length > 0) continue;
      const graph = rateNetwork(quant, options);
      const kernels = graph.nodes.flatMap((node) => (node.type === "Conv2d" ? [node.weight.shape] : []));
      convolutions += kernels.length;
      const refusal = await referenceRefusal(await writeNir({ version: "", graph }));
      if (kernels.every(([, , height, width]) => height === width)) expect(refusal).toBeUndefined();
      else expect(refusal).toContain("type mismatch");
    }
    expect(convolutions).toBeGreaterThan(20);
  });

  it("files are the same after writing and reading", async () => {
    const quant = randomNetwork(3, { depth: 2, activationBits: 4, weightBits: 4, signed: false, spatial: false });
    const graph = rateNetwork(quant, options);
    const again = await readNir(await writeNir({ version: "", graph }));
    expect({ ...again.graph, nodes: again.graph.nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }).toEqual({
      ...graph,
      nodes: graph.nodes.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    });
    const affine = again.graph.nodes.find(({ type }) => type === "Affine");
    expect(affine!.metadata["weight_bits"]).toBe("4");
  });

  it("what NIR has no node for is refused with every layer's name", () => {
    const dense = randomNetwork(3, { depth: 1, activationBits: 4, weightBits: 4, signed: false, spatial: false });
    const pool = (name: string, from: string, shape: Shape3, stride: number) =>
      ({
        kind: "pool",
        name,
        from,
        shape,
        op: "max",
        window: [2, 2],
        stride: [stride, stride],
        padding: [0, 0],
        range: [0, 15],
      }) as const;
    const quant: QuantGraph = {
      ...dense,
      input: { ...dense.input, shape: [8, 8, 1] },
      layers: [pool("one", dense.input.name, [4, 4, 1], 2), pool("two", "one", [2, 2, 1], 2), dense.layers.at(-1)!],
    };
    let message = "";
    try {
      rateNetwork(
        {
          ...quant,
          layers: quant.layers.map((l) =>
            l.kind === "neurons" ? { ...l, terms: l.terms.map((t) => ({ ...t, from: "two" })) } : l,
          ),
        },
        options,
      );
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('"one"');
    expect(message).toContain('"two"');
  });
});
