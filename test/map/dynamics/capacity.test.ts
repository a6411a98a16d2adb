import { describe, expect, it } from "vitest";
import { up5kLifW4, up5kLifW8 } from "../../../src/arch/core-config.js";
import { compareSamples } from "../../../src/arch/difference.js";
import { mapDynamics } from "../../../src/map/dynamics/map.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { DynamicsDevice } from "../../../src/sim/dynamics/device.js";
import { openRtlDevice } from "../../../src/sim/rtl/core-device.js";
import { availableBackends } from "../../../src/sim/rtl/open.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomSample } from "../../random/dynamics-network.js";
import { randomSparse } from "../../random/sparse-network.js";

const backends = await availableBackends();

const reaches: Readonly<Record<string, readonly [least: number, most: number]>> = {
  "in>p0": [0, 3],
  "in>p1": [0, 3],
  "p0>p0": [1, 1],
  "p0>p1": [0, 1],
};

/** 1,024 neurons: 256 that reach each other and 768 others. */
const network = randomSparse(3, {
  ...{ steps: 60, events: 128, neurons: [256, 768], fanOut: 24, delay: 3, reset: "sample" },
  reach: (source, target) => reaches[`${source}>${target}`],
});
const order = network.populations.map(({ name }) => name);
const samples = [0, 1].map((n) => randomSample(network, n));

describe.each([up5kLifW8, up5kLifW4])("$name", (config) => {
  const { program, resources } = mapDynamics(network, config);

  it("holds 1,024 neurons with more than 16,384 random synapses of several delays", () => {
    const synapses = network.projections.reduce((sum, p) => sum + p.synapses.weights.length, 0);
    console.info(
      `${config.name}: ${synapses} synapses`,
      resources.map(({ resource, used, available }) => `${resource} ${used} of ${available}`).join(", "),
    );
    expect(network.populations.reduce((sum, { shape }) => sum + shape[2], 0)).toBe(1024);
    expect(synapses).toBeGreaterThan(16_384);
    expect(program.needs.scatter).toBe(1);
  });

  it("runs them as the reference does, neuron by neuron", async () => {
    const core = new CycleDevice(config);
    const reference = new DynamicsDevice({ lanes: config.lanes });
    await core.load(program);
    await reference.load(network);
    for (const [n, values] of samples.entries()) {
      const found = core.runNow(values, { watch: true });
      const { first } = compareSamples(reference.runNow(values, { watch: true }), found, order);
      console.info(
        `${config.name}: sample ${n}: ${found.cycles} cycles, ${found.operations} operations, ${found.spikes} spikes`,
      );
      expect(first, `sample ${n}`).toBeUndefined();
      expect(found.spikes).toBeGreaterThan(network.steps);
    }
  });

  it.runIf(backends.includes("verilator"))("runs them in Verilog, cycle by cycle", { timeout: 300_000 }, async () => {
    const verilog = await openRtlDevice(config, coreSources("generic"));
    try {
      const core = new CycleDevice(config);
      await core.load(program);
      await verilog.load(program);
      const found = await verilog.runMany(samples, { watch: true });
      expect(found).toEqual(samples.map((values) => core.runNow(values, { watch: true })));
    } finally {
      await verilog.close();
    }
  });
});
