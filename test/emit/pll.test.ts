import { execFileSync, spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pllSettings } from "../../src/emit/pll.js";

const haveIcepll = spawnSync("icepll", ["-i", "12", "-o", "40"]).status === 0;
if (!haveIcepll) console.warn("icepll (fpga-icestorm) is not installed: PLL settings are not compared with it");

/** What icepll says: divr, divf, divq, filter range. */
function icepll(inputMhz: number, outputMhz: number): number[] {
  const text = execFileSync("icepll", ["-i", String(inputMhz), "-o", String(outputMhz)], { encoding: "utf8" });
  return ["DIVR", "DIVF", "DIVQ", "FILTER_RANGE"].map((name) =>
    Number(new RegExp(`${name}:\\s*(\\d+)`).exec(text)![1]),
  );
}

describe("pllSettings", () => {
  it("makes 39.75 MHz of 12 MHz when 40 are asked for", () => {
    expect(pllSettings(12e6, 40e6)).toEqual({ divr: 0, divf: 52, divq: 4, filterRange: 1, frequencyHz: 39.75e6 });
  });

  it("keeps every frequency inside its legal range and near the wanted one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 133 }), fc.integer({ min: 17_000, max: 265_000 }), (input, kilohertz) => {
        const pll = pllSettings(input * 1e6, kilohertz * 1e3);
        const detector = (input * 1e6) / (pll.divr + 1);
        const vco = detector * (pll.divf + 1);
        expect(detector).toBeGreaterThanOrEqual(10e6);
        expect(vco).toBeGreaterThanOrEqual(533e6);
        expect(vco).toBeLessThanOrEqual(1066e6);
        expect(pll.frequencyHz).toBeCloseTo(vco / 2 ** pll.divq, 3);
        // consecutive outputs are one detector frequency / 2^divq apart
        expect(Math.abs(pll.frequencyHz - kilohertz * 1e3)).toBeLessThanOrEqual(detector / 2 ** pll.divq);
      }),
      { seed: 1 },
    );
  });

  it.each([
    [5e6, 40e6],
    [200e6, 40e6],
    [12e6, 15e6],
    [12e6, 300e6],
    [Number.NaN, 40e6],
    [12e6, Number.POSITIVE_INFINITY],
  ])("refuses %d Hz to %d Hz", (input, output) => {
    expect(() => pllSettings(input, output)).toThrowError(
      expect.objectContaining({ diagnostics: [expect.objectContaining({ code: "pll-range" })] }),
    );
  });

  it.runIf(haveIcepll)("agrees with icepll", () => {
    for (const input of [12, 16, 25, 27, 48, 50, 100, 133]) {
      for (let output = 17; output <= 275; output += 9.5) {
        const { divr, divf, divq, filterRange, frequencyHz } = pllSettings(input * 1e6, output * 1e6);
        const theirs = icepll(input, output);
        // settings of equal frequency exist (50 * 18 = 50 / 3 * 54); rounding decides which of them icepll takes
        if (theirs[0] === divr) expect([divr, divf, divq, filterRange], `${input} -> ${output}`).toEqual(theirs);
        const hz = ((input * 1e6) / (theirs[0]! + 1)) * ((theirs[1]! + 1) / 2 ** theirs[2]!);
        expect(frequencyHz).toBeCloseTo(hz, 3);
      }
    }
  });
});
