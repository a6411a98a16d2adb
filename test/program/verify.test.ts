import { describe, expect, it } from "vitest";
import { up5kW4, up5kW8 } from "../../src/arch/core-config.js";
import { instructionWord } from "../../src/program/instruction.js";
import type { PassNote, Program } from "../../src/program/program.js";
import { selfTest } from "../../src/program/self-test.js";
import { misfits, programFaults, verifyProgram } from "../../src/program/verify.js";

const { program } = selfTest(up5kW4);
const note: PassNote = {
  address: 0,
  firstRow: 0,
  firstGroup: 0,
  visit: { columns: 1, rows: 1, windowColumns: 1, windowRows: 1, groups: 1, lanes: 8, lastLanes: 8, positionLanes: 8 },
  meaning: "test",
};
const withWord = (at: number, word: number): Program => ({
  ...program,
  words: program.words.map((old, i) => (i === at ? word : old)),
});

describe("verifyProgram", () => {
  it("passes on a sound program", () => {
    expect(verifyProgram(program, up5kW4)).toBe(program);
  });

  it.each([
    ["program-size", { ...program, words: new Uint32Array(2000) }],
    ["program-size", { ...program, thresholds: new Uint32Array(3) }],
    ["program-size", { ...program, weights: new Int8Array(17) }],
    ["program-size", { ...program, populations: [{ name: "p", shape: [60000, 60000, 60000], kind: "pool" }] }],
    ["program-value", { ...program, weights: program.weights.map(() => 8) }],
    ["program-value", { ...program, thresholds: program.thresholds.map(() => 65536) }],
    ["program-value", { ...program, initials: program.initials.map(() => 2 ** 23) }],
    ["program-readout", { ...program, readout: { ...program.readout, state: 1020 } }],
    ["program-note", { ...program, passes: [note] }],
    ["program-note", { ...program, passes: [{ ...note, neurons: "nobody" }] }],
    ["program-note", { ...program, passes: [{ ...note, visit: { ...note.visit, rows: 65535, columns: 65535 } }] }],
    ["program-code", withWord(0, 0xf0000000)],
    ["program-code", withWord(0, instructionWord("jump", { address: 1000 }))],
    ["program-code", withWord(0, instructionWord("pass", { table: 1020 }))],
    ["program-code", withWord(0, instructionWord("pass", { merge: 3 }))],
    ["program-code", withWord(0, instructionWord("set", { register: 16 }))],
  ] as readonly [string, Program][])("finds %s", (code, damaged) => {
    expect(programFaults(damaged).map((fault) => fault.code)).toContain(code);
    expect(() => verifyProgram(damaged, up5kW4)).toThrow();
  });

  it("names everything that a core lacks", () => {
    const found = misfits(program, { ...up5kW8, lanes: 8, weightDepth: 16, quotientBits: 2 });
    expect(found.map((fault) => fault.place?.item).sort()).toEqual([
      "lanes",
      "quotientBits",
      "stateDepth",
      "weightDepth",
    ]);
    expect(found.every((fault) => fault.code === "program-misfit")).toBe(true);
  });
});
