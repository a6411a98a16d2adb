import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../../src/frontend/data/image/png.js";
import { loadSamples } from "../../../src/frontend/data/load.js";
import { withFolder } from "./files.js";
import { png } from "./png-file.js";

const gray = (rows: readonly (readonly number[])[]) =>
  png({
    width: rows[0]!.length,
    height: rows.length,
    depth: 8,
    type: 0,
    rows,
    filters: rows.map(() => 0),
    pixelBytes: 1,
  });

describe("decodePng", () => {
  it("undoes every filter on every kind of pixel", () => {
    const kinds = [
      { type: 0, samples: 1, depth: 8 },
      { type: 0, samples: 1, depth: 16 },
      { type: 2, samples: 3, depth: 8 },
      { type: 2, samples: 3, depth: 16 },
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.nat(255)),
        fc.infiniteStream(fc.nat(4)),
        (kind, width, height, bytes, filters) => {
          const pixelBytes = (kind.samples * kind.depth) / 8;
          const take = (stream: Iterator<number>) => stream.next().value as number;
          const rows = Array.from({ length: height }, () =>
            Array.from({ length: width * pixelBytes }, () => take(bytes)),
          );
          const used = rows.map(() => take(filters));
          const image = decodePng(
            png({ width, height, depth: kind.depth, type: kind.type, rows, filters: used, pixelBytes }),
            "a.png",
          );
          const flat = rows.flat();
          const wanted =
            kind.depth === 8
              ? flat
              : Array.from({ length: flat.length / 2 }, (_, i) => flat[2 * i]! * 256 + flat[2 * i + 1]!);
          expect(image).toMatchObject({ width, height, channels: kind.samples, isByte: kind.depth === 8 });
          expect([...image.data]).toEqual(wanted);
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });

  it("reads palettes of few bits and gray of few bits", () => {
    const base = { width: 3, height: 1, filters: [0], pixelBytes: 1 };
    const palette = [0, 0, 0, 255, 0, 0, 0, 255, 0, 1, 2, 3];
    expect([...decodePng(png({ ...base, depth: 2, type: 3, palette, rows: [[0b01_11_10_00]] }), "a").data]).toEqual([
      255, 0, 0, 1, 2, 3, 0, 255, 0,
    ]);
    expect([...decodePng(png({ ...base, depth: 1, type: 0, rows: [[0b10100000]] }), "a").data]).toEqual([255, 0, 255]);
    expect([...decodePng(png({ ...base, depth: 4, type: 0, rows: [[0x0f, 0x80]] }), "a").data]).toEqual([0, 255, 136]);
    expect(() =>
      decodePng(png({ ...base, depth: 2, type: 3, palette: [0, 0, 0], rows: [[0b01_00_00_00]] }), "a"),
    ).toThrow("colour 1 of 1");
  });

  it("drops an opaque alpha channel, refuses transparency and interlacing", () => {
    const base = { width: 1, height: 1, depth: 8, filters: [0], pixelBytes: 2 };
    expect([...decodePng(png({ ...base, type: 4, rows: [[7, 255]] }), "a").data]).toEqual([7]);
    expect([...decodePng(png({ ...base, type: 6, rows: [[7, 8, 9, 255]] }), "a").data]).toEqual([7, 8, 9]);
    expect(() => decodePng(png({ ...base, type: 4, rows: [[7, 254]] }), "a")).toThrow("transparent");
    expect(() => decodePng(png({ ...base, type: 0, interlace: 1, rows: [[7]] }), "a")).toThrow("interlaced");
  });

  it("refuses altered and huge images", () => {
    const bytes = gray([
      [1, 2],
      [3, 4],
    ]);
    const altered = bytes.slice();
    altered[45]! ^= 1;
    expect(() => decodePng(altered, "a")).toThrow("checksum");
    expect(() => decodePng(bytes.subarray(0, -4), "a")).toThrow("end is missing");
    const huge = png({ width: 70_000, height: 70_000, depth: 8, type: 0, rows: [[1]], filters: [0], pixelBytes: 1 });
    expect(() => decodePng(huge, "a")).toThrow("pixels");
  });
});

describe("a folder of images", () => {
  it("has a class a sub-folder, and classes take turns", async () => {
    await withFolder(async (folder) => {
      for (const [label, count] of [
        ["7", 2],
        ["3", 3],
      ] as const) {
        mkdirSync(join(folder, label));
        for (let i = 0; i < count; i++) writeFileSync(join(folder, label, `${i}.png`), gray([[Number(label), i]]));
      }
      const samples = await loadSamples(folder);
      expect(samples).toMatchObject({ count: 5, shape: [1, 2], isByte: true, labels: Int32Array.of(3, 7, 3, 7, 3) });
      expect([...samples.data]).toEqual([3, 0, 7, 0, 3, 1, 7, 1, 3, 2]);
      expect((await loadSamples(folder, { limit: 2 })).labels).toEqual(Int32Array.of(3, 7));
    });
  });

  it("must have images of one shape", async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, "a.png"), gray([[1, 2]]));
      writeFileSync(join(folder, "b.png"), gray([[1], [2]]));
      await expect(loadSamples(folder)).rejects.toMatchObject({
        diagnostics: [{ code: "images-differ", place: { file: join(folder, "b.png") } }],
      });
    });
  });

  it("must not be empty", async () => {
    await withFolder(async (folder) => {
      await expect(loadSamples(folder)).rejects.toMatchObject({ diagnostics: [{ code: "data-damaged" }] });
    });
  });
});
