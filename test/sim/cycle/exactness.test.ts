import { describe, expect, it } from "vitest";
import type { CoreConfig } from "../../../src/arch/core-config.js";
import { mapNetwork, tryMapping } from "../../../src/map/map.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import type { Schedule } from "../../../src/snn/graph.js";
import { seededRandom } from "../../../src/support/random.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { differences, roomyCore } from "./mapped-networks.js";

const schedules: readonly Schedule[] = ["graded", "radix", "unary", "pipelined"];

/** Cores on which lists have to be made in tiles, and sums in parts. */
const tightCores: readonly CoreConfig[] = [
  { ...roomyCore, name: "short list", listDepth: 128, pointerDepth: 128 },
  { ...roomyCore, name: "narrow sums", accumulatorBits: 11, weightBits: 4, lanes: 12 },
  { ...roomyCore, name: "both", accumulatorBits: 12, weightBits: 4, lanes: 8, listDepth: 128, pointerDepth: 256 },
];

describe.each(tightCores)("on a core with $name", (config) => {
  it.each(schedules)("networks that fit compute the golden integers, schedule %s", (schedule) => {
    let mapped = 0;
    let cut = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const graph = randomNetwork(seed, {
        depth: 1 + (seed % 4),
        activationBits: 2 + (seed % 3),
        weightBits: 4,
        signed: false,
        spatial: seed % 3 !== 0,
      });
      const snn = convertToSpiking(graph);
      const { mapping } = tryMapping(snn, config, { schedule });
      if (!mapping) continue;
      mapped++;
      const roomy = mapNetwork(snn, { ...roomyCore, lanes: config.lanes }, { schedule });
      if (mapping.program.passes.length > roomy.program.passes.length) cut++;
      const device = new CycleDevice(config);
      device.loadNow(mapping.program);
      const levels = randomLevels(graph, seededRandom(seed));
      expect(differences(graph, levels, device.runNow(levels, { watch: true })), `seed ${seed}`).toEqual([]);
    }
    expect(mapped).toBeGreaterThan(20);
    expect(cut).toBeGreaterThan(2);
  });
});

describe.each(schedules)("mapped networks, schedule %s", (schedule) => {
  it.each([
    ["dense", false],
    ["convolutions, pools, residual additions", true],
  ])("compute the golden integers: %s", (_, spatial) => {
    for (let seed = 1; seed <= 60; seed++) {
      const graph = randomNetwork(seed, {
        depth: 1 + (seed % 4),
        activationBits: 2 + (seed % 3),
        weightBits: 4,
        signed: false,
        spatial,
      });
      const { program } = mapNetwork(convertToSpiking(graph), roomyCore, { schedule });
      const device = new CycleDevice(roomyCore);
      device.loadNow(program);
      const random = seededRandom(seed);
      for (let sample = 0; sample < 3; sample++) {
        const levels = randomLevels(graph, random);
        const result = device.runNow(levels, { watch: true });
        expect(differences(graph, levels, result), `seed ${seed}, sample ${sample}`).toEqual([]);
        expect(result.cycles).toBeLessThanOrEqual(program.worstCaseCycles);
      }
    }
  });
});
