import fc from "fast-check";
import { dynamicsRegisters } from "../../src/arch/dynamics/registers.js";
import { instructions, passRegisters, stepLevels, stepWords } from "../../src/arch/isa.js";
import { instructionWord, packFields, setWord } from "../../src/program/instruction.js";
import { inputBits, type Program } from "../../src/program/program.js";

const fieldsOf = (fields: readonly { name: string; bits: number }[]) =>
  fc.record(Object.fromEntries(fields.map(({ name, bits }) => [name, fc.nat(2 ** bits - 1)])));

const setInstruction = fc
  .constantFrom(...passRegisters, ...dynamicsRegisters)
  .chain((register) => fieldsOf(register.fields).map((values) => setWord(register.name, values)));

/** A word of straight code or of control flow inside the first `size` words. */
function codeWord(size: number, table: number) {
  return fc.oneof(
    setInstruction,
    fc.constantFrom(...instructions.filter((i) => i.mnemonic !== "set")).chain((instruction) =>
      fieldsOf(instruction.fields).map((values) => {
        const legal: Record<string, number> = { ...values };
        if ("address" in legal) legal["address"] = legal["address"]! % size;
        if ("table" in legal) legal["table"] = table;
        if ("merge" in legal) legal["merge"] = legal["merge"]! % 3;
        return instructionWord(instruction.mnemonic, legal);
      }),
    ),
  );
}

const tableWords = fc
  .tuple(...stepLevels.flatMap(() => stepWords.map((fields) => fieldsOf(fields).map((v) => packFields(fields, v)))))
  .map((words) => [...words]);

const shape = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));

/** Legal programs with random code, tables and sections; control flow reaches all of the code. */
export const arbitraryProgram: fc.Arbitrary<Program> = fc.integer({ min: 1, max: 12 }).chain((size) =>
  fc
    .record({
      name: fc.string(),
      lanes: fc.integer({ min: 1, max: 16 }),
      code: fc.array(codeWord(size, size + 1), { minLength: size, maxLength: size }),
      table: tableWords,
      parameters: fc.array(fc.tuple(fc.nat(65535), fc.integer({ min: -(2 ** 23), max: 2 ** 23 - 1 })), {
        maxLength: 9,
      }),
      rows: fc.nat(4),
      weight: fc.integer({ min: -8, max: 7 }),
      inputShape: shape,
      max: fc.integer({ min: 1, max: 255 }),
      outputShape: shape,
      population: fc.string(),
      meaning: fc.string(),
      dynamics: fc.constantFrom([0, 0, 0] as const, [1, 0, 0] as const, [1, 1, 0] as const, [1, 0, 1] as const),
      worstCaseCycles: fc.nat(),
    })
    .map((r): Program => {
      const words = Uint32Array.from([...r.code, instructionWord("jump", { address: 0 }), ...r.table]);
      const pass = r.code.findIndex((word) => word >>> 28 === 2);
      const visit = {
        columns: 2,
        rows: 3,
        windowColumns: 1,
        windowRows: 1,
        groups: 1,
        lanes: 4,
        lastLanes: 4,
        positionLanes: 4,
      };
      return {
        name: r.name,
        needs: {
          config: "test",
          lanes: r.lanes,
          weightBits: 4,
          accumulatorBits: 16,
          membraneBits: 24,
          thresholdBits: 16,
          quotientBits: 4,
          indexBits: 12,
          weightDepth: r.rows,
          listDepth: 7,
          pointerDepth: 9,
          parameterDepth: r.parameters.length,
          stateDepth: 1000,
          programDepth: words.length,
          dynamics: r.dynamics[0],
          learning: r.dynamics[1],
          scatter: r.dynamics[2],
        },
        words,
        thresholds: Uint32Array.from(r.parameters, (p) => p[0]),
        initials: Int32Array.from(r.parameters, (p) => p[1]),
        weights: new Int8Array(r.rows * r.lanes).fill(r.weight),
        input: { name: r.name, shape: r.inputShape, max: r.max, bits: inputBits(r.max) },
        readout: { population: r.population, shape: r.outputShape, state: 3 },
        populations: [{ name: r.population, shape: r.outputShape, kind: "pool" }],
        passes:
          pass < 0
            ? []
            : [
                {
                  address: pass,
                  firstRow: 1,
                  firstGroup: 2,
                  neurons: r.population,
                  candidates: { population: r.population, first: 2 },
                  visit,
                  meaning: r.meaning,
                },
              ],
        worstCaseCycles: r.worstCaseCycles,
      };
    }),
);
