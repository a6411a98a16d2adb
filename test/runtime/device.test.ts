import { afterEach, describe, expect, it } from "vitest";
import { up5kW4 } from "../../src/arch/core-config.js";
import { programHash } from "../../src/program/hash.js";
import { connect } from "../../src/runtime/connect.js";
import type { BoardDevice } from "../../src/runtime/device.js";
import { CycleDevice } from "../../src/sim/cycle/device.js";
import { CycleLinkEngine } from "../../src/sim/virtual/link-engine.js";
import { noisyTransport } from "../../src/sim/virtual/noisy-transport.js";
import { virtualTransport } from "../../src/sim/virtual/virtual-transport.js";
import { randomProgram, randomSamples } from "./programs.js";

let device: BoardDevice | undefined;
afterEach(async () => {
  await device?.close();
  device = undefined;
});

const open = async (): Promise<BoardDevice> => {
  device = await connect(virtualTransport("virtual", new CycleLinkEngine(up5kW4)));
  return device;
};

describe("a board behind the link", () => {
  it("says who it is", async () => {
    const { identity } = (await open()).link;
    expect(identity).toEqual({ config: up5kW4, hash: 0 });
  });

  it.each([1, 2, 3, 4])("gives the results of the core in process, network %i", async (seed) => {
    const board = await open();
    const program = randomProgram(seed, seed % 2 === 0);
    const samples = randomSamples(program, 20);
    const core = new CycleDevice(up5kW4);
    await core.load(program);
    await board.load(program);
    const expected = samples.map((levels) => core.runNow(levels));
    expect(await board.run(samples[0]!)).toEqual(expected[0]);
    const indices: number[] = [];
    const results = await board.runMany(samples, { onResult: (_, index) => indices.push(index) });
    expect(results).toEqual(expected.map(({ potentials: _, ...rest }) => rest));
    expect(indices).toEqual(samples.map((_, i) => i));
    expect(board.statistics).toMatchObject({ retries: 0, linkErrors: 0 });
  });

  it("does not write what the core holds already, and notices a memory that has changed", async () => {
    const board = await open();
    const program = randomProgram(5);
    await board.load(program);
    const before = board.statistics.bytesSent;
    await board.load(program);
    expect(board.statistics.bytesSent - before).toBeLessThan(500);
    await board.link.stop();
    await board.link.write("weights", 3, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    await board.load(program);
    expect(board.statistics.bytesSent - before).toBeGreaterThan(1000);
    expect((await board.link.registers()).get("hash")).toBe(programHash(program));
    await board.adopt(program);
    await expect(board.adopt(randomProgram(6))).rejects.toMatchObject({
      diagnostics: [{ code: "program-not-loaded" }],
    });
  });

  it("refuses samples of another size", async () => {
    const board = await open();
    const program = randomProgram(7);
    await board.load(program);
    await expect(board.runMany([new Uint8Array(1)])).rejects.toMatchObject({ diagnostics: [{ code: "input-shape" }] });
  });

  it("loses nothing when one byte in a hundred is damaged", async () => {
    const count = { damaged: 0 };
    const quiet = virtualTransport("noisy", new CycleLinkEngine(up5kW4));
    device = await connect(noisyTransport(quiet, { every: 300, seed: 3 }, count));
    const program = randomProgram(2, true);
    const samples = randomSamples(program, 100);
    const core = new CycleDevice(up5kW4);
    await core.load(program);
    await device.load(program);
    const expected = samples.map((levels) => core.runNow(levels).decision);
    expect((await device.runMany(samples)).map(({ decision }) => decision)).toEqual(expected);
    expect(count.damaged).toBeGreaterThan(20);
    expect(device.statistics.linkErrors).toBeGreaterThan(10);
    console.info(`damaged ${count.damaged}`, device.statistics);
  });
});
