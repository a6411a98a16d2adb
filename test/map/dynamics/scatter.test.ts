import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CoreConfig, up5kLifW4, up5kLifW8, up5kStdpW8 } from "../../../src/arch/core-config.js";
import { lif, network, sparse } from "../../../src/index.js";
import { mapDynamics, tryDynamicsMapping } from "../../../src/map/dynamics/map.js";
import { currentFault } from "../../../src/map/dynamics/scatter/current-bound.js";
import { findSynapse, layOutLists, listRows } from "../../../src/map/dynamics/scatter/synapse-lists.js";
import { type SynapseRow, walkRowsOf } from "../../../src/map/dynamics/shape/walk-rows.js";
import { printProgram } from "../../../src/program/assembly/print.js";
import { openDynamics } from "../../../src/sim/dynamics/simulator.js";
import type { DynamicsGraph } from "../../../src/snn/dynamics/graph.js";

interface Star {
  readonly targets?: number;
  readonly fanOut?: number;
  readonly weight?: number;
  /** Loss of the current, 4096ths. */
  readonly currentLoss?: number;
  readonly steps?: number;
  readonly reset?: "sample" | "never";
}

/** Sixteen sources that each reach the same few of many neurons. */
function star({ targets = 200, fanOut = 3, weight = 100, currentLoss = 4096, steps = 5, reset }: Star = {}) {
  const model = lif({ tau: 10, threshold: 300 });
  const synapses = Array.from({ length: 16 * fanOut }, (_, k): [number, number, number] => [
    Math.floor(k / fanOut),
    k % fanOut,
    weight,
  ]);
  return network("star", { steps, ...(reset && { reset }) })
    .input("in", 16)
    .population("n", targets, { ...model, dynamics: { ...model.dynamics, currentLoss } })
    .connect("in", "n", sparse(synapses), { delay: 1 })
    .build();
}

const scatters = (graph: DynamicsGraph, config: CoreConfig = up5kLifW8) =>
  mapDynamics(graph, config).program.needs.scatter === 1;
const codes = (graph: DynamicsGraph, config: CoreConfig) =>
  tryDynamicsMapping(graph, config).faults.map(({ code }) => code);

describe("sparse synapses", () => {
  it("are lists where those take less room and fewer cycles", () => {
    // 25 groups of lanes: 25 cycles an event, or 2 and 2 for each synapse
    expect(scatters(star({ fanOut: 11 }))).toBe(true);
    expect(scatters(star({ fanOut: 12 }))).toBe(false);
    expect(printProgram(mapDynamics(star(), up5kLifW8).program)).toMatch(/^ {2}scatter ;/m);
    expect(scatters(star(), up5kStdpW8)).toBe(false);
  });

  it("are lists where dense rows have no room, though those would be faster", () => {
    // 700 sources and 24 groups are 16,800 rows
    const synapses = Array.from({ length: 700 * 20 }, (_, k): [number, number, number] => {
      return [Math.floor(k / 20), (7 * k) % 192, (k % 90) - 40];
    });
    const large = network("large", { steps: 5 })
      .input("in", 700)
      .population("n", 192, lif({ tau: 10, threshold: 300 }))
      .connect("in", "n", sparse(synapses), { delay: 0 })
      .build();
    expect(scatters(large)).toBe(true);
    expect(codes(large, { ...up5kLifW8, scatter: 0 })).toEqual(["does-not-fit"]);
  });

  it("may have weights that a dense row does not hold", () => {
    expect(scatters(star({ weight: -128 }), up5kLifW4)).toBe(true);
    // lists that take more room than rows are no way out
    expect(codes(star({ targets: 16, fanOut: 16, weight: 8 }), up5kLifW4)).toEqual(["weight-bits"]);
    expect(codes(star({ targets: 16, fanOut: 16, weight: 7 }), up5kLifW4)).toEqual([]);
  });

  it("stay dense when a current could leave 16 bits by them, and say so when they do not fit", () => {
    const lasting = star({ currentLoss: 100, steps: 40, reset: "never" });
    expect(scatters(lasting)).toBe(false);
    // of a sample there are five steps of 1,600 each
    expect(scatters(star({ currentLoss: 100 }))).toBe(true);
    expect(codes(lasting, { ...up5kLifW8, weightDepth: 256 })).toEqual(["does-not-fit", "current-overflow"]);
    // lists would not help there
    expect(codes(lasting, { ...up5kLifW8, stateDepth: 128 })).toEqual(["does-not-fit"]);
  });
});

describe("the bound of currents", () => {
  const rowsOf = (graph: DynamicsGraph) => walkRowsOf(graph, "n");

  it("is one that the reference reaches, and never leaves", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -127, max: 127 }),
        fc.integer({ min: 1, max: 4096 }),
        fc.integer({ min: 1, max: 60 }),
        (weight, currentLoss, steps) => {
          const graph = star({ weight, currentLoss, steps });
          const fault = currentFault(graph, "n", rowsOf(graph), []);
          const simulator = openDynamics(graph);
          let [most, before] = [0, 0];
          for (let step = 0; step < steps; step++) {
            // the delay is a step: what arrives in a step is added to what was left of the one before
            if (step > 0) most = Math.max(most, Math.abs(before + 16 * weight));
            simulator.step({ in: new Uint8Array(16).fill(1) });
            before = simulator.neuronState("n", 0).j;
          }
          if (most > 32768) expect(fault).toBeDefined();
          // with the step that the delay takes the bound is one step further
          if (fault === undefined) expect(most).toBeLessThanOrEqual(32768);
          else expect(Math.abs(before + 2 * 16 * weight)).toBeGreaterThan(32767 - 16 * Math.abs(weight));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("counts what a pass adds, and what an encoder begins with", () => {
    const graph = star({ weight: 127, currentLoss: 4096 });
    const [row] = rowsOf(graph) as [SynapseRow];
    expect(currentFault(graph, "n", [row], [])).toBeUndefined();
    const kept = star({ weight: 127, currentLoss: 0, steps: 16 });
    expect(currentFault(kept, "n", rowsOf(kept), [])).toBeUndefined();
    expect(currentFault(kept, "n", rowsOf(kept), rowsOf(kept))).toBe(8 * 4064 + 2032);
    const longer = star({ weight: 127, currentLoss: 0, steps: 17 });
    expect(currentFault(longer, "n", rowsOf(longer), [])).toBe(17 * 2032);
    const falling = star({ weight: -128, currentLoss: 0, steps: 17 });
    expect(currentFault(falling, "n", rowsOf(falling), [])).toBe(-17 * 2048);
  });
});

describe("lists of synapses", () => {
  it("have a first row for each source, then what is left of each", () => {
    const places = Int32Array.of(-1, 4, 2, 0, 1, -1, -1, -1, -1, -1, 3, -1, -1, -1, 5);
    const row: SynapseRow = { projection: "p", source: "s", delay: 0, size: 3, learns: false, places };
    const lists = layOutLists(row, 10);
    expect(listRows(row)).toBe(4);
    expect(lists).toMatchObject({ base: 10, rows: 4 });
    expect([...lists.first]).toEqual([0, 4, 4, 6]);
    expect([...lists.targets]).toEqual([1, 2, 3, 4, 0, 4]);
    expect([...lists.places]).toEqual([4, 2, 0, 1, 3, 5]);
    expect([...lists.rowOf]).toEqual([10, 10, 13, 13, 12, 12]);
    expect([...lists.bitOf]).toEqual([0, 24, 0, 24, 0, 24]);
    expect(findSynapse(lists, 2, 4)).toBe(5);
    expect(findSynapse(lists, 1, 4)).toBe(-1);
    expect(findSynapse(lists, 9, 4)).toBe(-1);
  });
});
