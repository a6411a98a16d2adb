import { describe, expect, it } from "vitest";
import type { CoreConfig } from "../../../src/arch/core-config.js";
import type { Device, SampleResult } from "../../../src/arch/device.js";
import { mapNetwork } from "../../../src/map/map.js";
import type { Program } from "../../../src/program/program.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { openRtlDevice } from "../../../src/sim/rtl/core-device.js";
import type { RtlBackend } from "../../../src/sim/rtl/machine.js";
import { availableBackends } from "../../../src/sim/rtl/open.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import { seededRandom } from "../../../src/support/random.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { lifLevels, lifProgram } from "../cycle/dynamics/lif-program.js";
import { smallCores } from "../cycle/dynamics/small-cores.js";
import { differences, roomyCore } from "../cycle/mapped-networks.js";

const backends = await availableBackends();

/** Small, so that every simulator compiles it soon. */
const depths = { weightDepth: 4096, listDepth: 1024, pointerDepth: 1024, stateDepth: 1024 };
const config: CoreConfig = { ...roomyCore, ...depths, name: "small", lanes: 4 };

const networks = [600, 601].map((seed) => {
  const shape = { depth: 2, activationBits: 3, weightBits: 4, signed: false, spatial: seed % 2 === 0 };
  const graph = randomNetwork(seed, shape);
  const random = seededRandom(seed);
  const { program } = mapNetwork(convertToSpiking(graph), config, { schedule: "graded" });
  return { graph, program, samples: [randomLevels(graph, random), randomLevels(graph, random)] };
});

/** Every network on one simulator, every neuron watched. */
async function runAll(backend: RtlBackend): Promise<SampleResult[]> {
  const device = await openRtlDevice(config, coreSources("generic"), { backend });
  const results: SampleResult[] = [];
  for (const { program, samples } of networks) {
    await device.load(program);
    results.push(...(await device.runMany(samples, { watch: true })));
  }
  await device.close();
  return results;
}

/** Three samples of a network with dynamics that learns, one after the other; then its weights have changed. */
async function runDynamics(device: Device<Program>, core: CoreConfig): Promise<SampleResult[]> {
  await device.load(lifProgram(core, 3));
  const results: SampleResult[] = [];
  for (const seed of [1, 2, 3]) results.push(await device.run(lifLevels(seed), { watch: true }));
  await device.close();
  return results;
}

describe("the core in every simulator", () => {
  it("computes the golden integers, and takes as many cycles in one as in the others", {
    timeout: 300_000,
  }, async () => {
    const all: SampleResult[][] = [];
    for (const backend of backends) all.push(await runAll(backend));
    for (const results of all) expect(results).toEqual(all[0]);
    const samples = networks.flatMap(({ graph, samples }) => samples.map((levels) => ({ graph, levels })));
    samples.forEach(({ graph, levels }, i) => {
      expect(differences(graph, levels, all[0]![i]!)).toEqual([]);
    });
  });

  it("runs a network with dynamics as the cycle simulator does", { timeout: 300_000 }, async () => {
    const core = smallCores[1];
    const wanted = await runDynamics(new CycleDevice(core!), core!);
    expect(wanted.every(({ spikes }) => spikes !== undefined && spikes > 0)).toBe(true);
    for (const backend of backends) {
      const device = await openRtlDevice(core!, coreSources("generic"), { backend });
      expect(await runDynamics(device, core!), backend).toEqual(wanted);
    }
  });
});
