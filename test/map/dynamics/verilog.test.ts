import { describe, expect, it } from "vitest";
import { type CoreConfig, hx8kLifW8, up5kLifW4, up5kLifW8, up5kStdpW8 } from "../../../src/arch/core-config.js";
import { compareSamples } from "../../../src/arch/difference.js";
import { mapDynamics } from "../../../src/map/dynamics/map.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { DynamicsDevice } from "../../../src/sim/dynamics/device.js";
import { openRtlDevice } from "../../../src/sim/rtl/core-device.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomSample } from "../../random/dynamics-network.js";
import { randomSparse } from "../../random/sparse-network.js";
import { mappedNetworks, randomChain } from "./mapped-networks.js";

/** Random networks with lists of synapses that fit a core. */
function sparseNetworks(config: CoreConfig, count: number) {
  return Array.from({ length: count }, (_, n) => {
    const graph = randomSparse(firstSeed + n, {
      ...{ steps: 7, events: 20, neurons: n % 2 ? [90] : [50, 60], fanOut: 2 + (n % 3), delay: 1 + (n % 2) },
      reset: "sample",
    });
    return [graph, mapDynamics(graph, config)] as const;
  });
}

const isLong = process.env["SPIKEWRIGHT_LONG"] !== undefined;
/** Networks of each core, and steps of each network. */
const [networks, steps] = isLong ? [100, 200] : [8, 20];
/** Networks are drawn with the seeds from here on. */
const firstSeed = 100;

describe("mapped networks with dynamics on the Verilog core", () => {
  it.each([
    ...[up5kStdpW8, up5kLifW4, hx8kLifW8].map((core) => ({ ...core, learning: 2 as const, scatter: 0 as const })),
    ...[up5kLifW8, up5kLifW4].map((core) => ({ ...core, name: `${core.name} with lists`, programDepth: 512 })),
  ])(
    `$name: ${networks} networks from seed ${firstSeed} on, ${steps} steps each: every result, neuron and cycle of the simulated core, every neuron of the reference`,
    async (config) => {
      const verilog = await openRtlDevice(config, coreSources("generic"));
      try {
        const chains = Array.from({ length: Math.ceil(networks / 4) }, (_, n) => {
          const graph = randomChain(firstSeed + n, config.weightBits, 20 + n);
          return [graph, mapDynamics(graph, config)] as const;
        });
        const lists = config.scatter ? sparseNetworks(config, networks) : [];
        expect(lists.every(([, { program }]) => program.needs.scatter === 1)).toBe(true);
        for (const [graph, { program }] of [...mappedNetworks(firstSeed, networks, config), ...chains, ...lists]) {
          const core = new CycleDevice(config);
          const reference = new DynamicsDevice({ lanes: config.lanes });
          await core.load(program);
          await reference.load(graph);
          await verilog.load(program);
          const samples = Array.from({ length: Math.ceil(steps / graph.steps) }, (_, n) => randomSample(graph, n));
          const found = await verilog.runMany(samples, { watch: true });
          const wanted = samples.map((values) => core.runNow(values, { watch: true }));
          expect(found, graph.name).toEqual(wanted);
          const order = graph.populations.map(({ name }) => name);
          for (const [n, values] of samples.entries()) {
            const { first } = compareSamples(reference.runNow(values, { watch: true }), found[n]!, order);
            expect(first, `${graph.name}, sample ${n}`).toBeUndefined();
          }
        }
      } finally {
        await verilog.close();
      }
    },
    isLong ? 3_600_000 : 300_000,
  );
});
