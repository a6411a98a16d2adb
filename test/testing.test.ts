import { describe, expect, it } from "vitest";
import { CycleDevice } from "../src/sim/cycle/device.js";
import { availableBackends } from "../src/sim/rtl/open.js";
import { hx8kW4, openVirtualBoard, up5kW4 } from "../src/testing.js";
import { randomProgram, randomSamples } from "./runtime/programs.js";

const backends = await availableBackends();
if (backends.length === 0) console.warn("left out: the virtual board in Verilog, because no simulator is there");

describe("spikewright/testing", () => {
  it("does what its example says", async () => {
    const program = randomProgram(3);
    const [levels] = randomSamples(program, 1);
    const board = await openVirtualBoard({ noise: { every: 1000 } });
    await board.load(program);
    const { decision, cycles } = await board.run(levels!);
    const core = new CycleDevice(up5kW4);
    core.loadNow(program);
    expect({ decision, cycles }).toMatchObject({
      decision: core.runNow(levels!).decision,
      cycles: core.runNow(levels!).cycles,
    });
    await board.close();
  });

  it.runIf(backends.length > 0).each([hx8kW4])(
    "runs the Verilog of $name with equal results and cycles",
    async (config) => {
      const board = await openVirtualBoard({ config, engine: "rtl", noise: { every: 2000 } });
      const core = new CycleDevice(config);
      for (const seed of [1, 2, 3]) {
        const program = randomProgram(seed, seed === 2, config);
        const samples = randomSamples(program, 20, seed);
        core.loadNow(program);
        await board.load(program);
        expect(await board.run(samples[0]!)).toEqual(core.runNow(samples[0]!));
        expect(await board.runMany(samples)).toEqual(
          samples.map((levels) => {
            const { potentials: _, ...rest } = core.runNow(levels);
            return rest;
          }),
        );
      }
      await board.close();
    },
  );
});
