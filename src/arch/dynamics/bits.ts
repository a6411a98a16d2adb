/** The low `bits` of a number, as two's complement. 1..31. */
export function signed(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}

/** The low `bits` of a number, unsigned. 1..31. */
export function unsigned(value: number, bits: number): number {
  return value & (2 ** bits - 1);
}
