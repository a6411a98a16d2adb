import { describe, expect, it } from "vitest";
import { up5kStdpW8 } from "../../../src/arch/core-config.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { openRtlDevice } from "../../../src/sim/rtl/core-device.js";
import { availableBackends } from "../../../src/sim/rtl/open.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomSample } from "../../random/dynamics-network.js";
import { mappedNetworks } from "./mapped-networks.js";

const config = { ...up5kStdpW8, programDepth: 1024 };
const backends = await availableBackends();

describe("programs of networks with dynamics", () => {
  it.runIf(backends.includes("icarus"))(
    "use nothing that was not set: equal in Icarus, where that is unknown (needs iverilog)",
    { timeout: 120_000 },
    async () => {
      const device = await openRtlDevice(config, coreSources("generic"), { backend: "icarus" });
      try {
        for (const [graph, { program }] of mappedNetworks(5000, 12, config)) {
          const core = new CycleDevice(config);
          await core.load(program);
          await device.load(program);
          for (let sample = 0; sample < 2; sample++) {
            const values = randomSample(graph, sample);
            expect(await device.run(values, { watch: true }), graph.name).toEqual(core.runNow(values, { watch: true }));
          }
        }
      } finally {
        await device.close();
      }
    },
  );
});
