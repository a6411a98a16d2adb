import { describe, expect, it } from "vitest";
import {
  alif,
  convolution,
  cubaLif,
  dense,
  ifNeuron,
  latency,
  li,
  lif,
  network,
  oneToOne,
  openDynamics,
  printDynamicsGraph,
  probe,
  quantisePotential,
  quantiseWeights,
  rateRandom,
  rateRegular,
  recordRaster,
  sparse,
} from "../../../src/index.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";

const codesOf = (act: () => unknown): string[] => {
  try {
    act();
  } catch (error) {
    if (error instanceof SpikewrightError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
  return [];
};

/** Steps in which the only neuron of a population with one encoder value fires. */
function spikeSteps(model: ReturnType<typeof latency>, value: number, steps: number): number[] {
  const graph = network("coder", { steps }).encoder("e", 1, model).build();
  const simulator = openDynamics(graph);
  const raster = recordRaster(simulator);
  simulator.runSample(Uint8Array.of(value));
  return raster.map(({ step }) => step);
}

describe("builder", () => {
  it("puts a network together in a few lines", () => {
    const graph = network("pair", { steps: 20 })
      .input("in", 2)
      .population("hidden", [1, 2, 2], alif({ tau: 10, threshold: 64, adaptation: { increment: 10, decay: 3 } }))
      .population(
        "out",
        1,
        cubaLif({ beta: 0.9, current: { beta: 0.5 }, threshold: [100], reset: "zero", refractory: 2 }),
      )
      .connect("in", "hidden", dense([[40, 20, -5, 3], Int8Array.of(1, 2, 3, 4)]))
      .connect("hidden", "hidden", -8)
      .connect("hidden", "out", sparse([[3, 0, 100]]), { delay: 5, name: "late" })
      .winnerTakeAll("hidden", { inhibition: 12 })
      .connect("hidden", "hidden", oneToOne(3), { delay: 2, name: "shared" })
      .learn("shared", { pre: { kind: "none" }, post: { kind: "none" }, min: -128, max: 127 })
      .readout("out", "count");
    // plastic synapses have weights of their own
    expect(codesOf(() => graph.build())).toEqual(["wrong-shape"]);
    const sound = graph.learn("hidden->hidden@1", {
      pre: { kind: "rectangular", amount: 1 },
      post: { kind: "trace", shift: 2, stochastic: true, offset: 1 },
      min: -20,
      max: 0,
    });
    expect(codesOf(() => sound.build())).toEqual(["wrong-shape"]);
    const built = network("pair", { steps: 20 })
      .input("in", 2)
      .population("hidden", [1, 2, 2], alif({ tau: 10, threshold: 64, adaptation: { increment: 10, decay: 3 } }))
      .population(
        "out",
        1,
        cubaLif({ beta: 0.9, current: { beta: 0.5 }, threshold: 100, reset: "zero", refractory: 2 }),
      )
      .connect("in", "hidden", dense([[40, 20, -5, 3], Int8Array.of(1, 2, 3, 4)]))
      .connect("hidden", "hidden", -8)
      .connect("hidden", "out", sparse([[3, 0, 100]]), { delay: 5, name: "late" })
      .winnerTakeAll("hidden", { inhibition: 12 })
      .learn("hidden->hidden@1", {
        pre: { kind: "rectangular", amount: 1 },
        post: { kind: "trace", shift: 2, stochastic: true, offset: 1 },
        min: -20,
        max: 0,
      })
      .readout("out", "count")
      .build();
    expect(printDynamicsGraph(built)).toMatchInlineSnapshot(`
      "dynamics "pair" 20 steps, reset sample, seed 1
      events "in" [1, 1, 2] 0..1
      population "hidden" [1, 2, 2], winner-take-all -12 block 0, vThreshold 64, bias 0, vReset 0, leak 390, refractory 0, rounding away, reset subtract, gate hold, adaptation +10 decay 3 scale 0
      population "out" [1, 1, 1], vThreshold 100, bias 0, vReset 0, leak 410, refractory 2, rounding away, current loss 2048 away, reset value, gate hold, trace y +1 count
      projection "in->hidden" "in" to "hidden" delay 0, dense weights 8 x -5..40 #428a8b0e
      projection "hidden->hidden@1" "hidden" to "hidden" delay 1, dense weights 16 x -8..-8 #42e952c5, plastic -20..0, pre rectangular 1, post trace 2 offset 1 stochastic
      projection "late" "hidden" to "out" delay 5, sparse from 1 x 3..3 #9bc23426 to 1 x 0..0 #4b95f515 weights 1 x 100..100 #055d16b1
      readout "out" count
      "
    `);
  });

  it("reports all findings at once", () => {
    const codes = codesOf(() =>
      network("bad", { steps: 0 })
        .input("in", 2, { max: 300 })
        .population("a", 1, ifNeuron({ threshold: -1, refractory: 16 }))
        .population("a", 3, { ...li({ loss: 5000 }) })
        .connect("a", "nowhere", 1)
        .connect("in", "a", oneToOne(4))
        .connect("a", "a", 3, { delay: 0 })
        .readout("b")
        .build(),
    );
    expect(codes.sort()).toEqual(
      [
        "value-out-of-range",
        "value-out-of-range",
        "value-out-of-range",
        "value-out-of-range",
        "value-out-of-range",
        "duplicate-name",
        "unknown-name",
        "wrong-shape",
        "wrong-shape",
        "causality",
        "no-readout",
      ].sort(),
    );
  });

  it("refuses weights that are no integers of eight bits", () => {
    expect(
      codesOf(() =>
        network("w")
          .input("in", 1)
          .population("a", 1, ifNeuron({ threshold: 1 }))
          .connect("in", "a", 200),
      ),
    ).toEqual(["value-out-of-range"]);
    expect(codesOf(() => convolution([1, 1], [0.5]))).toEqual(["value-out-of-range"]);
  });

  it("encodes values as regular, random and latency spikes", () => {
    expect(spikeSteps(rateRegular(), 64, 16)).toEqual([3, 7, 11, 15]);
    expect(spikeSteps(rateRegular({ period: 100 }), 100, 4)).toEqual([0, 1, 2, 3]);
    for (const value of [0, 1, 100, 254, 255])
      expect(spikeSteps(latency(), value, 300)).toEqual([Math.ceil(256 - value) - 1]);
    expect(spikeSteps(latency({ window: 256, slope: 8 }), 100, 300)).toEqual([Math.ceil(156 / 8) - 1]);
    expect(spikeSteps(rateRandom(), 0, 2000)).toEqual([]);
    const count = spikeSteps(rateRandom(), 64, 20_000).length;
    expect(Math.abs(count / 20_000 - 0.25)).toBeLessThan(0.015);
  });

  it("quantises weights and says what it cost", () => {
    const { weights, scale, maxError, relativeError } = quantiseWeights([0.5, -1, 0.26], { bits: 4 });
    expect([...weights]).toEqual([4, -7, 2]);
    expect(scale).toBeCloseTo(1 / 7);
    expect(maxError).toBeCloseTo(4 / 7 - 0.5);
    expect(relativeError).toBeGreaterThan(0);
    expect(quantisePotential(1, scale)).toBe(7);
    expect(quantiseWeights([0, 0]).scale).toBe(1);
  });

  it("steps, probes and changes settings between steps", () => {
    const graph = network("one")
      .input("in", 1)
      .population("a", 1, lif({ loss: 0, threshold: 100 }))
      .connect("in", "a", 40)
      .build();
    const simulator = openDynamics(graph);
    const potentials = probe(simulator, "a", 0);
    const raster = recordRaster(simulator, ["in", "a"]);
    simulator.run(3, { in: [1] });
    simulator.setNeuron("a", 0, { vThreshold: 50 });
    simulator.setWeight("in->a", 0, 10);
    simulator.run(2, { in: [1] });
    expect(potentials).toEqual([40, 80, 20, 30, 40]);
    simulator.setNeuronState("a", 0, { v: 49 });
    simulator.setDynamics("a", { reset: "none" });
    simulator.step();
    simulator.step({ in: [1] });
    expect(potentials.slice(5)).toEqual([49, 59]);
    expect(raster.filter(({ source }) => source === "a").map(({ step }) => step)).toEqual([2, 6]);
    expect(codesOf(() => simulator.setNeuron("a", 0, { leak: 4096 }))).toEqual(["value-out-of-range"]);
    expect(codesOf(() => simulator.step({ in: [2] }))).toEqual(["value-out-of-range"]);
    expect(codesOf(() => simulator.setWeight("in->a", 1, 0))).toEqual(["value-out-of-range"]);
    expect([...simulator.snapshot().projections[0]!.synapses.weights]).toEqual([10]);
  });

  it("delays spikes by source neuron and by synapse", () => {
    const model = lif({ loss: 0, threshold: 1 });
    const base = () => network("late", { steps: 12 }).input("in", 2).population("n", 3, model);
    const arrivals = (graph: ReturnType<ReturnType<typeof base>["build"]>) => {
      const simulator = openDynamics(graph);
      const raster = recordRaster(simulator);
      const values = new Uint8Array(24);
      values.fill(1, 0, 2);
      simulator.runSample(values);
      return raster.map(({ step, neuron }) => [neuron, step]).sort(([a], [b]) => a! - b!);
    };
    const bySource = base()
      .connect(
        "in",
        "n",
        dense([
          [1, 0, 0],
          [0, 1, 0],
        ]),
        { delay: [4, 9] },
      )
      .build();
    expect(arrivals(bySource)).toEqual([
      [0, 4],
      [1, 9],
    ]);
    const bySynapse = base()
      .connect(
        "in",
        "n",
        sparse([
          [0, 0, 1, 3],
          [0, 2, 1, 5],
          [1, 1, 1, 0],
        ]),
      )
      .build();
    expect(arrivals(bySynapse)).toEqual([
      [0, 3],
      [1, 0],
      [2, 5],
    ]);
    expect(
      codesOf(() =>
        sparse([
          [0, 0, 1, 3],
          [1, 1, 1],
        ]),
      ),
    ).toEqual(["wrong-shape"]);
    const refused = (delay: readonly number[]) => codesOf(() => base().connect("in", "n", 1, { delay }).build());
    expect(refused([1, 2, 3])).toEqual(["wrong-shape"]);
    expect(refused([1.5, 2])).toEqual(["value-out-of-range"]);
    expect(refused([3, 16])).toEqual(["value-out-of-range"]);
    expect(
      codesOf(() =>
        base()
          .connect("n", "n", 1, { delay: [1, 0, 2] })
          .build(),
      ),
    ).toEqual(["causality"]);
  });

  it("lets only some synapses learn", () => {
    const trace = { decay: "count", shift: 1, increment: 1, sets: false } as const;
    const model = lif({ loss: 0, threshold: 1, postTrace: trace, preTrace: trace });
    const rule = {
      pre: { kind: "none" },
      post: { kind: "rectangular", amount: 7, offset: 0 },
      min: 0,
      max: 50,
    } as const;
    const graph = network("mask", { steps: 3 })
      .encoder("in", 2, rateRegular({ period: 1, preTrace: trace }))
      .population("n", 2, model)
      .connect("in", "n", [1, 2, 3, -90])
      .learn("in->n", rule, { enabled: [true, false, true, false] })
      .build();
    const simulator = openDynamics(graph);
    simulator.runSample(Uint8Array.of(200, 200));
    expect([...simulator.weights("in->n")]).toEqual([22, 2, 24, -90]);
    simulator.setWeight("in->n", 3, -100);
    expect(codesOf(() => simulator.setWeight("in->n", 2, 51))).toEqual(["value-out-of-range"]);
    const short = network("short").input("in", 2).population("n", 2, model).connect("in", "n", 1);
    const learned = short.learn("in->n", { ...rule, post: { kind: "none" } }, { enabled: [1] });
    expect(codesOf(() => learned.build())).toEqual(["wrong-shape"]);
  });
});
