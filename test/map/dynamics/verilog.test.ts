import { describe, expect, it } from "vitest";
import { hx8kLifW8, up5kLifW4, up5kLifW8 } from "../../../src/arch/core-config.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { openRtlDevice } from "../../../src/sim/rtl/core-device.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomSample } from "../../random/dynamics-network.js";
import { mappedNetworks } from "./mapped-networks.js";

describe("mapped networks with dynamics on the Verilog core", () => {
  it.each([up5kLifW8, up5kLifW4, hx8kLifW8])(
    "equal the simulated core in every result and cycle: $name",
    async (config) => {
      const verilog = await openRtlDevice(config, coreSources("generic"));
      try {
        for (const [graph, { program }] of mappedNetworks(100, 8, config)) {
          const core = new CycleDevice(config);
          await core.load(program);
          await verilog.load(program);
          const samples = [0, 1, 2, 3].map((sample) => randomSample(graph, sample));
          const wanted = samples.map((values) => core.runNow(values, { watch: true }));
          expect(await verilog.runMany(samples, { watch: true }), graph.name).toEqual(wanted);
        }
      } finally {
        await verilog.close();
      }
    },
    300_000,
  );
});
