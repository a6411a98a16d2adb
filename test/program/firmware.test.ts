import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withTables } from "../../scripts/firmware-tables.js";
import { coreConfigs, up5kW4 } from "../../src/arch/core-config.js";
import { mapNetwork } from "../../src/map/map.js";
import { assemble } from "../../src/program/assembly/assemble.js";
import { printProgram } from "../../src/program/assembly/print.js";
import { selfTest } from "../../src/program/self-test.js";
import { programFaults } from "../../src/program/verify.js";
import { CycleDevice } from "../../src/sim/cycle/device.js";
import type { Projection, SnnGraph } from "../../src/snn/graph.js";

const projection = (source: string, target: string, weights: readonly number[]): Projection => ({
  source,
  target,
  kernel: [1, 1],
  stride: [1, 1],
  padding: [0, 0],
  groups: 1,
  weights: Int32Array.from(weights),
  weightBits: 4,
});

/** The network that `firmware/infer.asm` runs. */
const smallest: SnnGraph = {
  name: "infer",
  input: { name: "input", shape: [1, 1, 4], max: 3 },
  populations: [
    {
      kind: "spiking",
      name: "hidden",
      shape: [1, 1, 3],
      preset: "st-bif",
      vThreshold: Int32Array.of(4, 5, 3),
      vInit: Int32Array.of(2, 2, 1),
      tracerMin: 0,
      tracerMax: 3,
      membraneBits: 8,
    },
    {
      kind: "spiking",
      name: "output",
      shape: [1, 1, 2],
      preset: "li",
      vThreshold: new Int32Array(0),
      vInit: Int32Array.of(0, 1),
      tracerMin: 0,
      tracerMax: 0,
      membraneBits: 8,
    },
  ],
  projections: [
    projection("input", "hidden", [2, -1, 3, 1, 2, -2, -3, 4, 1, 5, 0, -1]),
    projection("hidden", "output", [1, -1, 2, 3, -2, 1]),
  ],
  readout: { population: "output", kind: "membrane" },
};

describe("firmware", () => {
  it("infer.asm is what the mapper writes", () => {
    const { program } = mapNetwork(smallest, up5kW4);
    const own = assemble(readFileSync("firmware/infer.asm", "utf8"), { file: "firmware/infer.asm" });
    expect(printProgram(own)).toBe(printProgram(program));
  });

  it.each(coreConfigs.filter((config) => !config.dynamics))("selftest.asm gives its result on $name", (config) => {
    const { program, levels, decision, potentials } = selfTest(config);
    expect(programFaults(program)).toEqual([]);
    const device = new CycleDevice(config);
    device.loadNow(program);
    expect(device.runNow(levels)).toMatchObject({ decision, potentials });
    expect(device.core.registers.best).toBe(potentials[decision]);
  });

  it("selftest.asm notices damage to most of its weights and initial membranes", () => {
    const { program, levels } = selfTest(up5kW4);
    const outcome = (changed: typeof program): string => {
      const device = new CycleDevice(up5kW4);
      device.loadNow({ ...changed, worstCaseCycles: 0 });
      const result = device.runNow(levels);
      return [result.decision, ...result.potentials!].join();
    };
    const sound = outcome(program);
    const flips = [...program.thresholds.keys()].filter((i) => {
      const initials = program.initials.slice();
      initials[i]! += 40;
      return outcome({ ...program, initials }) !== sound;
    });
    // words 12 to 15 belong to no neuron
    expect(flips.length).toBeGreaterThanOrEqual(15);
    const rows = Array.from({ length: 64 }, (_, row) => row).filter((row) => {
      const weights = program.weights.map((w, i) => (Math.floor(i / 16) === row ? ~w : w));
      return outcome({ ...program, weights }) !== sound;
    });
    expect(rows.length).toBeGreaterThan(24);
  });

  it("README.md has the tables of the instruction set", () => {
    const text = readFileSync("firmware/README.md", "utf8");
    expect(withTables(text)).toBe(text);
  });
});
