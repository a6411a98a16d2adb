import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { withTables } from "../../scripts/firmware-tables.js";
import { type CoreConfig, coreConfigs, up5kLifW4, up5kLifW8, up5kStdpW8, up5kW4 } from "../../src/arch/core-config.js";
import { readSynapseRow, synapseRowHalves } from "../../src/arch/dynamics/scatter.js";
import { mapNetwork } from "../../src/map/map.js";
import { assemble } from "../../src/program/assembly/assemble.js";
import { printProgram } from "../../src/program/assembly/print.js";
import { rowHalves, writeRowHalves } from "../../src/program/pass/synapse-lists.js";
import { dynamicsSelfTest, learningSelfTest, scatterSelfTest, selfTest } from "../../src/program/self-test.js";
import { programFaults } from "../../src/program/verify.js";
import { CycleDevice } from "../../src/sim/cycle/device.js";
import { openRtlDevice } from "../../src/sim/rtl/core-device.js";
import { availableBackends } from "../../src/sim/rtl/open.js";
import type { Projection, SnnGraph } from "../../src/snn/graph.js";
import { coreSources } from "../../src/verbs/hardware/core-sources.js";

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

  const dynamicTests = (config: CoreConfig) => [
    ...(config.dynamics ? [dynamicsSelfTest(config)] : []),
    ...(config.scatter ? [scatterSelfTest(config)] : []),
    ...(config.learning ? [learningSelfTest(config)] : []),
  ];

  it.each(coreConfigs.filter((config) => config.dynamics))(
    "self-tests of dynamics and learning give their results on $name",
    (config) => {
      for (const { program, levels, decision, potentials } of dynamicTests(config)) {
        expect(programFaults(program)).toEqual([]);
        const device = new CycleDevice(config);
        device.loadNow(program);
        const result = device.runNow(levels);
        expect(result).toMatchObject({ decision, potentials });
        expect(result.cycles).toBeLessThan(program.worstCaseCycles);
        // a second sample begins anew; what was learned stays
        if (program.name !== "selftest-learning") expect(device.runNow(levels)).toEqual(result);
      }
    },
  );

  it.each([up5kLifW4, up5kStdpW8])(
    "and on the Verilog of $name",
    async (config) => {
      // the fastest, and Icarus, where what was never set is unknown
      const [fastest, ...others] = await availableBackends();
      for (const backend of [fastest!, ...others.filter((other) => other === "icarus")]) {
        const device = await openRtlDevice(config, coreSources("generic"), { backend });
        try {
          for (const { program, levels, decision, potentials } of dynamicTests(config)) {
            await device.load(program);
            expect(await device.run(levels)).toMatchObject({ decision, potentials });
          }
        } finally {
          await device.close();
        }
      }
    },
    300_000,
  );

  it("self-tests of dynamics and learning notice damage to most of their weights and parameters", () => {
    for (const { program, levels } of dynamicTests(up5kStdpW8)) {
      const outcome = (changed: typeof program): string => {
        const device = new CycleDevice(up5kStdpW8);
        device.loadNow({ ...changed, worstCaseCycles: 0 });
        const result = device.runNow(levels);
        return [result.decision, ...result.potentials!].join();
      };
      const sound = outcome(program);
      const words = [...program.initials.keys()].filter((i) => {
        const initials = program.initials.slice();
        // a bias of 20 more, and another threshold
        initials[i]! += (20 << 16) + 1;
        return outcome({ ...program, initials }) !== sound;
      });
      // of those that compete only some ever win, and an encoder of a large value fires anyway
      expect(words.length / program.initials.length).toBeGreaterThan(0.65);
      const rows = Array.from({ length: program.weights.length / 8 }, (_, row) => row).filter((row) => {
        const weights = program.weights.map((w, i) => (Math.floor(i / 8) === row ? -w : w));
        return outcome({ ...program, weights }) !== sound;
      });
      expect(rows.length / (program.weights.length / 8)).toBeGreaterThan(0.65);
    }
  });

  it("the self-test of lists of synapses notices damage to most of its rows", () => {
    const { program, levels } = scatterSelfTest(up5kLifW8);
    const outcome = (weights: Int8Array): string => {
      const device = new CycleDevice(up5kLifW8);
      device.loadNow({ ...program, weights, worstCaseCycles: 0 });
      return [...device.runNow(levels).potentials!].join();
    };
    const count = program.weights.length / 8;
    const noticed = Array.from({ length: count }, (_, row) => row).filter((row) => {
      const rows = { weights: program.weights.slice(), stride: 8, config: up5kLifW8 };
      const { synapses, ...rest } = readSynapseRow(rowHalves(rows, row));
      const changed = synapses.map(({ target, weight }) => ({ target, weight: weight + 5 }));
      writeRowHalves(rows, row, synapseRowHalves({ ...rest, synapses: changed }));
      return outcome(rows.weights) !== outcome(program.weights);
    });
    // two lists are empty, two belong to neurons that have no event in the first step
    expect(noticed).toHaveLength(count - 4);
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
