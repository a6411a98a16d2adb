import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { layerRows } from "../../scripts/generate/layers/rows.js";
import { layerTable, nameDifferences, supportOf } from "../../scripts/generate/layers/table.js";
import { sectionOf } from "../../scripts/generate/section.js";

const row = (layer: string) => layerRows.find((entry) => entry.layer === layer)!;

describe("table of layers", () => {
  it("README.md has what the code can do", async () => {
    expect(sectionOf(readFileSync("README.md", "utf8"), "layers")).toBe(await layerTable());
  });

  it("tells what runs, what is left to the host and what is a blocker", async () => {
    expect(await supportOf(row("dense"))).toEqual({ float: true, converted: "yes", core: "up5k-w4" });
    expect(await supportOf(row("softmax"))).toMatchObject({ converted: "end" });
    expect(await supportOf(row("LSTM"))).toEqual({ float: true, converted: "no", core: undefined });
  });

  it("sees names that only the readers or only the rows have", () => {
    expect(nameDifferences(layerRows)).toEqual([]);
    const renamed = layerRows.map((entry) => (entry.layer === "dense" ? { ...entry, keras: "Dens" } : entry));
    expect(nameDifferences(renamed)).toEqual(["keras Dense is missing", "keras Dens has no reader"]);
  });
});
