import { describe, expect, it } from "vitest";
import { type CoreConfig, coreConfigs, up5kW4 } from "../../../src/arch/core-config.js";
import { type MemoryName, memoryDepth, wordBits, wordBytes } from "../../../src/arch/memory.js";
import { mapNetwork } from "../../../src/map/map.js";
import { assemble } from "../../../src/program/assembly/assemble.js";
import { programHash } from "../../../src/program/hash.js";
import { memoryImages } from "../../../src/program/memory-image.js";
import { selfTest } from "../../../src/program/self-test.js";
import { CycleCore } from "../../../src/sim/cycle/core.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { loadProgram } from "../../../src/sim/cycle/load.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { seededRandom } from "../../../src/support/random.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { registerAddress } from "./core-machine.js";
import { differences, roomyCore } from "./mapped-networks.js";

const memories: readonly MemoryName[] = ["program", "parameters", "pointers", "list", "state", "weights"];

function readRegister(core: CycleCore, name: string): number {
  return new DataView(core.read("registers", registerAddress(name)).buffer).getUint32(0, true);
}

function writeRegister(core: CycleCore, name: string, value: number): void {
  core.write("registers", registerAddress(name), new Uint8Array(Uint32Array.of(value).buffer));
}

function codeOf(error: () => unknown): string | undefined {
  try {
    error();
  } catch (caught) {
    if (caught instanceof SpikewrightError) return caught.diagnostics[0]!.code;
    throw caught;
  }
  return undefined;
}

const program = (code: string) =>
  assemble(`.program "p"\n.input "in" shape=1x1x1 max=1\n.readout "out" shape=1x1x1 state=0\n${code}`, {
    core: up5kW4,
  });

describe.each(coreConfigs)("the host bus of $name", (config: CoreConfig) => {
  it("gives back every bit of every memory", () => {
    const core = new CycleCore(config);
    const random = seededRandom(1);
    for (const memory of memories) {
      const bits = wordBits(config, memory);
      const size = wordBytes(config, memory);
      for (let i = 0; i < 40; i++) {
        const address = Math.floor(random() * memoryDepth(config, memory));
        const word = new Uint8Array(size).map(() => Math.floor(random() * 256));
        if (bits % 8 !== 0) word[size - 1]! &= 2 ** (bits % 8) - 1;
        core.write(memory, address, word);
        expect([...core.read(memory, address)], memory).toEqual([...word]);
      }
    }
  });

  it("describes the core in its registers", () => {
    const core = new CycleCore(config);
    expect(readRegister(core, "identity")).toBe(0x53504b31);
    expect(readRegister(core, "config0") & 0xff).toBe(config.lanes);
    expect((readRegister(core, "config1") >>> 8) & 0xff).toBe(config.quotientBits);
    expect(2 ** (readRegister(core, "config2") & 15)).toBe(config.weightDepth);
    expect(readRegister(core, "control")).toBe(0);
  });
});

describe("CycleCore", () => {
  it("loaded word by word does what it does loaded at once", () => {
    const { program: test, levels } = selfTest(up5kW4);
    const quick = new CycleCore(up5kW4);
    loadProgram(quick, test);
    const slow = new CycleCore(up5kW4);
    for (const { memory, words, bytes } of memoryImages(test, up5kW4)) {
      const size = bytes.length / words;
      for (let i = 0; i < words; i++) slow.write(memory, i, bytes.subarray(i * size, (i + 1) * size));
    }
    expect(readRegister(slow, "status")).toBe(0);
    writeRegister(slow, "control", 1);
    expect(readRegister(slow, "status") & 15).toBe(1);
    for (const core of [quick, slow]) expect(core.push(levels)).toBe(8);
    for (const name of ["cycles", "operations", "spikes", "stalls", "decision", "best", "input"])
      expect(readRegister(slow, name), name).toBe(readRegister(quick, name));
    expect(readRegister(quick, "hash")).toBe(programHash(test));
  });

  it("takes input in any pieces, and closes its memories from the first value to the last", () => {
    const { program: test, levels } = selfTest(up5kW4);
    const whole = new CycleCore(up5kW4);
    const pieces = new CycleCore(up5kW4);
    for (const core of [whole, pieces]) loadProgram(core, test);
    whole.push(levels);
    expect(pieces.idle).toBe(true);
    pieces.push(levels.subarray(0, 3));
    expect(pieces.idle).toBe(false);
    expect([...pieces.read("weights", 0)].every((byte) => byte === 0)).toBe(true);
    pieces.write("weights", 0, new Uint8Array(8).fill(1));
    expect(readRegister(pieces, "input")).toBe(5);
    pieces.push(levels.subarray(3, 4));
    expect(pieces.push(levels.subarray(4))).toBe(4);
    expect(pieces.idle).toBe(true);
    expect(readRegister(pieces, "best")).toBe(readRegister(whole, "best"));
    expect(readRegister(pieces, "cycles")).toBe(readRegister(whole, "cycles"));
  });

  it("stops at a breakpoint with its memories open, and starts again", () => {
    const { program: test, levels, potentials } = selfTest(up5kW4);
    const core = new CycleCore(up5kW4);
    loadProgram(core, test);
    writeRegister(core, "break", 1);
    core.push(levels);
    expect(readRegister(core, "status") & 15).toBe(4);
    // tracer of neuron 3 of the first pass
    expect(core.read("state", 3)[3]).toBe(15);
    expect(core.push(levels)).toBe(0);
    writeRegister(core, "break", 0);
    writeRegister(core, "control", 1);
    core.push(levels);
    expect([...core.memories.kernel.membranes.subarray(16, 24)]).toEqual([...potentials]);
    writeRegister(core, "control", 2);
    expect(readRegister(core, "status") & 15).toBe(0);
    expect(core.waiting).toBe(0);
  });

  it("stops with a fault when the watchdog bites or an instruction is illegal", () => {
    const { program: test, levels } = selfTest(up5kW4);
    const core = new CycleCore(up5kW4);
    loadProgram(core, test);
    core.push(levels);
    const cycles = readRegister(core, "cycles");
    for (const [watchdog, state] of [
      [cycles - 1, 1],
      [cycles - 2, 3],
    ] as const) {
      writeRegister(core, "watchdog", watchdog);
      writeRegister(core, "control", 1);
      core.push(levels);
      expect(readRegister(core, "status") & 15, `watchdog ${watchdog}`).toBe(state);
    }
    expect((readRegister(core, "status") >>> 4) & 15).toBe(2);
    expect(readRegister(core, "cycles")).toBe(cycles);
    writeRegister(core, "watchdog", 200);
    writeRegister(core, "control", 1);
    core.push(levels);
    expect(readRegister(core, "cycles")).toBe(203);
    loadProgram(core, program("  input count=1\n  halt"));
    core.write("program", 1, Uint8Array.of(0, 0, 0, 0xf0));
    core.push([1]);
    expect(readRegister(core, "status") & 0xff).toBe(0x13);
  });

  it("refuses endless programs and passes without end instead of hanging", () => {
    const core = new CycleCore(up5kW4);
    expect(codeOf(() => loadProgram(core, program("here: jump here")))).toBe("program-runaway");
    const table = ".step window-column\n.step window-row\n.step group\n.step column\n.step row\n";
    const pass = (lines: string) => program(`${lines}\n  pass table=t\n  input count=1\n  halt\nt:\n${table}`);
    expect(codeOf(() => loadProgram(core, pass("")))).toBe("pass-illegal");
    const huge =
      "set grid columns=2047 rows=2047\nset window columns=15 rows=15 groups=1023\nset lanes visit=1 last=1 position=1";
    expect(codeOf(() => loadProgram(core, pass(huge)))).toBe("pass-too-large");
    const wide =
      "set grid columns=1 rows=1\nset window columns=1 rows=1 groups=1\nset lanes visit=17 last=1 position=1";
    expect(codeOf(() => loadProgram(core, pass(wide)))).toBe("pass-illegal");
  });
});

describe("CycleDevice", () => {
  const graph = randomNetwork(6, { depth: 3, activationBits: 3, weightBits: 4, signed: false, spatial: true });
  const { program: mapped } = mapNetwork(convertToSpiking(graph), roomyCore);
  const levels = randomLevels(graph, seededRandom(1));

  it("refuses programs that do not fit and samples of another size", () => {
    const device = new CycleDevice(up5kW4);
    expect(codeOf(() => device.loadNow(mapped))).toBe("program-misfit");
    const roomy = new CycleDevice(roomyCore);
    roomy.loadNow(mapped);
    expect(codeOf(() => roomy.runNow(levels.subarray(1)))).toBe("input-shape");
    expect(roomy.runNow(levels).decision).toBe(roomy.runNow(levels).decision);
  });

  it("says why a sample did not finish, and works again", () => {
    const device = new CycleDevice(roomyCore);
    device.loadNow(mapped);
    device.core.registers.break = 1;
    expect(codeOf(() => device.runNow(levels))).toBe("core-stopped");
    device.core.registers.break = 0;
    expect(differences(graph, levels, device.runNow(levels, { watch: true }))).toEqual([]);
  });

  it("a changed weight, threshold, pointer register or dropped input is seen by the comparison", () => {
    const run = (change: (device: CycleDevice) => void, sample = levels) => {
      const device = new CycleDevice(roomyCore);
      device.loadNow(mapped);
      change(device);
      return differences(graph, levels, device.runNow(sample, { watch: true })).length;
    };
    expect(run(() => {})).toBe(0);
    const used = mapped.weights.findIndex((w) => w > 1);
    const row = Math.floor(used / 16);
    const flip = ({ core: { memories: m } }: CycleDevice) => {
      m.kernel.weights[row * m.kernel.lanes + (used % 16)] = -5;
    };
    expect(run(flip)).toBeGreaterThan(0);
    expect(run(({ core }) => void core.memories.thresholds.fill(1000))).toBeGreaterThan(0);
    const pointer = mapped.words.findIndex((word) => word >>> 22 === (1 << 6) + 3);
    const moved = { ...mapped, words: mapped.words.map((word, i) => (i === pointer ? word + 1 : word)) };
    expect(run((device) => device.loadNow(moved))).toBeGreaterThan(0);
    const first = levels.findIndex((level) => level > 0);
    const dropped = levels.map((level, i) => (i === first ? 0 : level));
    expect(run(() => {}, dropped)).toBeGreaterThan(0);
  });
});
