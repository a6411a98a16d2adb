import { describe, expect, it } from "vitest";
import { genericStdpW8, hx8kLifW8, up5kLifW4, up5kLifW8, up5kW8 } from "../../../src/arch/core-config.js";
import {
  convolution,
  type DynamicsGraph,
  dense,
  lif,
  network,
  oneToOne,
  rateRandom,
  sparse,
} from "../../../src/index.js";
import { mapDynamics } from "../../../src/map/dynamics/map.js";
import { decodeProgram, encodeProgram } from "../../../src/program/image.js";
import { CycleCore } from "../../../src/sim/cycle/core.js";
import { loadProgram } from "../../../src/sim/cycle/load.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { seededRandom } from "../../../src/support/random.js";

const random = seededRandom(5);
const integers = (length: number, limit: number): Int8Array =>
  Int8Array.from({ length }, () => Math.floor((random() - 0.5) * 2 * limit));
const trace = { decay: "exponential", shift: 3, increment: 64, sets: false } as const;
const rule = {
  pre: { kind: "trace", shift: 4, stochastic: false },
  post: { kind: "trace", shift: 4, stochastic: false, offset: 0 },
  min: -127,
  max: 127,
} as const;

function findings(graph: DynamicsGraph, config = up5kLifW8): string[] {
  try {
    mapDynamics(graph, config);
  } catch (error) {
    if (error instanceof SpikewrightError) return error.diagnostics.map(({ code, message }) => `${code}: ${message}`);
    throw error;
  }
  return [];
}

/** Cycles of a sample in which every value is 1 with some probability. */
function cyclesOf(graph: DynamicsGraph, config: typeof up5kLifW8, density: number): number {
  const { program } = mapDynamics(graph, config);
  const core = new CycleCore(config);
  loadProgram(core, program);
  const [height, width, channels] = program.input.shape;
  core.push(Uint8Array.from({ length: height * width * channels }, () => (random() < density ? 1 : 0)));
  return core.registers.cycles;
}

const digits = (limit: number) =>
  network("digits", { steps: 32 })
    .input("pixels", 64)
    .population("digit", 10, lif({ tau: 20, threshold: 60 }))
    .connect("pixels", "digit", integers(640, limit))
    .readout("digit", "count")
    .build();

describe("mapping of networks with dynamics", () => {
  it("runs 64-10 for 32 steps in passes over sixteen steps", () => {
    expect(mapDynamics(digits(8), up5kLifW4).program.passes.map(({ visit }) => visit.columns)).toEqual([16]);
    expect(cyclesOf(digits(8), up5kLifW4, 0.35)).toBeLessThan(1000);
    expect(cyclesOf(digits(128), up5kLifW8, 0.35)).toBeLessThan(2000);
  });

  it("has the capacity that cores promise", () => {
    const wide = (sources: number, weights: Int8Array) =>
      network("wide", { steps: 4 })
        .input("in", sources)
        .population("n", 1024, lif({ tau: 20, threshold: 100 }))
        .connect("in", "n", weights)
        .build();
    expect(findings(wide(128, integers(131_072, 100)))).toEqual([]);
    expect(findings(wide(256, integers(262_144, 8)), up5kLifW4)).toEqual([]);
    const allToAll = (given: number) =>
      network("all to all", { reset: "never" })
        .input("in", 16)
        .population("n", 256, lif({ tau: 20, threshold: 100, preTrace: trace, postTrace: trace }))
        .connect("in", "n", new Int8Array(16 * 256).fill(given))
        .connect("n", "n", integers(256 * 256, 20))
        .learn("n->n@1", rule)
        .build();
    expect(findings(allToAll(-127), genericStdpW8)).toEqual([]);
    expect(findings(allToAll(-127)).join()).toMatch(/no-learning/);
    // the lowest weight means no synapse in a core that learns
    expect(findings(allToAll(-128), genericStdpW8).join()).toMatch(/weight -128, .* -127 to 127/);
    // sparse synapses take the room of dense ones: 47 of 352 sources to each neuron are 16,544
    const scattered = Array.from({ length: 352 * 47 }, (_, k): [number, number, number] => {
      const target = Math.floor(k / 47);
      return [(target * 31 + (k % 47) * 7) % 352, target, 1 + (k % 90)];
    });
    const liquid = network("liquid", { reset: "never" })
      .input("in", 16)
      .population("n", 352, lif({ tau: 20, threshold: 100 }))
      .connect("in", "n", integers(16 * 352, 40))
      .connect("n", "n", sparse(scattered), { delay: 1 })
      .build();
    expect(scattered).toHaveLength(16_544);
    expect(findings(liquid)).toEqual([]);
    const small = network("learns", { reset: "never" })
      .encoder("in", 96, rateRandom({ preTrace: trace }))
      .population("n", 64, lif({ tau: 20, threshold: 100, postTrace: trace }))
      .connect("in", "n", integers(96 * 64, 20))
      .learn("in->n", {
        ...{ pre: { kind: "rectangular", amount: 2 }, post: { kind: "rectangular", amount: 3, offset: 1 } },
        ...{ min: -64, max: 64 },
      })
      .build();
    expect(findings(small, hx8kLifW8)).toEqual([]);
  });

  it("says which memory is too small, and for what", () => {
    const graph = network("large", { steps: 2 })
      .encoder("in", 784, rateRandom())
      .population("n", 400, lif({ tau: 20, threshold: 100 }))
      .connect("in", "n", integers(784 * 400, 20))
      .build();
    expect(findings(graph)).toEqual([
      'does-not-fit: Cannot place "large" on core up5k-lif-w8: needs 39200 rows of weights, most of them (39200) for "n", the core has 16384',
      'does-not-fit: Cannot place "large" on core up5k-lif-w8: needs 1184 state words, most of them (784) for "in", the core has 1024',
    ]);
  });

  it("refuses what a core cannot do", () => {
    expect(findings(digits(8), up5kW8)).toEqual([
      'no-dynamics: Cannot run "digits" on core up5k-w8: its neurons only divide',
    ]);
    const model = lif({ loss: 0, threshold: 1 });
    const graded = network("graded")
      .input("in", 6, { max: 255 })
      .population("n", 1, model)
      .connect("in", "n", 9)
      .build();
    expect(findings(graded)).toEqual([
      'graded-values: Cannot run "in" on core up5k-lif-w8: values up to 255, every event counts once',
    ]);
    expect(findings(graded, up5kLifW4).map((text) => text.split(":")[0])).toEqual(["graded-values", "weight-bits"]);
    const wide = network("wide")
      .input("a", 3000)
      .input("b", 3000)
      .population("n", 1, model)
      .connect("a", "n", 100)
      .connect("b", "n", 100)
      .build();
    expect(findings(wide)[0]).toContain("accumulator-overflow");
    const silent = network("silent")
      .population("n", 1, lif({ loss: 0, threshold: 1 }))
      .build();
    expect(findings(silent)[0]).toContain("no-input");
    const three = lif({ loss: 0, threshold: 1 });
    // values that stay for a sample cannot go round with the steps
    const uneven = network("uneven", { steps: 8 })
      .current("in", 1, { max: 1 })
      .population("a", 1, three)
      .population("b", 1, three)
      .connect("in", "b", 1)
      .connect("a", "b", 1, { delay: 1 })
      .connect("a", "b", 1, { delay: 2 })
      .build();
    expect(findings(uneven)[0]).toContain("source-layout");
    const long = network("long", { steps: 65_535 }).encoder("e", 2, rateRandom()).population("n", 1, model);
    expect(findings(long.connect("e", "n", 1).build())[0]).toContain("sample-too-long");
    const late = network("late", { steps: 40, reset: "sample" })
      .input("in", 200)
      .population("a", 64, three)
      .connect("in", "a", 1)
      .connect("a", "a", oneToOne(1), { delay: 15 })
      .build();
    expect(findings(late).map((text) => text.split(":")[0])).toContain("does-not-fit");
  });

  it("makes programs that survive as bytes", () => {
    const { program } = mapDynamics(digits(128), up5kLifW8);
    expect(decodeProgram(encodeProgram(program))).toEqual(program);
  });

  it("takes three sources in one pass when their delays allow it", () => {
    const model = lif({ loss: 100, threshold: 40 });
    const graph = network("three", { steps: 8 })
      .input("in", 12)
      .population("a", 4, model)
      .population("b", 6, model)
      .connect("in", "a", dense(Array.from({ length: 12 }, () => integers(4, 20))))
      .connect("a", "a", 3)
      .connect("b", "a", -3, { delay: 3 })
      .connect("a", "b", 20)
      .build();
    expect(findings(graph)).toEqual([]);
  });

  /** 32 neurons with synapses of 1 to `most` steps to each other. */
  const delayed = (most: number, reset: "sample" | "never", steps: number, size = 32) =>
    network("delayed", { reset, steps })
      .input("in", 16)
      .population("n", size, lif({ loss: 200, threshold: 60 }))
      .connect("in", "n", integers(16 * size, 20))
      .connect(
        "n",
        "n",
        sparse(
          Array.from({ length: 8 * size }, (_, k): [number, number, number, number] => {
            const source = Math.floor(k / 8);
            return [source, (source * 5 + (k % 8) * 3) % size, 1 + (k % 50), 1 + (k % most)];
          }),
        ),
      )
      .build();
  const programOf = (graph: DynamicsGraph, config = up5kLifW8) =>
    mapDynamics(graph, config).resources.find(({ resource }) => resource === "program")!.used;

  it("holds synapses with delays of their own up to fifteen steps", () => {
    for (const config of [up5kLifW8, hx8kLifW8]) {
      expect(programOf(delayed(14, "sample", 32, 20), config)).toBeLessThan(200);
      expect(programOf(delayed(14, "never", 32, 20), config)).toBeLessThan(200);
      expect(programOf(delayed(7, "never", 1, 20), config)).toBeLessThan(200);
    }
    expect(programOf(delayed(15, "sample", 32))).toBeLessThan(200);
    const [tooMuch] = findings(delayed(15, "never", 1));
    expect(tooMuch).toMatch(/^does-not-fit: .* program words, the core has 256$/);
    const alone = network("alone", { steps: 32 })
      .encoder("n", 40, rateRandom())
      .connect("n", "n", integers(1600, 3), { delay: Array.from({ length: 40 }, (_, n) => 1 + (n % 15)) })
      .build();
    expect(programOf(alone)).toBeLessThan(200);
  });

  it("spends program words where rows of weights are short", () => {
    const rowsOf = (graph: DynamicsGraph) =>
      mapDynamics(graph, up5kLifW8).resources.find(({ resource }) => resource === "weights")!.used;
    const [small, large] = [delayed(7, "sample", 32, 64), delayed(7, "sample", 32, 112)];
    // two rings in each other have a row for nothing between any two, one of twice the slots has not
    expect(rowsOf(small)).toBeGreaterThan((64 / 8) * 8 * 64);
    expect(rowsOf(large)).toBeLessThanOrEqual((112 / 8) * 8 * 112);
    expect(programOf(small)).toBeLessThan(programOf(large));
  });

  it("takes delays of a single list with few words of the program", () => {
    const late = network("late", { steps: 32 })
      .input("in", 16)
      .population("n", 32, lif({ loss: 200, threshold: 60 }))
      .connect("in", "n", 20)
      .connect("n", "n", 3, { delay: 15 })
      .build();
    expect(programOf(late)).toBeLessThan(190);
  });

  it("walks a window whose spikes are all delayed alike by source neuron", () => {
    const weights = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const shifted = (options: { delay: number | readonly number[] }) =>
      network("window", { steps: 6 })
        .input("in", [3, 3, 1])
        .population("n", [3, 3, 1], lif({ loss: 0, threshold: 20 }))
        .connect("in", "n", convolution([3, 3], weights, { padding: [1, 1] }), { ...options, name: "window" })
        .build();
    const { program } = mapDynamics(shifted({ delay: 2 }), up5kLifW8);
    expect(mapDynamics(shifted({ delay: new Array<number>(9).fill(2) }), up5kLifW8).program).toEqual(program);
    const graph = shifted({ delay: 2 });
    const later = {
      ...graph,
      projections: graph.projections.map((p) => ({
        ...p,
        delay: 0,
        delays: { of: "source" as const, steps: new Uint8Array(9).fill(2) },
      })),
    };
    expect(mapDynamics(later, up5kLifW8).program).toEqual(program);
  });
});
