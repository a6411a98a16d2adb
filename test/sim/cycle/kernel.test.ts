import { describe, expect, it } from "vitest";
import { type CoreConfig, up5kW4, up5kW8 } from "../../../src/arch/core-config.js";
import { WalkClock } from "../../../src/arch/timing.js";
import { mapNetwork } from "../../../src/map/map.js";
import { rowField, rowWords } from "../../../src/program/pass/visits.js";
import { CycleCore } from "../../../src/sim/cycle/core.js";
import { loadProgram } from "../../../src/sim/cycle/load.js";
import type { PreparedPass } from "../../../src/sim/cycle/pass-cache.js";
import type { PassObserver } from "../../../src/sim/cycle/pass-runner.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import type { Schedule } from "../../../src/snn/graph.js";
import { seededRandom } from "../../../src/support/random.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { roomyCore } from "./mapped-networks.js";

const schedules: readonly Schedule[] = ["graded", "radix", "unary", "pipelined"];
const configs: readonly CoreConfig[] = [
  roomyCore,
  { ...roomyCore, ...up5kW4, stateDepth: 8192, pointerDepth: 4096, programDepth: 1024 },
  { ...roomyCore, lanes: 32 },
  { ...up5kW8, lanes: 8, stateDepth: 4096, listDepth: 4096, pointerDepth: 4096, programDepth: 1024, quotientBits: 8 },
];

function* networks(config: CoreConfig) {
  for (let seed = 1; seed <= 16; seed++) {
    const options = {
      depth: 1 + (seed % 4),
      activationBits: 2 + (seed % 3),
      weightBits: 4,
      signed: false,
      spatial: seed % 4 !== 0,
    };
    const graph = randomNetwork(seed, options);
    const { program } = mapNetwork(convertToSpiking(graph), config, { schedule: schedules[seed % 4]! });
    yield { graph, program, random: seededRandom(seed) };
  }
}

/** Everything that a host could see. */
function memoriesOf({ memories, registers }: CycleCore) {
  const { list, pointers, membranes, tracers } = memories.kernel;
  const { cycles, operations, spikes, stalls, decision, best } = registers;
  return {
    list: [...list],
    pointers: [...pointers],
    membranes: [...membranes],
    tracers: [...tracers],
    counters: [cycles, operations, spikes, stalls, decision, best],
  };
}

class Recorder implements PassObserver {
  readonly record = { membranes: new Int32Array(0), tracers: new Int32Array(0) };
  readonly passed: PassObserver["passed"];
  constructor(passed: PassObserver["passed"] = () => {}) {
    this.passed = passed;
  }
}

describe.each(configs)("the kernel of a core with $lanes lanes, $accumulatorBits-bit sums", (config) => {
  it("fires as the loop over single neurons does", () => {
    for (const { graph, program, random } of networks(config)) {
      const fast = new CycleCore(config);
      const slow = new CycleCore(config);
      slow.observer = new Recorder();
      for (const core of [fast, slow]) loadProgram(core, program);
      for (let sample = 0; sample < 3; sample++) {
        const levels = randomLevels(graph, random);
        fast.push(levels);
        slow.push(levels);
        expect(memoriesOf(fast), graph.name).toEqual(memoriesOf(slow));
      }
    }
  });

  it("walks as the definition does", () => {
    for (const { graph, program, random } of networks(config)) {
      const core = new CycleCore(config);
      loadProgram(core, program);
      // after a pass its list is still there, and its sums
      core.observer = new Recorder((address, pass) => {
        const word = program.words[address]!;
        const { sums, token } = walkByDefinition(core, pass, (word & 0x10000) !== 0);
        const at = pass.sums >> 2;
        expect([...core.memories.kernel.words.subarray(at, at + sums.length)], graph.name).toEqual(sums);
        expect(core.memories.kernel.token).toBe(token);
      });
      core.push(randomLevels(graph, random));
    }
  });
});

/** Sums of all visits of a pass and the cycle of its last token, entry by entry and lane by lane. */
function walkByDefinition({ memories }: CycleCore, pass: PreparedPass, signed: boolean) {
  const { config, kernel } = memories;
  const { rows } = pass.plan;
  const sums: number[] = [];
  const clock = new WalkClock();
  let lanes = new Array<number>(kernel.lanes).fill(0);
  const field = (row: number, name: keyof typeof rowField) => rows[row + rowField[name]]!;
  for (let row = 0; row < rows.length; row += rowWords) {
    const start = kernel.pointers[field(row, "start")]!;
    const end = kernel.pointers[field(row, "end")]!;
    for (let entry = start; entry < end; entry++) {
      const word = kernel.list[entry]!;
      const coded = word >>> 16;
      const payload = signed && coded >= 128 ? 128 - coded : coded;
      const weightRow = (field(row, "offset") + (word & 0xffff)) % config.weightDepth;
      lanes = lanes.map((sum, lane) => sum + payload * kernel.weights[weightRow * kernel.lanes + lane]!);
    }
    clock.row(field(row, "time"), end - start, field(row, "close"));
    if (field(row, "close") === 0) continue;
    sums.push(...lanes);
    lanes = lanes.map(() => 0);
  }
  return { sums, token: clock.token };
}
