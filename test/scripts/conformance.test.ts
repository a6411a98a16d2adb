import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  materialBelow,
  missingMaterial,
  type Outcome,
  runAll,
  type SuiteResult,
} from "../../scripts/conformance/suites.js";
import { complaints, conformanceTable, summarise } from "../../scripts/conformance/summary.js";
import { sectionOf } from "../../scripts/generate/section.js";

const material = materialBelow("../shared/material");
const missing = missingMaterial(material);
if (missing.length > 0) console.warn(`tests skipped: ${missing.join(", ")} missing`);

const outcome = (name: string, result: Outcome["outcome"], detail = ""): Outcome => ({ name, outcome: result, detail });

const suite: SuiteResult = {
  name: "suite",
  bar: 0.6,
  outcomes: [
    outcome("a", "passed"),
    outcome("b", "unsupported", "y"),
    outcome("c", "unsupported", "x"),
    outcome("d", "unsupported", "x"),
    outcome("e", "failed", "element 3 is 1, expected 2"),
  ],
};

describe("conformance", () => {
  it("counts outcomes and codes", () => {
    expect(summarise(suite)).toEqual({
      name: "suite",
      passed: 1,
      unsupported: 3,
      failed: 1,
      unsupportedByCode: { x: 2, y: 1 },
    });
  });

  it("names what failed and suites below their bar", () => {
    expect(complaints([suite])).toEqual(["suite: e: element 3 is 1, expected 2", "suite: 20.0 % passed, wanted 60 %"]);
    expect(complaints([{ ...suite, outcomes: [outcome("a", "passed")] }])).toEqual([]);
    expect(complaints([{ ...suite, outcomes: [] }])).toHaveLength(1);
  });

  it.runIf(missing.length === 0)("suites fail none, and README.md has their table", async () => {
    const suites = await runAll(material);
    expect(complaints(suites)).toEqual([]);
    const table = conformanceTable(suites.map(summarise));
    expect(sectionOf(readFileSync("README.md", "utf8"), "conformance")).toBe(table);
  });
});
