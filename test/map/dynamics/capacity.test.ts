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

/** Shortest and longest delay of each projection. */
type Reaches = Readonly<Record<string, readonly [least: number, most: number]>>;

function networkOf(events: number, neurons: readonly number[], fanOut: number, reaches: Reaches) {
  return randomSparse(3, {
    ...{ steps: 60, events, neurons, fanOut, delay: 3, reset: "sample" },
    reach: (source, target) => reaches[`${source}>${target}`],
  });
}

/** 1,024 neurons each, with more than 16,384 synapses. */
const networks = {
  "256 that reach each other and 768 others": networkOf(128, [256, 768], 24, {
    ...{ "in>p0": [0, 3], "in>p1": [0, 3] },
    ...{ "p0>p0": [1, 1], "p0>p1": [1, 1] },
  }),
  // their list of the step before is read before they write the next in its place
  "832 that reach each other and 192 others": networkOf(48, [832, 192], 12, {
    ...{ "in>p0": [0, 3], "in>p1": [0, 3] },
    ...{ "p0>p0": [1, 1], "p0>p1": [0, 0] },
  }),
};
const cases = [up5kLifW8, up5kLifW4].flatMap((config) =>
  Object.entries(networks).map(([text, network]) => ({ config, core: config.name, text, network })),
);

describe.each(cases)("1,024 neurons on $core, $text", ({ config, network }) => {
  const order = network.populations.map(({ name }) => name);
  const samples = [0, 1].map((n) => randomSample(network, n));
  const { program, resources } = mapDynamics(network, config);

  it("have more than 16,384 random synapses of several delays", () => {
    const synapses = network.projections.reduce((sum, p) => sum + p.synapses.weights.length, 0);
    console.info(
      `${config.name}: ${synapses} synapses`,
      resources.map(({ resource, used, available }) => `${resource} ${used} of ${available}`).join(", "),
    );
    expect(network.populations.reduce((sum, { shape }) => sum + shape[2], 0)).toBe(1024);
    expect(synapses).toBeGreaterThan(16_384);
    expect(program.needs.scatter).toBe(1);
  });

  it("run as the reference does, neuron by neuron", async () => {
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

  it.runIf(backends.includes("verilator"))("run in Verilog, cycle by cycle", { timeout: 300_000 }, async () => {
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
