import { findPassRegister, signed } from "../instruction.js";

/** Value of a field of a pass register, unsigned. `values`: what `set` has loaded, by register number; 22 bits each. */
export function registerField(values: ArrayLike<number>, register: string, name: string): number {
  const { index, fields } = findPassRegister(register)!;
  const { lsb, bits } = fields.find((field) => field.name === name)!;
  return (values[index]! >>> lsb) & (2 ** bits - 1);
}

/** The same as two's complement. */
export function signedRegisterField(values: ArrayLike<number>, register: string, name: string): number {
  const { bits } = findPassRegister(register)!.fields.find((field) => field.name === name)!;
  return signed(registerField(values, register, name), bits);
}
