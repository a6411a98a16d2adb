import { afterAll, describe, expect, it } from "vitest";
import type { CoreConfig } from "../../../../src/arch/core-config.js";
import { instructionWord, setWord, stepTable } from "../../../../src/program/instruction.js";
import { availableBackends } from "../../../../src/sim/rtl/open.js";
import { type CoreRun, type CoreView, runCycleCore } from "./core-run.js";
import { randomMemories, regionsOf } from "./random-memories.js";
import { smallCores } from "./small-cores.js";
import { VerilogCore } from "./verilog-core.js";

const backends = await availableBackends();

/** A sample with a pass of 12 neurons, a `learn` and a `reward`, each some dozen cycles. */
function program(config: CoreConfig, tail: readonly number[]): CoreRun {
  const code = [
    setWord("channels", { count: 4 }),
    setWord("list", { address: 0 }),
    setWord("pointer", { address: 0 }),
    setWord("seed", { value: 5 }),
    instructionWord("input", { count: 4 }),
    setWord("source-size", { width: 1, height: 1 }),
    setWord("kernel", { width: 1, rows: 1 }),
    setWord("grid", { columns: 3, rows: 1 }),
    setWord("window", { columns: 1, rows: 1, groups: 1 }),
    setWord("lanes", { visit: 2, last: 2, position: 2 }),
    setWord("behaviour", { spacing: 20 }),
    setWord("list", { address: 60 }),
    setWord("pointer", { address: 30 }),
    0,
    setWord("learn-source", { state: 3, rows: 4 }),
    setWord("pre-rule", { kind: 1, amount: 1 }),
    setWord("post-rule", { kind: 1, amount: 1 }),
    setWord("weight-bounds", { min: -2, max: 1 }),
    ...tail,
    instructionWord("done"),
    instructionWord("jump", { address: 0 }),
  ];
  const table = code.length;
  code[code.indexOf(0)] = instructionWord("pass", { store: 1, emit: 1, argmax: 1, table });
  return {
    config,
    ...randomMemories(config, 9, regionsOf(config)),
    words: [...code, ...stepTable([])],
    levels: [1, 0, 1, 1],
  };
}

const learn = instructionWord("learn");
const reward = instructionWord("reward");
const setRewardRows = setWord("channels", { count: 3 });

/** Status (state, fault, program counter) and cycles. */
const stop = ({ registers }: CoreView) => [registers["status"], registers["cycles"]];

describe.runIf(backends.includes("verilator"))("cores with dynamics stop early as their Verilog does", async () => {
  const [learning, , , still, scattering] = smallCores;
  const machines = new Map<CoreConfig, VerilogCore>();
  const both = async (run: CoreRun): Promise<{ cycle: unknown[]; verilog: unknown[] }> => {
    const machine = machines.get(run.config) ?? (await VerilogCore.open(run.config));
    machines.set(run.config, machine);
    return { cycle: stop(runCycleCore(run)), verilog: stop(await machine.run(run)) };
  };
  afterAll(async () => {
    for (const machine of machines.values()) await machine.close();
  });

  it.each([
    ["learn without learning", still!, [learn], 0x13],
    ["reward without learning", still!, [reward], 0x13],
    ["scatter without scatter", learning!, [instructionWord("scatter")], 0x13],
    ["a register beyond the last", learning!, [instructionWord("set", { register: 32 })], 0x13],
    ["an opcode that does not exist", learning!, [0xd0000000], 0x13],
    ["nothing", learning!, [learn, setRewardRows, reward], 0x01],
    ["the register that is no register", learning!, [instructionWord("set", { register: 31 })], 0x01],
    ["halt after learning", learning!, [learn, instructionWord("halt")], 0x00],
  ] as const)("at %s", async (_, config, tail, status) => {
    const { cycle, verilog } = await both(program(config, tail));
    expect(cycle).toEqual(verilog);
    expect((cycle[0] as number) & 0xff).toBe(status);
  });

  const lists = [setWord("origin-pointer", { address: 0 }), instructionWord("scatter")];

  it.each([
    ["a pass, a learn or a reward", learning!, [learn, setRewardRows, reward]],
    ["a scatter", scattering!, [...lists, ...lists, ...lists]],
  ] as const)("when the watchdog bites in %s", async (_, config, tail) => {
    const run = program(config, tail);
    const cycles = (await both(run)).cycle[1] as number;
    expect(cycles).toBeGreaterThan(120);
    for (let watchdog = 3; watchdog <= cycles + 1; watchdog += watchdog > cycles - 6 ? 1 : 7) {
      const { cycle, verilog } = await both({ ...run, watchdog });
      // the Verilog goes on for some instructions until it stops, so its program counter may be further
      const [found, wanted] = [cycle, verilog].map(([status, spent]) => [(status as number) & 0xff, spent]);
      expect(found, `watchdog ${watchdog}`).toEqual(wanted);
    }
  });
});
