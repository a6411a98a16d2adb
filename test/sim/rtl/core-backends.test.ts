import { describe, expect, it } from "vitest";
import type { CoreConfig } from "../../../src/arch/core-config.js";
import { mapNetwork } from "../../../src/map/map.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { openRtlDevice } from "../../../src/sim/rtl/core-device.js";
import { availableBackends } from "../../../src/sim/rtl/open.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import { seededRandom } from "../../../src/support/random.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { roomyCore } from "../cycle/mapped-networks.js";

const backends = await availableBackends();

/** Small, so that every simulator compiles it soon. */
const config: CoreConfig = {
  ...roomyCore,
  name: "small",
  lanes: 4,
  weightDepth: 4096,
  listDepth: 1024,
  stateDepth: 1024,
};

describe.each(backends)("the core in %s", (backend) => {
  it("computes what the cycle simulator computes, every neuron watched", async () => {
    const device = await openRtlDevice(config, coreSources("generic"), { backend });
    const cycle = new CycleDevice(config);
    for (let seed = 600; seed < (backend === "icarus" ? 602 : 606); seed++) {
      const shape = { depth: 2, activationBits: 3, weightBits: 4, signed: false, spatial: seed % 2 === 0 };
      const graph = randomNetwork(seed, shape);
      const { program } = mapNetwork(convertToSpiking(graph), config, { schedule: "graded" });
      await device.load(program);
      cycle.loadNow(program);
      const random = seededRandom(seed);
      const samples = [randomLevels(graph, random), randomLevels(graph, random)];
      const expected = samples.map((levels) => cycle.runNow(levels, { watch: true }));
      expect(await device.runMany(samples, { watch: true }), `seed ${seed}`).toEqual(expected);
    }
    await device.close();
  });
});
