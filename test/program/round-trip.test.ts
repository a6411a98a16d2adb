import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assemble } from "../../src/program/assembly/assemble.js";
import { printProgram } from "../../src/program/assembly/print.js";
import { crc32, programHash } from "../../src/program/hash.js";
import { decodeProgram, encodeProgram } from "../../src/program/image.js";
import { programFaults } from "../../src/program/verify.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";
import { arbitraryProgram } from "./arbitrary-program.js";

describe("a program", () => {
  it("survives printing and assembling", () => {
    fc.assert(
      fc.property(arbitraryProgram, (program) => {
        const text = printProgram(program);
        const again = assemble(text);
        expect(again).toEqual(program);
        expect(printProgram(again)).toBe(text);
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it("survives encoding and decoding", () => {
    fc.assert(
      fc.property(arbitraryProgram, (program) => {
        expect(decodeProgram(encodeProgram(program))).toEqual(program);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("is legal as generated", () => {
    fc.assert(
      fc.property(arbitraryProgram, (program) => {
        const codes = programFaults(program).map((f) => f.code);
        expect(codes.filter((code) => code !== "program-code")).toEqual([]);
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it("is refused after any damage to its image", () => {
    fc.assert(
      fc.property(arbitraryProgram, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(), (program, at, flip, cut) => {
        const bytes = encodeProgram(program);
        const damaged = bytes.slice();
        damaged[at % bytes.length]! ^= flip;
        expect(() => decodeProgram(damaged)).toThrow(SpikewrightError);
        expect(() => decodeProgram(bytes.subarray(0, cut % bytes.length))).toThrow(SpikewrightError);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it("changes its hash with a weight, a threshold, an initial membrane and a word, not with its name", () => {
    const [program] = fc.sample(
      arbitraryProgram.filter((p) => p.weights.length > 0 && p.initials.length > 0),
      {
        seed: 5,
        numRuns: 1,
      },
    );
    const changed = <T extends Uint32Array | Int32Array | Int8Array>(array: T): T => {
      const copy = array.slice() as T;
      copy[0]! ^= 1;
      return copy;
    };
    const hash = programHash(program!);
    expect(programHash({ ...program!, name: "other", worstCaseCycles: 1 })).toBe(hash);
    expect(programHash({ ...program!, weights: changed(program!.weights) })).not.toBe(hash);
    expect(programHash({ ...program!, thresholds: changed(program!.thresholds) })).not.toBe(hash);
    expect(programHash({ ...program!, initials: changed(program!.initials) })).not.toBe(hash);
    expect(programHash({ ...program!, words: changed(program!.words) })).not.toBe(hash);
  });

  it("uses the CRC-32 of everybody else", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });
});
