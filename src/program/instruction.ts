import { dynamicsRegisters } from "../arch/dynamics/registers.js";
import {
  type Instruction,
  type InstructionField,
  instructions,
  type PassRegister,
  passRegisters,
  stepLevels,
  stepWords,
} from "../arch/isa.js";

/** Values of bit fields by name; a missing field is 0. */
export type FieldValues = Readonly<Record<string, number>>;

/** A decoded instruction word. */
export interface DecodedInstruction {
  readonly instruction: Instruction;
  readonly values: FieldValues;
}

/** Words of a step table. */
export const stepTableWords = stepLevels.length * stepWords.length;

const byMnemonic = new Map(instructions.map((i) => [i.mnemonic, i]));
const byOpcode = new Map(instructions.map((i) => [i.opcode, i]));
const everyRegister = [...passRegisters, ...dynamicsRegisters];
const registerByName = new Map(everyRegister.map((r) => [r.name, r]));
const registerByNumber = new Map(everyRegister.map((r) => [r.index, r]));

/** The instruction called `mnemonic`, or undefined. */
export function findInstruction(mnemonic: string): Instruction | undefined {
  return byMnemonic.get(mnemonic);
}

/** The pass register called `name`, or undefined. */
export function findPassRegister(name: string): PassRegister | undefined {
  return registerByName.get(name);
}

/** The pass register of a number, or undefined. */
export function passRegister(index: number): PassRegister | undefined {
  return registerByNumber.get(index);
}

/** Whether `value` can be written into `field`, unsigned or as two's complement. */
export function fitsField(field: InstructionField, value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** (field.bits - 1)) && value < 2 ** field.bits;
}

/** Packs values into a word; negative values become two's complement. Values must fit and be known fields. */
export function packFields(fields: readonly InstructionField[], values: FieldValues): number {
  let word = 0;
  for (const name of Object.keys(values)) {
    if (!fields.some((field) => field.name === name)) throw new Error(`no field "${name}"`);
  }
  for (const field of fields) {
    const value = values[field.name] ?? 0;
    if (!fitsField(field, value)) throw new Error(`${value} does not fit field "${field.name}" of ${field.bits} bits`);
    word += (value < 0 ? value + 2 ** field.bits : value) * 2 ** field.lsb;
  }
  return word;
}

/** Unpacks the fields of a word, unsigned. */
export function unpackFields(fields: readonly InstructionField[], word: number): Record<string, number> {
  return Object.fromEntries(fields.map(({ name, lsb, bits }) => [name, Math.floor(word / 2 ** lsb) % 2 ** bits]));
}

/** The word of an instruction; for `set` use `setWord`. */
export function instructionWord(mnemonic: string, values: FieldValues = {}): number {
  const instruction = byMnemonic.get(mnemonic);
  if (!instruction) throw new Error(`no instruction "${mnemonic}"`);
  return instruction.opcode * 2 ** 28 + packFields(instruction.fields, values);
}

/** The word of `set register`. */
export function setWord(register: string, values: FieldValues): number {
  const found = registerByName.get(register);
  if (!found) throw new Error(`no pass register "${register}"`);
  return instructionWord("set", { register: found.index, value: packFields(found.fields, values) });
}

/** The ten words of a step table, from the deltas of each level, innermost first. */
export function stepTable(levels: readonly FieldValues[]): number[] {
  return stepLevels.flatMap((_, level) =>
    stepWords.map((fields) => {
      const deltas = levels[level] ?? {};
      const own = Object.fromEntries(fields.map(({ name }) => [name, deltas[name] ?? 0]));
      return packFields(fields, own);
    }),
  );
}

/** Decodes a word, or undefined when its opcode is unknown or bits outside its fields are set. */
export function decodeInstruction(word: number): DecodedInstruction | undefined {
  const instruction = byOpcode.get(word >>> 28);
  if (!instruction) return undefined;
  const values = unpackFields(instruction.fields, word);
  return instructionWord(instruction.mnemonic, values) === word >>> 0 ? { instruction, values } : undefined;
}

/** Value of an unsigned field as two's complement. */
export function signed(value: number, bits: number): number {
  return value >= 2 ** (bits - 1) ? value - 2 ** bits : value;
}
