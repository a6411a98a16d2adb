import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { build } from "../../src/toolchain/build.js";
import { readManifest } from "../../src/toolchain/manifest.js";
import { findTool } from "../../src/toolchain/resolve.js";
import { nextpnrIce40 } from "../../src/toolchain/tools/nextpnr-ice40.js";
import { yosys } from "../../src/toolchain/tools/yosys.js";
import { standInPlan } from "./stand-in/plan.js";

const folder = mkdtempSync(join(tmpdir(), "end-to-end-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kinds = ["native", "wasm"] as const;
const found = new Map<string, boolean>();
for (const kind of kinds) {
  found.set(kind, ((await findTool(yosys, { kind })) && (await findTool(nextpnrIce40, { kind }))) !== undefined);
  if (!found.get(kind)) console.warn(`yosys and nextpnr-ice40 are not there as ${kind}: nothing is built with them`);
}

describe("a design from Verilog to bitstream", () => {
  for (const kind of kinds) {
    it.runIf(found.get(kind))(`with ${kind} tools`, async () => {
      const stages: string[] = [];
      const onProgress = ({ stage }: { stage: string }): number => stages.push(stage);
      const result = await build(standInPlan(), join(folder, kind), { kind, onProgress });
      expect(stages.filter((stage) => stage !== "timing sign-off")).toEqual(["synthesis", "place and route", "pack"]);
      expect(statSync(result.bitstream).size).toBe(104090);
      expect(result.toolchain["yosys"]!.kind).toBe(kind);
      expect(result.resources).toMatchObject({
        ICESTORM_RAM: { used: 1, available: 30 },
        ICESTORM_SPRAM: { used: 1, available: 4 },
        ICESTORM_DSP: { used: 1, available: 8 },
      });
      expect(result.resources["ICESTORM_LC"]!.used).toBeGreaterThan(200);
      expect(result.fmaxHz).toBeGreaterThan(20e6);
      expect((await readManifest(join(folder, kind)))!.digest).toBe(standInPlan().digest);
    });
  }

  it.runIf(found.get("wasm"))("gives the same bitstream again", async () => {
    const again = await build(standInPlan(), join(folder, "again"), { kind: "wasm" });
    expect(readFileSync(again.bitstream)).toEqual(readFileSync(join(folder, "wasm", "stand_in.bin")));
  });
});
