import { describe, expect, it } from "vitest";
import { mapNetwork } from "../../../src/map/map.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import type { Schedule } from "../../../src/snn/graph.js";
import { seededRandom } from "../../../src/support/random.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { differences, roomyCore } from "./mapped-networks.js";

const schedules: readonly Schedule[] = ["graded", "radix", "unary", "pipelined"];

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
