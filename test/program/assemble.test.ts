import { describe, expect, it } from "vitest";
import { assemble } from "../../src/program/assembly/assemble.js";
import { decodeInstruction } from "../../src/program/instruction.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";

const header = `
.program "test"
.core "up5k-w4"
.input "in" shape=1x1x4 max=15
.readout "out" shape=1x1x2 state=0
`;

function findings(source: string): { code: string; message: string }[] {
  try {
    assemble(header + source, { file: "test.asm" });
  } catch (error) {
    if (error instanceof SpikewrightError) return error.diagnostics.map(({ code, message }) => ({ code, message }));
    throw error;
  }
  return [];
}

describe("assemble", () => {
  it("resolves labels before and after their use, constants, numbers of both bases and flags", () => {
    const { words } = assemble(`${header}
.const SIZE 0x10
start: input count=SIZE
  count counter=1 value=3
again:
  pass table=deltas fresh emit merge=max   ; comment "with quotes"
  loop counter=1 again
  quiet end
  set origin x=-2 y=-1
end: done
  jump start
deltas:
  .step window-column x=1
  .step window-row
  .step group weight=-5
  .step column
  .step row pointer=0xffff
`);
    const decoded = [...words.subarray(0, 8)].map((word) => decodeInstruction(word)!);
    expect(decoded.map((d) => d.instruction.mnemonic)).toEqual("input count pass loop quiet set done jump".split(" "));
    expect(decoded[0]!.values).toEqual({ count: 16, state: 0 });
    expect(decoded[2]!.values).toMatchObject({ table: 8, fresh: 1, emit: 1, merge: 1, store: 0, argmax: 0 });
    expect(decoded[3]!.values).toEqual({ counter: 1, address: 2 });
    expect(decoded[4]!.values).toEqual({ address: 6 });
    expect(decoded[5]!.values["value"]).toBe(0xffe + 0x3ff * 4096);
    expect([...words.subarray(8)]).toEqual([1, 0, 0, 0, 0, 0xfffb, 0, 0, 0, 0xffff0000]);
  });

  it("names the line of every finding", () => {
    const found = findings(
      "  pass tabel=0\n  fly\n  jump nowhere\n  set kernel width=5000\n  set colonel width=1\n  = =\n",
    );
    expect(found.map((f) => f.code)).toEqual([
      "assembly-operand",
      "assembly-instruction",
      "assembly-operand",
      "assembly-range",
      "assembly-instruction",
      "assembly-operand",
      "assembly-syntax",
    ]);
    expect(found.map((f) => /^test\.asm:(\d+): /.exec(f.message)?.[1])).toEqual(["6", "7", "8", "9", "10", "10", "11"]);
  });

  it.each([
    ["a: halt\na: halt", "assembly-label"],
    ["  halt now", "assembly-operand"],
    [".step window-row", "assembly-directive"],
    [".step window-column\n  halt", "assembly-directive"],
    [".step window-column", "assembly-directive"],
    [".row 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", "assembly-range"],
    [".row 200", "assembly-range"],
    [".parameter threshold=-1 initial=0", "assembly-range"],
    [".parameter threshold=1", "assembly-operand"],
    [".nonsense", "assembly-directive"],
    ['.population "p" fish shape=1x1x1', "assembly-operand"],
    ['.population "p" pool shape=1x1', "assembly-operand"],
    ['.population "p', "assembly-syntax"],
    ["  count counter=2 value=1", "assembly-range"],
    ["  input count=NaN", "assembly-operand"],
    [".const X Y", "assembly-operand"],
  ])("refuses %j with %s", (source, code) => {
    expect(findings(source).map((f) => f.code)).toContain(code);
  });

  it("refuses text without the directives that a program needs", () => {
    expect(() => assemble("halt")).toThrow(/\.program[\s\S]*\.core[\s\S]*\.input[\s\S]*\.readout/);
    expect(() => assemble("")).toThrow(SpikewrightError);
    expect(() => assemble("\0\u{1f600}".repeat(1000))).toThrow(SpikewrightError);
  });
});
