import { describe, expect, it } from "vitest";
import { evaluateQuantGraph } from "../../src/quantize/evaluate.js";
import type { QuantGraph } from "../../src/quantize/graph.js";
import { verifyQuantGraph } from "../../src/quantize/verify.js";
import { openReference } from "../../src/sim/reference.js";
import { convertToSpiking } from "../../src/snn/convert.js";
import type { Schedule } from "../../src/snn/graph.js";
import { planSchedule, type SchedulePlan } from "../../src/snn/schedule.js";
import { verifySnnGraph } from "../../src/snn/verify.js";
import { seededRandom } from "../../src/support/random.js";
import { type NetworkOptions, randomLevels, randomNetwork } from "../random/quant-network.js";

const schedules: readonly Schedule[] = ["graded", "radix", "unary", "pipelined"];

/** Neurons whose final tracer or membrane differs from the golden integers, over `samples` random samples. */
function differences(graph: QuantGraph, plan: SchedulePlan, samples: number, seed: number): number {
  const random = seededRandom(seed);
  const golden = evaluateQuantGraph(graph);
  const simulator = openReference(convertToSpiking(graph), plan, { checkMembranes: true });
  let wrong = 0;
  for (let sample = 0; sample < samples; sample++) {
    const levels = randomLevels(graph, random);
    const expected = golden.run(levels);
    const result = simulator.run(levels);
    expect(result.steps).toBeLessThanOrEqual(plan.steps);
    graph.layers.forEach((layer, i) => {
      const { values, charges } = expected[i]!;
      const { tracers, membranes } = simulator.populations.get(layer.name)!;
      if (layer.kind === "neurons" && layer.activation.kind === "none") {
        for (let n = 0; n < values.length; n++) if (membranes[n] !== charges[n]) wrong++;
        return;
      }
      const theta =
        layer.kind === "neurons" && layer.activation.kind === "quantize" ? layer.activation.theta : undefined;
      for (let n = 0; n < values.length; n++) {
        const remainder = theta === undefined ? 0 : charges[n]! - theta[n % theta.length]! * values[n]!;
        if (tracers[n] !== values[n] || (membranes[n] ?? 0) !== remainder) wrong++;
      }
    });
    if (result.decision !== golden.decide()) wrong++;
  }
  return wrong;
}

const cases: readonly (NetworkOptions & { readonly networks: number })[] = [
  { depth: 2, activationBits: 2, weightBits: 4, signed: false, spatial: false, networks: 10 },
  { depth: 4, activationBits: 4, weightBits: 4, signed: false, spatial: false, networks: 10 },
  { depth: 6, activationBits: 3, weightBits: 4, signed: true, spatial: false, networks: 10 },
  { depth: 3, activationBits: 4, weightBits: 4, signed: false, spatial: true, networks: 15 },
  { depth: 5, activationBits: 3, weightBits: 3, signed: true, spatial: true, networks: 15 },
  { depth: 2, activationBits: 8, weightBits: 8, signed: false, spatial: true, networks: 5 },
  { depth: 3, activationBits: 1, weightBits: 2, signed: false, spatial: true, networks: 10 },
];

describe("reference simulator", () => {
  for (const schedule of schedules) {
    it(`gives the golden integers on every tracer and membrane: ${schedule}`, () => {
      for (const options of cases) {
        for (let seed = 0; seed < options.networks; seed++) {
          const graph = randomNetwork(seed, options);
          expect(verifyQuantGraph(graph)).toEqual([]);
          const snn = convertToSpiking(graph);
          expect(verifySnnGraph(snn)).toEqual([]);
          expect(differences(graph, planSchedule(snn, schedule), 8, seed)).toBe(0);
        }
      }
    });
  }
});

describe("step bound", () => {
  /** Two neurons with counts 1 and `top` feed one neuron with weights `100 top` and -100, threshold 1, whose target is 0. */
  function adversary(top: number): QuantGraph {
    const one = Int32Array.of(1);
    const base = { kernel: [1, 1], stride: [1, 1], padding: [0, 0], groups: 1, weightBits: 14 } as const;
    const staircase = { kind: "quantize", min: 0, max: top, scale: 1 } as const;
    return {
      name: "adversary",
      input: {
        name: "input",
        shape: [1, 1, 2],
        bits: 8,
        scale: 1,
        zero: 0,
        inputScale: 1,
        inputOffset: 0,
        layout: "channels-last",
        margin: [0, 0, 0, 0],
      },
      layers: [
        {
          kind: "neurons",
          name: "sources",
          shape: [1, 1, 2],
          terms: [{ from: "input", ...base, weights: Int32Array.of(1, 0, 0, 1) }],
          v0: new Int32Array(2),
          activation: { ...staircase, theta: Int32Array.of(1, 1) },
          membraneBits: 20,
        },
        {
          kind: "neurons",
          name: "target",
          shape: [1, 1, 1],
          terms: [{ from: "sources", ...base, weights: Int32Array.of(100 * top, -100) }],
          v0: Int32Array.of(0),
          activation: { ...staircase, theta: one },
          membraneBits: 20,
        },
        {
          kind: "neurons",
          name: "readout",
          shape: [1, 1, 1],
          terms: [{ from: "target", ...base, weights: one }],
          v0: Int32Array.of(0),
          activation: { kind: "none", scale: 1 },
          membraneBits: 20,
        },
      ],
    };
  }

  it("is nearly tight", () => {
    for (const top of [3, 7, 15, 31]) {
      const graph = adversary(top);
      expect(verifyQuantGraph(graph)).toEqual([]);
      const snn = convertToSpiking(graph);
      const plan = planSchedule(snn, "pipelined");
      const { steps } = openReference(snn, plan).run([1, top]);
      expect(plan.steps).toBe(2 * top);
      expect(steps).toBe(2 * top - 2);
      expect(steps).toBeGreaterThan(top);
    }
  });

  it("of layer-by-layer schedules is the sum over layers", () => {
    const snn = convertToSpiking(adversary(15));
    expect(planSchedule(snn, "graded").steps).toBe(2);
    expect(planSchedule(snn, "radix").steps).toBe(8);
    expect(planSchedule(snn, "unary").steps).toBe(30);
  });
});

describe("wrong simulations are seen", () => {
  const graph = randomNetwork(3, { depth: 4, activationBits: 4, weightBits: 4, signed: false, spatial: false });
  const plan = planSchedule(convertToSpiking(graph), "pipelined");

  it("sound plan", () => expect(differences(graph, plan, 20, 1)).toBe(0));

  it("negative spikes dropped", () => {
    const positive = plan.phases.map((p) => ({
      ...p,
      rules: p.rules.map((r) => ({ ...r, negative: "none" as const })),
    }));
    expect(differences(graph, { ...plan, phases: positive }, 20, 1)).toBeGreaterThan(0);
  });

  it("stopped after as many steps as levels", () => {
    expect(differences(graph, { ...plan, steps: 6 }, 20, 1)).toBeGreaterThan(0);
  });

  it("membrane narrower than its bound", () => {
    const narrow = {
      ...graph,
      layers: graph.layers.map((l) => (l.kind === "neurons" ? { ...l, membraneBits: l.membraneBits - 4 } : l)),
    };
    expect(verifyQuantGraph(narrow).map((d) => d.code)).toContain("membrane-too-narrow");
    expect(() => differences(narrow, plan, 20, 1)).toThrow(/left its proven width/);
  });
});

describe("what a step shows", () => {
  const graph = randomNetwork(5, { depth: 4, activationBits: 3, weightBits: 4, signed: true, spatial: true });
  const snn = convertToSpiking(graph);

  it("pools emit at most one spike a step where their source does, and all spikes add up to the tracer", () => {
    for (const schedule of schedules) {
      const sums = new Map<string, Float64Array>();
      const simulator = openReference(snn, planSchedule(snn, schedule), {
        onStep: () => {
          for (const [name, { tracers, events }] of simulator.populations) {
            const sum = sums.get(name) ?? new Float64Array(tracers.length);
            sums.set(name, sum);
            for (let e = 0; e < events.count; e++) {
              sum[events.addresses[e]!]! += events.payloads[e]!;
              const population = snn.populations.find((p) => p.name === name)!;
              const ternary = schedule === "pipelined" && !(population.kind === "pool" && population.op === "sum");
              if (ternary) expect(Math.abs(events.payloads[e]!)).toBe(1);
            }
          }
        },
      });
      simulator.run(randomLevels(graph, seededRandom(9)));
      for (const [name, sum] of sums) expect([...sum]).toEqual([...simulator.populations.get(name)!.tracers]);
    }
  });

  it("any-time decisions end in the final one", () => {
    const simulator = openReference(snn, planSchedule(snn, "pipelined"));
    const random = seededRandom(2);
    for (let sample = 0; sample < 10; sample++) {
      const result = simulator.run(randomLevels(graph, random));
      expect(result.decisions).toHaveLength(result.steps);
      expect(result.decisions.at(-1)).toBe(result.decision);
    }
  });
});
