import { describe, expect, it } from "vitest";
import { fitShape } from "../../../src/frontend/data/fit.js";
import { loadLabels, loadSamples } from "../../../src/frontend/data/load.js";
import type { Samples } from "../../../src/frontend/data/samples.js";
import { readCsv } from "../../../src/frontend/data/table/csv.js";
import { withFile } from "./files.js";

const read = (text: string, limit?: number) => readCsv(new TextEncoder().encode(text), "a.csv", limit);

describe("readCsv", () => {
  it.each([
    ["comma", "1,2\n3,4\n"],
    ["semicolon", "1;2\n3;4"],
    ["tab", "1\t2\r\n3\t4\r\n"],
    ["blanks", "1   2\n3 4\n\n"],
    ["quotes", '"1","2"\n"3","4"\n'],
    ["byte order mark", "\ufeff1,2\n3,4\n"],
  ])("reads a table with %s", (_, text) => {
    expect(read(text)).toEqual({ rows: 2, columns: 2, data: Float32Array.of(1, 2, 3, 4) });
  });

  it("takes a first line of words as names and keeps the limit", () => {
    expect(read("a,b\n1,-2e-3\n3,4\n", 1)).toEqual({
      rows: 1,
      columns: 2,
      names: ["a", "b"],
      data: Float32Array.of(1, -2e-3),
    });
  });

  it.each([
    ["a word", "1,2\n3,x\n", "line 2, column 2"],
    ["an empty cell", "a,b\n1,\n", "line 2, column b"],
    ["a short line", "1,2\n3\n", "line 2 has 1 cells"],
    ["nothing", "\n\n", "it is empty"],
  ])("refuses %s with its place", (_, text, place) => {
    expect(() => read(text)).toThrow(place);
  });
});

describe("labels in tables", () => {
  it("are a column by name, by index, the last one, or one-hot rows", async () => {
    const text = "x,label,y\n0.5,2,1\n0.25,0,3\n";
    await withFile("a.csv", text, async (path) => {
      const byName = await loadSamples(path, { labelColumn: "label" });
      expect(byName).toMatchObject({ shape: [2], data: Float32Array.of(0.5, 1, 0.25, 3), labels: Int32Array.of(2, 0) });
      expect(await loadSamples(path, { labelColumn: 1 })).toEqual(byName);
      expect(await loadSamples(path, { labelColumn: -2 })).toEqual(byName);
      expect(await loadLabels(path)).toEqual(Int32Array.of(1, 3));
      await expect(loadSamples(path, { labelColumn: "class" })).rejects.toMatchObject({
        diagnostics: [{ code: "label-column-unknown" }],
      });
    });
    await withFile("a.csv", "0,1,0\n1,0,0\n", async (path) =>
      expect(await loadLabels(path)).toEqual(Int32Array.of(1, 0)),
    );
  });
});

describe("fitShape", () => {
  const samples = (shape: readonly number[]): Samples => ({
    kind: "dense",
    count: 2,
    shape,
    data: new Float32Array(2 * shape.reduce((a, b) => a * b, 1)).map((_, i) => i),
  });

  it.each([
    [[28, 28], [784]],
    [
      [28, 28],
      [28, 28, 1],
    ],
    [
      [28, 28],
      [1, 28, 28],
    ],
    [[784], [28, 28, 1]],
    [
      [1, 28, 28],
      [28, 28, 1],
    ],
    [[3, 4, 1], [12]],
  ])("takes %j as %j and says so", (from, to) => {
    const { samples: fitted, note } = fitShape(samples(from), to);
    expect(fitted.shape).toEqual(to);
    expect(fitted.data).toEqual(samples(from).data);
    expect(note).toContain(`[${from.join(", ")}]`);
  });

  it("changes nothing where the shape is right, open extents included", () => {
    expect(fitShape(samples([7, 5]), [-1, 5])).toEqual({ samples: samples([7, 5]), note: "" });
    expect(fitShape(samples([7]), [-1, 1]).samples.shape).toEqual([7, 1]);
  });

  it.each([
    [[28, 28], [783]],
    [
      [4, 6],
      [6, 4],
    ],
    [
      [2, 3, 4],
      [4, 2, 3],
    ],
    [
      [3, 4],
      [-1, 5],
    ],
  ])("refuses %j as %j with both shapes", (from, to) => {
    expect(() => fitShape(samples(from), to)).toThrow(
      expect.objectContaining({
        diagnostics: [
          expect.objectContaining({
            code: "samples-do-not-fit",
            found: `[${from.join(", ")}]`,
            wanted: `[${to.join(", ")}]`,
          }),
        ],
      }),
    );
  });
});
