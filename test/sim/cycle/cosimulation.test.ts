import { describe, expect, it } from "vitest";
import { type CoreConfig, up5kW4 } from "../../../src/arch/core-config.js";
import { mapNetwork } from "../../../src/map/map.js";
import { type Program, shapeSize } from "../../../src/program/program.js";
import { selfTest } from "../../../src/program/self-test.js";
import { CycleCore } from "../../../src/sim/cycle/core.js";
import { loadProgram } from "../../../src/sim/cycle/load.js";
import type { PassObserver } from "../../../src/sim/cycle/pass-runner.js";
import { availableBackends } from "../../../src/sim/rtl/open.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import type { Schedule } from "../../../src/snn/graph.js";
import { seededRandom } from "../../../src/support/random.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { CoreMachine, type CoreSample, comparedRegisters, registerAddress } from "./core-machine.js";
import { roomyCore } from "./mapped-networks.js";

const backends = await availableBackends();
if (!backends.includes("verilator")) console.warn("left out: co-simulation of the core, because Verilator is missing");

const schedules: readonly Schedule[] = ["graded", "radix", "unary", "pipelined"];

/** One sample on the cycle simulator, seen as the co-simulation sees the Verilog. */
function runCycle(core: CycleCore, program: Program, levels: Uint8Array): CoreSample {
  const neurons: string[] = [];
  const observer: PassObserver = {
    record: { membranes: new Int32Array(0), tracers: new Int32Array(0) },
    passed(address, pass) {
      for (let n = 0; n < pass.neurons; n++)
        neurons.push(`${address} ${this.record.membranes[n]} ${this.record.tracers[n]}`);
    },
  };
  core.observer = observer;
  core.push(levels);
  const word = (name: string) => new DataView(core.read("registers", registerAddress(name)).buffer).getUint32(0, true);
  const { state, shape } = program.readout;
  return {
    registers: Object.fromEntries(comparedRegisters.map((name) => [name, word(name)])),
    potentials: [...core.memories.kernel.membranes.subarray(state, state + shapeSize(shape))],
    neurons,
  };
}

async function compareNetworks(config: CoreConfig, schedule: Schedule, seeds: readonly number[]): Promise<number> {
  const machine = await CoreMachine.open(config);
  const core = new CycleCore(config);
  let cycles = 0;
  for (const seed of seeds) {
    const spatial = seed % 2 === 0;
    const graph = randomNetwork(seed, {
      depth: 1 + (seed % 4),
      activationBits: 2 + (seed % 3),
      weightBits: 4,
      signed: false,
      spatial,
    });
    const { program } = mapNetwork(convertToSpiking(graph), config, { schedule });
    await machine.load(program);
    loadProgram(core, program);
    const random = seededRandom(seed);
    for (let sample = 0; sample < 2; sample++) {
      const levels = randomLevels(graph, random);
      const expected = await machine.run(program, levels);
      expect(runCycle(core, program, levels), `seed ${seed}, sample ${sample}`).toEqual(expected);
      cycles += expected.registers["cycles"]!;
    }
  }
  await machine.close();
  return cycles;
}

describe.runIf(backends.includes("verilator"))("the cycle simulator and the Verilog core", () => {
  it.each(schedules)("agree on cycles, counters and every neuron of random networks, schedule %s", async (schedule) => {
    const seeds = Array.from({ length: 100 }, (_, i) => 100 + i);
    expect(await compareNetworks(roomyCore, schedule, seeds)).toBeGreaterThan(10_000);
  });

  it("agree on the self-test, at every breakpoint, and on when the watchdog stops it", async () => {
    const config: CoreConfig = { ...up5kW4, technology: "generic" };
    const { program, levels } = selfTest(config);
    const machine = await CoreMachine.open(config);
    const core = new CycleCore(config);
    const run = async (registers: Record<string, number>) => {
      loadProgram(core, program);
      for (const [name, value] of Object.entries(registers))
        core.write("registers", registerAddress(name), new Uint8Array(Uint32Array.of(value).buffer));
      await machine.load(program, registers);
      return { verilog: await machine.run(program, levels, 5000), cycle: runCycle(core, program, levels) };
    };
    for (let passes = 0; passes <= 8; passes++) {
      const { verilog, cycle } = await run({ break: passes, watchdog: 0 });
      expect(cycle, `break ${passes}`).toEqual(verilog);
    }
    const { cycles } = (await run({ break: 0, watchdog: 0 })).verilog.registers;
    for (const watchdog of [100, cycles! - 4, cycles! - 3, cycles! - 2, cycles! - 1, cycles!]) {
      const { verilog, cycle } = await run({ watchdog, break: 0 });
      const [a, b] = [verilog, cycle].map(({ registers }) => [registers["status"]! & 0xff, registers["cycles"]]);
      expect(b, `watchdog ${watchdog}`).toEqual(a);
    }
    await machine.close();
  });

  it("agree on the configuration of the UP5K", async () => {
    const seeds = Array.from({ length: 20 }, (_, i) => 200 + i);
    expect(await compareNetworks({ ...up5kW4, technology: "generic" }, "graded", seeds)).toBeGreaterThan(1000);
  });
});
