import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadLabels, loadSamples } from "../../src/frontend/data/load.js";
import { loadModel } from "../../src/frontend/load.js";
import { evaluateQuantGraph, type LayerResult } from "../../src/quantize/evaluate.js";
import type { QuantGraph } from "../../src/quantize/graph.js";
import { quantizeInput } from "../../src/quantize/input.js";
import { quantize } from "../../src/quantize/quantize.js";
import { openReference, type ReferenceSimulator } from "../../src/sim/reference.js";
import { convertToSpiking } from "../../src/snn/convert.js";
import type { Schedule } from "../../src/snn/graph.js";
import { planSchedule } from "../../src/snn/schedule.js";

const material = "../shared/material";
const present = existsSync(`${material}/mnist`) && existsSync(`${material}/keras/snn_toolbox`);
if (!present) console.log(`skipped: ${material} with mnist and keras/snn_toolbox is not there`);

const models = {
  mlp: { file: "mlp_98.15.h5", topology: "mlp_98.15.json" },
  lenet: { file: "lenet5_98.96.h5" },
  cnn: { file: "cnn_99.20.h5", topology: "cnn_99.20.json" },
};

const keras = (name: string): string => `${material}/keras/snn_toolbox/${name}`;
const images = async (set: "train" | "t10k", limit: number): Promise<Float32Array> => {
  const samples = await loadSamples(`${material}/mnist/${set}-images-idx3-ubyte.gz`, { limit });
  return Float32Array.from(samples.data);
};

/** The network calibrated on the first 2,000 training images. */
async function network(model: keyof typeof models, bits: number): Promise<QuantGraph> {
  const { file, topology } = { topology: undefined, ...models[model] };
  const graph = await loadModel(keras(file), {
    flipKernels: model === "mlp" ? "no" : "yes",
    ...(topology === undefined ? {} : { topology: keras(topology) }),
  });
  const data = await images("train", 2000);
  const { quant } = await quantize(
    graph,
    { data, count: 2000 },
    { weightBits: bits, activationBits: bits, inputScale: 1 / 255 },
  );
  return quant;
}

/** All test images as levels, one view a sample. */
async function testLevels(graph: QuantGraph): Promise<readonly Uint8Array[]> {
  const levels = quantizeInput(await images("t10k", 10_000), graph.input);
  const size = levels.length / 10_000;
  return Array.from({ length: 10_000 }, (_, i) => levels.subarray(i * size, (i + 1) * size));
}

async function accuracy(graph: QuantGraph): Promise<number> {
  const labels = await loadLabels(`${material}/mnist/t10k-labels-idx1-ubyte.gz`);
  const evaluator = evaluateQuantGraph(graph);
  let right = 0;
  (await testLevels(graph)).forEach((levels, i) => {
    evaluator.run(levels);
    if (evaluator.decide() === labels[i]) right++;
  });
  return (100 * right) / 10_000;
}

/** Neurons whose tracer or membrane differs from the golden integers. */
function differences(graph: QuantGraph, golden: readonly LayerResult[], simulator: ReferenceSimulator): number {
  let wrong = 0;
  graph.layers.forEach((layer, k) => {
    const { values, charges } = golden[k]!;
    const { tracers, membranes } = simulator.populations.get(layer.name)!;
    if (layer.kind === "pool") for (let n = 0; n < values.length; n++) wrong += tracers[n] === values[n] ? 0 : 1;
    else if (layer.activation.kind === "none") {
      for (let n = 0; n < values.length; n++) wrong += membranes[n] === values[n] ? 0 : 1;
    } else {
      const { theta } = layer.activation;
      for (let n = 0; n < values.length; n++) {
        const rest = charges[n]! - theta[n % theta.length]! * values[n]!;
        wrong += tracers[n] === values[n] && membranes[n] === rest ? 0 : 1;
      }
    }
  });
  return wrong;
}

describe.runIf(present)("all 10,000 MNIST test images", () => {
  it.each<[keyof typeof models, number, number]>([
    ["mlp", 8, 98.1],
    ["lenet", 8, 98.9],
    ["cnn", 8, 99.1],
  ])("%s with %i bits reaches %d percent", async (model, bits, wanted) => {
    expect(await accuracy(await network(model, bits))).toBeGreaterThanOrEqual(wanted);
  });

  it.each<[keyof typeof models, number, number]>([
    ["mlp", 97.9, 1],
    ["lenet", 98.9, 5],
  ])(
    "%s with 4 bits reaches %d percent, and every schedule gives its integers on every neuron of each %d. image",
    async (model, wanted, stride) => {
      const graph = await network(model, 4);
      expect(await accuracy(graph)).toBeGreaterThanOrEqual(wanted);
      const snn = convertToSpiking(graph);
      const golden = evaluateQuantGraph(graph);
      const simulators = (["graded", "radix", "unary", "pipelined"] as readonly Schedule[]).map((schedule) =>
        openReference(snn, planSchedule(snn, schedule)),
      );
      let wrong = 0;
      for (const [i, levels] of (await testLevels(graph)).entries()) {
        if (i % stride !== 0) continue;
        const expected = golden.run(levels);
        for (const simulator of simulators) {
          simulator.run(levels);
          wrong += differences(graph, expected, simulator);
        }
      }
      expect(wrong).toBe(0);
    },
  );
});
