import { describe, expect, it } from "vitest";
import { up5kW4 } from "../../src/arch/core-config.js";
import { WalkClock } from "../../src/arch/timing.js";
import { mapNetwork } from "../../src/map/map.js";
import { visitedCount, visitedNeurons } from "../../src/program/pass/visit-order.js";
import { worstCase } from "../../src/program/pass/worst-case.js";
import { CycleDevice } from "../../src/sim/cycle/device.js";
import { convertToSpiking } from "../../src/snn/convert.js";
import { seededRandom } from "../../src/support/random.js";
import { randomLevels, randomNetwork } from "../random/quant-network.js";
import { roomyCore } from "../sim/cycle/mapped-networks.js";

describe("WalkClock", () => {
  it("needs two cycles a row when lists are short, one an entry when they are long", () => {
    const rows = (entries: number): number => {
      const clock = new WalkClock();
      for (let r = 0; r < 100; r++) clock.row(2 * r, entries, r === 99 ? 16 : 0);
      return clock.token;
    };
    expect(rows(0)).toBe(2 * 99 + 2);
    expect(rows(1)).toBe(2 * 99 + 3);
    expect(rows(10)).toBe(1 + 1000 + 1);
  });

  it("keeps tokens as far apart as the earlier visit has lanes", () => {
    const clock = new WalkClock();
    clock.row(0, 0, 16);
    const first = clock.token;
    clock.row(4, 0, 5);
    expect(clock.token).toBe(first + 16);
    clock.row(8, 0, 5);
    expect(clock.token).toBe(first + 21);
  });

  it("never runs earlier when a list gets longer", () => {
    const random = seededRandom(1);
    for (let trial = 0; trial < 300; trial++) {
      const rows = Array.from({ length: 30 }, (_, i) => ({
        time: 2 * i + Math.floor(i / 3),
        entries: Math.floor(random() * 4),
        close: i % 3 === 2 ? 1 + Math.floor(random() * 16) : 0,
      }));
      const token = (all: typeof rows) => {
        const clock = new WalkClock();
        for (const { time, entries, close } of all) clock.row(time, entries, close);
        return clock.token;
      };
      const longer = rows.map((row) => ({ ...row, entries: row.entries + Math.floor(random() * 2) }));
      expect(token(longer)).toBeGreaterThanOrEqual(token(rows));
    }
  });
});

describe("worstCase", () => {
  it("is reached by no sample, and nearly by a full one without later layers", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const graph = randomNetwork(seed, { depth: 2, activationBits: 2, weightBits: 4, signed: false, spatial: true });
      const { program } = mapNetwork(convertToSpiking(graph), roomyCore);
      const device = new CycleDevice(roomyCore);
      device.loadNow(program);
      const random = seededRandom(seed);
      for (let sample = 0; sample < 5; sample++) {
        const levels = randomLevels(graph, random);
        expect(device.runNow(levels).cycles).toBeLessThanOrEqual(program.worstCaseCycles);
        expect(device.runNow(levels.fill(1)).cycles).toBeLessThanOrEqual(program.worstCaseCycles);
      }
    }
    const single = randomNetwork(3, { depth: 0, activationBits: 4, weightBits: 4, signed: false, spatial: false });
    const { program } = mapNetwork(convertToSpiking(single), roomyCore);
    const device = new CycleDevice(roomyCore);
    device.loadNow(program);
    const full = new Uint8Array(single.input.shape[2]).fill(1);
    expect(device.runNow(full).cycles).toBe(program.worstCaseCycles);
  });

  it("is undefined for programs that do not end", () => {
    expect(worstCase(Uint32Array.of(0x50000000), up5kW4)).toBeUndefined();
    expect(worstCase(Uint32Array.of(0xf0000000), up5kW4)).toBeUndefined();
    expect(worstCase(Uint32Array.of(0), up5kW4)).toBeUndefined();
  });
});

describe("visitedNeurons", () => {
  it("visits every neuron of a population once, whatever the layout", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const graph = randomNetwork(seed, { depth: 3, activationBits: 2, weightBits: 4, signed: false, spatial: true });
      const { program } = mapNetwork(convertToSpiking(graph), roomyCore);
      for (const note of program.passes) {
        if (note.neurons === undefined) continue;
        const { shape } = program.populations.find((p) => p.name === note.neurons)!;
        const order = visitedNeurons(note, shape);
        expect(order.length).toBe(visitedCount(note.visit));
        expect(new Set(order).size).toBe(order.length);
        expect(Math.min(...order)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...order)).toBeLessThan(shape[0] * shape[1] * shape[2]);
      }
    }
  });
});
