import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadEvents } from "../../../src/frontend/data/event/load-events.js";
import { decodeNmnist } from "../../../src/frontend/data/event/nmnist.js";
import { withFolder } from "./files.js";

const sample = "../shared/material/events/nmnist/sample_nmnist.bin";
if (!existsSync(sample)) console.warn(`skipped: ${sample} is missing`);

describe("N-MNIST recordings", () => {
  it.runIf(existsSync(sample))("are read as published", async () => {
    const events = await loadEvents(sample);
    const recording = events.recordings[0]!;
    expect(events).toMatchObject({ kind: "events", count: 1, width: 34, height: 34, polarities: 2 });
    expect(recording.times.length).toBe(4325);
    expect([recording.times[0], recording.times.at(-1)]).toEqual([654, 311_175]);
  });

  it("count the time on at an overflow record", () => {
    const bytes = Uint8Array.of(1, 2, 0x80, 0, 5, 0, 240, 0, 0, 0, 33, 0, 0x01, 2, 3);
    expect(decodeNmnist(bytes, "a.bin")).toEqual({
      times: Float64Array.of(5, 8192 + 65_536 + 512 + 3),
      x: Uint16Array.of(1, 33),
      y: Uint16Array.of(2, 0),
      polarity: Uint8Array.of(1, 0),
    });
  });

  it("are refused with a broken size or a place outside the sensor", () => {
    expect(() => decodeNmnist(new Uint8Array(7), "a.bin")).toThrow("7 bytes");
    expect(() => decodeNmnist(Uint8Array.of(34, 0, 0, 0, 0), "a.bin")).toThrow("outside 34 x 34");
  });

  it("come from a folder a digit", async () => {
    await withFolder(async (folder) => {
      for (const digit of ["0", "9"]) {
        mkdirSync(join(folder, digit));
        writeFileSync(join(folder, digit, "1.bin"), Uint8Array.of(Number(digit), 0, 0, 0, 1));
      }
      const events = await loadEvents(folder);
      expect(events.labels).toEqual(Int32Array.of(0, 9));
      expect(events.recordings.map(({ x }) => x[0])).toEqual([0, 9]);
    });
  });
});

describe("Spiking Heidelberg recordings", () => {
  const file = "test/frontend/fixtures/events.h5";

  it("have half-precision seconds and a unit an event", async () => {
    const events = await loadEvents(file);
    expect(events).toMatchObject({ count: 3, width: 700, height: 1, polarities: 1, labels: Int32Array.of(4, 0, 19) });
    expect(events.recordings.map(({ times }) => [...times])).toEqual([[0, 250_000, 500_000], [], [125_000]]);
    expect(events.recordings.map(({ x }) => [...x])).toEqual([[0, 699, 350], [], [5]]);
  });

  it("are read up to the limit", async () => {
    expect(await loadEvents(file, { limit: 1 })).toMatchObject({ count: 1, labels: Int32Array.of(4) });
  });
});
