import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { up5kW4 } from "../../../src/arch/core-config.js";
import { findBoard } from "../../../src/board/find.js";
import { loadBoards } from "../../../src/board/load.js";
import { planCore } from "../../../src/emit/core-plan.js";
import { mapNetwork } from "../../../src/map/map.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { openNetlistDevice } from "../../../src/sim/netlist/device.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import { seededRandom } from "../../../src/support/random.js";
import { build } from "../../../src/toolchain/build.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";

const wanted = process.env["SPIKEWRIGHT_LONG"] !== undefined;
const haveDatabase = existsSync("/usr/share/fpga-icestorm/chipdb/chipdb-5k.txt");
if (!wanted)
  console.warn("left out: the bitstream of the whole core takes minutes to build; set SPIKEWRIGHT_LONG to run it");
else if (!haveDatabase) console.warn("left out: the bitstream of the whole core, because fpga-icestorm is missing");

const minutes = 60_000;

describe.runIf(wanted && haveDatabase)("the bitstream of the core, read back", () => {
  it(
    "computes what the cycle simulator computes, in as many cycles",
    async () => {
      const board = findBoard(loadBoards(), "icebreaker");
      // a slow clock and a fast UART: the simulation gives its time to the core, not to the bits of the line
      const options = { frequencyHz: 24e6, baud: 3e6, seeds: 1 };
      const plan = planCore(board, up5kW4, coreSources("ice40up", ["core", "link"]), options);
      const { bitstream } = await build(plan, "build/test/netlist-core", { allowTimingFailure: true });
      const device = await openNetlistDevice({
        bitstream,
        constraints: plan.files.get("pins.pcf")!,
        device: "5k",
        package: "sg48",
        clock: "clk_pin_i",
        config: up5kW4,
        divider: plan.clocking.baudDivider,
      });
      const cycle = new CycleDevice(up5kW4);
      for (let seed = 400; seed < 406; seed++) {
        const shape = { depth: 1 + (seed % 4), activationBits: 2 + (seed % 3), weightBits: 4, signed: false };
        const graph = randomNetwork(seed, { ...shape, spatial: seed % 2 === 0 });
        const random = seededRandom(seed);
        const samples = [randomLevels(graph, random), randomLevels(graph, random)];
        const { program } = mapNetwork(convertToSpiking(graph), up5kW4, { schedule: "graded" });
        await device.load(program);
        cycle.loadNow(program);
        const expected = samples.map((levels) => cycle.runNow(levels));
        expect(await device.runMany(samples), `seed ${seed}`).toEqual(expected);
      }
      await device.close();
    },
    30 * minutes,
  );
});
