import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { missingTools } from "../tool.js";
import { breaks, proofs } from "./proofs.js";
import { prove, unreached } from "./prover.js";

const there = missingTools("proofs of link and lists", "yosys").length === 0;

describe.runIf(there)("proofs", () => {
  it.each(proofs)("$top keeps its promises", (proof) => {
    expect(prove(proof)).toBe("proved");
  });

  it.each(proofs)("$top: what the promises are about happens", (proof) => {
    const { count, missed } = unreached(proof);
    expect(count).toBeGreaterThan(0);
    expect(missed).toEqual([]);
  });

  it.each(breaks)("%s does not keep them when `%s` becomes `%s`", (module, from, to) => {
    const path = ["rtl", "dynamics"]
      .map((folder) => `${folder}/${module}.v`)
      .find((file) => existsSync(`hdl/${file}`))!;
    const proof = proofs.find(({ top }) => top === path) ?? proofs.find(({ files }) => files?.includes(path));
    expect(readFileSync(`hdl/${path}`, "utf8").includes(from), `${module} has no "${from}"`).toBe(true);
    const verdict = prove(proof!, (file, text) => (file === path ? text.replace(from, to) : text));
    expect(verdict).not.toBe("proved");
  });
});
