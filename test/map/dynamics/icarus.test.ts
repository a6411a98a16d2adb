import { describe, expect, it } from "vitest";
import { up5kLifW8, up5kStdpW8 } from "../../../src/arch/core-config.js";
import { mapDynamics } from "../../../src/map/dynamics/map.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { openRtlDevice } from "../../../src/sim/rtl/core-device.js";
import { availableBackends } from "../../../src/sim/rtl/open.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomSample } from "../../random/dynamics-network.js";
import { randomSparse } from "../../random/sparse-network.js";
import { mappedNetworks } from "./mapped-networks.js";

const dense = { ...up5kStdpW8, programDepth: 1024 };
const lists = { ...up5kLifW8, programDepth: 1024 };
const sparse = Array.from({ length: 6 }, (_, n) => {
  const settings = { steps: 7, events: 20, neurons: n % 2 ? [90] : [50, 60], fanOut: 2 + (n % 3), delay: 1 + (n % 2) };
  const graph = randomSparse(300 + n, { ...settings, reset: n % 3 ? "sample" : "never" });
  return [graph, mapDynamics(graph, lists)] as const;
});
const backends = await availableBackends();

describe("programs of networks with dynamics", () => {
  it.runIf(backends.includes("icarus")).each([
    { name: "dense", config: dense, networks: [...mappedNetworks(5000, 12, dense)] },
    { name: "lists of synapses", config: lists, networks: sparse },
  ])(
    "use nothing that was not set: equal in Icarus, where that is unknown (needs iverilog): $name",
    { timeout: 120_000 },
    async ({ config, networks }) => {
      expect(networks.every(([, { program }]) => program.needs.scatter === config.scatter)).toBe(true);
      const device = await openRtlDevice(config, coreSources("generic"), { backend: "icarus" });
      try {
        for (const [graph, { program }] of networks) {
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
