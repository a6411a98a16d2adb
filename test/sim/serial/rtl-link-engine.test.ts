import { afterAll, describe, expect, it } from "vitest";
import type { CoreConfig } from "../../../src/arch/core-config.js";
import { memorySelect, wordBytes } from "../../../src/arch/memory.js";
import { resultBytes } from "../../../src/arch/packet.js";
import { mapNetwork } from "../../../src/map/map.js";
import { memoryImages } from "../../../src/program/memory-image.js";
import type { Program } from "../../../src/program/program.js";
import { coreDesign } from "../../../src/sim/rtl/core-design.js";
import { availableBackends } from "../../../src/sim/rtl/open.js";
import { packValues, readFrame, runFrame, stopFrame, writeFrame } from "../../../src/sim/serial/frames.js";
import { linkCoreDesign, RtlLinkEngine } from "../../../src/sim/serial/rtl-link-engine.js";
import { CycleLinkEngine } from "../../../src/sim/virtual/link-engine.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import { seededRandom } from "../../../src/support/random.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { randomLevels, randomNetwork } from "../../random/quant-network.js";
import { lifLevels, lifProgram } from "../cycle/dynamics/lif-program.js";
import { smallCores } from "../cycle/dynamics/small-cores.js";
import { roomyCore } from "../cycle/mapped-networks.js";

const backends = await availableBackends();
if (!backends.includes("verilator")) console.warn("left out: the link of the Verilog, because Verilator is missing");

const config: CoreConfig = { ...roomyCore, name: "linked", lanes: 8 };
const opened: RtlLinkEngine[] = [];
afterAll(() => Promise.all(opened.map((engine) => engine.close())));

/** Frames that load a program and run a sample of it. */
function conversation(config: CoreConfig, program: Program, levels: Uint8Array): Uint8Array[] {
  const frames = [stopFrame(1)];
  for (const { memory, bytes, words } of memoryImages(program, config)) {
    const size = bytes.length / words;
    const step = Math.floor(480 / size) * size;
    for (let at = 0; at < bytes.length; at += step) {
      const part = bytes.subarray(at, at + step);
      frames.push(writeFrame(frames.length, memorySelect[memory], at / size, part));
    }
  }
  frames.push(writeFrame(frames.length, memorySelect.registers, 5, Uint8Array.of(1, 0, 0, 0)));
  const { bits } = program.input;
  frames.push(runFrame(frames.length, levels.length, bits, resultBytes(true), packValues(levels, bits)));
  const size = wordBytes(config, "state");
  frames.push(readFrame(frames.length, memorySelect.state, 0, Math.floor(300 / size) * size));
  return frames;
}

/** A random converted network. */
function convertedNetwork(seed: number): Uint8Array[] {
  const shape = { depth: 2, activationBits: 3, weightBits: 4, signed: false, spatial: seed % 2 === 0 };
  const graph = randomNetwork(seed, shape);
  const { program } = mapNetwork(convertToSpiking(graph), config, { schedule: "graded" });
  return conversation(config, program, randomLevels(graph, seededRandom(seed)));
}

describe.runIf(backends.includes("verilator"))("the link of the Verilog", () => {
  const open = async (core: CoreConfig) => {
    const { parameters } = coreDesign(core, new Map());
    const engine = await RtlLinkEngine.open(linkCoreDesign(parameters, coreSources("generic", ["core", "link"])));
    opened.push(engine);
    return { engine, twin: new CycleLinkEngine(core) };
  };

  it("answers byte for byte what its twin answers, noise included", async () => {
    const { engine, twin } = await open(config);
    for (let seed = 500; seed < 506; seed++) {
      for (const frame of convertedNetwork(seed)) {
        expect(await engine.receive(frame), `seed ${seed}`).toEqual(Buffer.from(await twin.receive(frame)));
      }
      const broken = convertedNetwork(seed)[2]!.slice(0, 20);
      for (const each of [engine, twin]) expect(await each.receive(broken)).toHaveLength(0);
      expect(await engine.quiet(true)).toEqual(Buffer.from(await twin.quiet(true)));
    }
  });

  it("answers with the 64-bit words of a core with dynamics", async () => {
    const core = { ...smallCores[1]!, linkDepth: 512 };
    const { engine, twin } = await open(core);
    for (let seed = 1; seed <= 3; seed++) {
      const program = lifProgram(core, seed);
      for (const frame of conversation(core, program, lifLevels(seed)))
        expect(await engine.receive(frame), `seed ${seed}`).toEqual(Buffer.from(await twin.receive(frame)));
      for (const memory of ["parameters", "weights", "state"] as const) {
        const frame = readFrame(9, memorySelect[memory], 3, 5 * wordBytes(core, memory));
        const answer = await engine.receive(frame);
        expect(answer).toEqual(Buffer.from(await twin.receive(frame)));
        expect(answer.length).toBeGreaterThan(5 * 8);
      }
    }
  });
});
