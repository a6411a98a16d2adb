import { describe, expect, it } from "vitest";
import type { AnnGraph } from "../../src/ann/graph.js";
import { evaluateQuantGraph } from "../../src/quantize/evaluate.js";
import type { NeuronLayer } from "../../src/quantize/graph.js";
import { quantizeInput } from "../../src/quantize/input.js";
import { printQuantGraph } from "../../src/quantize/print.js";
import { type QuantizeOptions, type QuantizeResult, quantize } from "../../src/quantize/quantize.js";
import { verifyQuantGraph } from "../../src/quantize/verify.js";
import { openReference } from "../../src/sim/reference.js";
import { convertToSpiking } from "../../src/snn/convert.js";
import type { Schedule } from "../../src/snn/graph.js";
import { planSchedule } from "../../src/snn/schedule.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";
import { seededRandom } from "../../src/support/random.js";
import { elements } from "../../src/support/tensor.js";
import { Model } from "./fold/model.js";

const same = [
  [1, 1],
  [1, 1],
] as const;

/** A residual network with normalisation, both pools, a concatenation and a depthwise layer. */
function residualModel(): AnnGraph {
  const m = new Model([8, 8, 2], 3);
  const a = m.relu(m.batchNorm(m.conv("x", [3, 3, 2, 6], { padding: same }), 6));
  const b = m.batchNorm(m.conv(a, [3, 3, 6, 6], { padding: same }), 6);
  const c = m.pool(m.relu(m.add("elementwise", [b, a], { kind: "add" })), "max", [2, 2]);
  const d = m.relu(m.conv(c, [3, 3, 1, 6], { padding: same, groups: 6 }), 2);
  const joined = m.pool(m.add("concat", [c, d], { axis: 2 }), "average", [2, 2]);
  return m.graph(m.dense(m.reshape(joined, [48]), 48, 5));
}

function mlpModel(): AnnGraph {
  const m = new Model([30], 4);
  return m.graph(m.dense(m.relu(m.dense(m.relu(m.dense("x", 30, 24)), 24, 16)), 16, 4));
}

function samplesOf(graph: AnnGraph, count: number, low = 0, high = 1): Float32Array {
  const random = seededRandom(11);
  return new Float32Array(count * elements(graph.inputs[0]!.shape)).map(() => low + (high - low) * random());
}

/** Codes of what a call throws; anything but a `SpikewrightError` fails. */
async function codesOf(call: () => Promise<unknown>): Promise<readonly string[]> {
  const error = await call().then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof SpikewrightError)) throw error ?? new Error("nothing was thrown");
  return error.diagnostics.map((d) => d.code);
}

const round = (
  graph: AnnGraph,
  options: QuantizeOptions,
  data = samplesOf(graph, 60),
  count = 60,
): Promise<QuantizeResult> => quantize(graph, { data, count }, options);

describe("quantize", () => {
  it("comes nearer to the source model with every bit, and keeps every schedule equal", async () => {
    for (const graph of [residualModel(), mlpModel()]) {
      const data = samplesOf(graph, 60);
      const errors: number[] = [];
      for (const bits of [2, 3, 4, 6, 8]) {
        const { quant, layers } = await round(graph, { weightBits: bits, activationBits: bits });
        expect(verifyQuantGraph(quant)).toEqual([]);
        errors.push(layers.at(-1)!.meanError);
        const snn = convertToSpiking(quant);
        const golden = evaluateQuantGraph(quant);
        const levels = quantizeInput(data, quant.input);
        const size = levels.length / 60;
        for (const schedule of ["graded", "radix", "unary", "pipelined"] as readonly Schedule[]) {
          const simulator = openReference(snn, planSchedule(snn, schedule), { checkMembranes: true });
          for (let sample = 0; sample < 5; sample++) {
            const one = levels.subarray(sample * size, (sample + 1) * size);
            const { values } = golden.run(one).at(-1)!;
            simulator.run(one);
            expect(simulator.populations.get(snn.readout.population)!.membranes).toEqual(values);
          }
        }
      }
      for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThan(errors[i - 1]!);
      expect(errors[4]).toBeLessThan(errors[0]! / 8);
    }
  });

  it("loses least when weights are rounded on what their layer sees", async () => {
    const graph = mlpModel();
    const error = async (compensate: boolean) =>
      (await round(graph, { weightBits: 3, activationBits: 8, compensate })).layers.at(-1)!.meanError;
    expect(await error(true)).toBeLessThan(0.8 * (await error(false)));
  });

  it("gives the same network every time", async () => {
    const options = { weightBits: 4, activationBits: 4, seed: 7 };
    const first = await round(residualModel(), options);
    const second = await round(residualModel(), options);
    expect(printQuantGraph(first.quant)).toBe(printQuantGraph(second.quant));
  });

  it("keeps to the widths asked for, layer by layer", async () => {
    const { quant, layers } = await round(mlpModel(), {
      weightBits: 4,
      activationBits: 3,
      inputBits: 5,
      perLayer: { dense_2: { weightBits: 2, activationBits: 6 } },
    });
    expect(quant.input.bits).toBe(5);
    expect(layers.map((l) => [l.name, l.weightBits, l.activationBits])).toEqual([
      ["dense_0", 4, 3],
      ["dense_2", 2, 6],
      ["dense_4", 4, 0],
    ]);
    const weights = (quant.layers[1] as NeuronLayer).terms[0]!.weights;
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...weights)).toBeLessThanOrEqual(1);
  });

  it("takes inputs below 0, with and without padding behind them", async () => {
    const padded = new Model([6, 6, 2], 5);
    const a = padded.relu(
      padded.conv("x", [3, 3, 2, 5], {
        padding: [
          [1, 1],
          [2, 0],
        ],
      }),
    );
    const plain = new Model([12], 6);
    const models = [
      padded.graph(padded.dense(padded.reshape(a, [180]), 180, 3)),
      plain.graph(plain.dense(plain.relu(plain.dense("x", 12, 9)), 9, 3)),
    ];
    for (const graph of models) {
      const data = samplesOf(graph, 60, -1, 2);
      const { quant, layers } = await round(graph, { weightBits: 8, activationBits: 8 }, data);
      expect(quant.input.zero).toBeGreaterThan(0);
      expect(layers.at(-1)!.maxError).toBeLessThan(0.08);
    }
    const { quant } = await round(models[0]!, {}, samplesOf(models[0]!, 60, -1, 2));
    expect(quant.input.margin).toEqual([1, 2, 1, 0]);
    expect(quant.input.shape).toEqual([8, 8, 2]);
  });

  it("gives every source layer one ledger line, with the precision of layers", async () => {
    const graph = residualModel();
    const { ledger, layers } = await round(graph, { weightBits: 4, activationBits: 4 });
    expect(ledger.map((line) => line.layer).sort()).toEqual(graph.nodes.map((node) => node.name).sort());
    for (const { name } of layers) expect(ledger.find((line) => line.layer === name)!.note).toMatch(/4-bit|8-bit/);
  });

  it("keeps a layer that always gives 0 or the same harmless", async () => {
    const m = new Model([6], 2);
    const first = m.dense("x", 6, 4);
    const { kernel, bias } = m.nodes[0] as Extract<(typeof m.nodes)[number], { op: "dense" }>;
    kernel.data.fill(0);
    bias!.data.set([0, -1, 2, 5]);
    const graph = m.graph(m.dense(m.relu(first), 4, 3));
    const { quant, layers } = await round(graph, { weightBits: 4, activationBits: 4 });
    expect(verifyQuantGraph(quant)).toEqual([]);
    expect(layers[0]!.maxError).toBeLessThan(0.2);
  });

  it("works with one sample", async () => {
    const graph = mlpModel();
    const { quant } = await round(graph, { weightBits: 2, activationBits: 1 }, samplesOf(graph, 1), 1);
    expect(verifyQuantGraph(quant)).toEqual([]);
  });

  it("refuses what it cannot use", async () => {
    const graph = mlpModel();
    const data = samplesOf(graph, 60);
    const spoilt = data.slice();
    spoilt[70] = Number.NaN;
    expect(await codesOf(() => round(graph, {}, spoilt))).toEqual(["non-finite-input"]);
    expect(await codesOf(() => round(graph, {}, data.subarray(1)))).toEqual(["wrong-input-size"]);
    expect(await codesOf(() => round(graph, {}, new Float32Array(0), 0))).toEqual(["wrong-input-size"]);
    const huge = new Model([30], 4);
    const overflowing = huge.act(
      huge.dense(huge.act(huge.dense("x", 30, 4), { kind: "affine", scale: 1e30, offset: 0 }), 4, 4),
      {
        kind: "affine",
        scale: 1e30,
        offset: 0,
      },
    );
    expect(await codesOf(() => round(huge.graph(overflowing), {}, data))).toEqual(["non-finite-activation"]);
    const wrong = {
      weightBits: 1,
      activationBits: 9,
      inputBits: 0,
      inputScale: Number.NaN,
      perLayer: { nobody: {}, dense_0: { weightBits: 99 } },
      method: { kind: "percentile", percent: 0 },
    } as const;
    expect(await codesOf(() => round(graph, wrong))).toEqual([
      "invalid-option",
      "invalid-option",
      "invalid-option",
      "invalid-option",
      "invalid-option",
      "unknown-layer",
      "invalid-option",
    ]);
    const m = new Model([6]);
    expect(
      await codesOf(() => round(m.graph(m.act(m.dense("x", 6, 4), { kind: "abs" })), {}, new Float32Array(360))),
    ).toEqual(["unsupported-layer"]);
  });
});
