import { instructions, passRegisters, stepWords } from "../../../src/arch/isa.js";

type Fields = Readonly<Record<string, number>>;

function pack(
  fields: readonly { readonly name: string; readonly lsb: number; readonly bits: number }[],
  values: Fields,
): number {
  let word = 0;
  for (const { name, lsb, bits } of fields) word += ((values[name] ?? 0) & (2 ** bits - 1)) * 2 ** lsb;
  return word >>> 0;
}

/** One instruction word. */
export function encode(mnemonic: string, values: Fields = {}): number {
  const instruction = instructions.find((i) => i.mnemonic === mnemonic)!;
  return ((instruction.opcode << 28) | pack(instruction.fields, values)) >>> 0;
}

/** `set` of one pass register, by name. */
export function encodeSet(register: string, values: Fields): number {
  const { index, fields } = passRegisters.find((r) => r.name === register)!;
  return encode("set", { register: index, value: pack(fields, values) });
}

/** The two words of one level of a step table. */
export function encodeStep(step: Fields): number[] {
  return stepWords.map((fields) => pack(fields, step));
}
