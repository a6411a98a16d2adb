/** Value types of WebAssembly. */
export const valueType = { i32: 0x7f, v128: 0x7b } as const;

/** Opcodes that our modules use, as encoded bytes. Core specification 2.0, section 5.4. */
export const op = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  end: [0x0b],
  select: [0x1b],
  i32Load: [0x28, 2],
  i32Load8Unsigned: [0x2d, 0],
  i32Load16Unsigned: [0x2f, 1],
  i32Store: [0x36, 2],
  i32Store16: [0x3b, 1],
  i32EqualsZero: [0x45],
  i32Less: [0x48],
  i32LessUnsigned: [0x49],
  i32GreaterUnsigned: [0x4b],
  i32GreaterEqual: [0x4e],
  i32GreaterEqualUnsigned: [0x4f],
  i32TrailingZeros: [0x68],
  i32Add: [0x6a],
  i32Subtract: [0x6b],
  i32Multiply: [0x6c],
  i32DivideUnsigned: [0x6e],
  i32And: [0x71],
  i32Or: [0x72],
  i32Xor: [0x73],
  i32ShiftLeft: [0x74],
  i32ShiftRight: [0x75],
  i32ShiftRightUnsigned: [0x76],
  v128Load: [0xfd, 0x00, 4],
  v128Load8x8Signed: [0xfd, 0x01, 3],
  v128Store: [0xfd, 0x0b, 4],
  /** Followed by the lane. */
  v128Store64Lane: [0xfd, 0x5b, 3],
  v128And: [0xfd, 0x4e],
  i16x8NotEqual: [0xfd, 0x2e],
  i16x8Less: [0xfd, 0x2f],
  v128Or: [0xfd, 0x50],
  v128Select: [0xfd, 0x52],
  i8x16Splat: [0xfd, 0x0f],
  i8x16NotEqual: [0xfd, 0x24],
  i8x16Bitmask: [0xfd, 0x64],
  i8x16NarrowSigned: [0xfd, 0x65],
  i16x8Splat: [0xfd, 0x10],
  i16x8Add: [0xfd, 0x8e, 0x01],
  i16x8Multiply: [0xfd, 0x95, 0x01],
  i16x8Minimum: [0xfd, 0x96, 0x01],
  i16x8Maximum: [0xfd, 0x98, 0x01],
  i32x4Splat: [0xfd, 0x11],
  i32x4NotEqual: [0xfd, 0x38],
  i32x4Less: [0xfd, 0x39],
  i32x4Greater: [0xfd, 0x3b],
  i32x4GreaterEqual: [0xfd, 0x3f],
  i32x4Bitmask: [0xfd, 0xa4, 0x01],
  i32x4ShiftLeft: [0xfd, 0xab, 0x01],
  i32x4ShiftRight: [0xfd, 0xac, 0x01],
  i32x4Subtract: [0xfd, 0xb1, 0x01],
  i32x4Multiply: [0xfd, 0xb5, 0x01],
  i32x4Maximum: [0xfd, 0xb8, 0x01],
  i32x4ExtendLowSigned: [0xfd, 0xa7, 0x01],
  i32x4ExtendHighSigned: [0xfd, 0xa8, 0x01],
  i32x4Add: [0xfd, 0xae, 0x01],
  i32x4ExtendedMultiplyLowSigned: [0xfd, 0xbc, 0x01],
  i32x4ExtendedMultiplyHighSigned: [0xfd, 0xbd, 0x01],
} as const satisfies Record<string, readonly number[]>;

/** Code is nested lists of bytes. */
export type Code = number | readonly Code[];

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const more = rest >= 0x80;
    bytes.push((rest & 0x7f) | (more ? 0x80 : 0));
    rest >>>= 7;
  } while (rest !== 0);
  return bytes;
}

/** `i32.const` with signed LEB128. */
export function constant(value: number): number[] {
  const bytes = [0x41];
  for (let rest = value | 0; ; rest >>= 7) {
    const byte = rest & 0x7f;
    const last = (rest >> 6 === 0 && !(byte & 0x40)) || (rest >> 6 === -1 && (byte & 0x40) !== 0);
    bytes.push(last ? byte : byte | 0x80);
    if (last) return bytes;
  }
}

export const getLocal = (index: number): number[] => [0x20, ...unsigned(index)];
export const setLocal = (index: number): number[] => [0x21, ...unsigned(index)];
export const teeLocal = (index: number): number[] => [0x22, ...unsigned(index)];
export const branch = (depth: number): number[] => [0x0c, ...unsigned(depth)];
export const branchIf = (depth: number): number[] => [0x0d, ...unsigned(depth)];

/** A memory instruction with its constant offset; `instruction` is opcode and alignment. */
export const at = (instruction: readonly number[], offset: number): number[] => [...instruction, ...unsigned(offset)];

/** A function: parameters and locals by type, body without the final `end`. It returns one i32. */
export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly locals: readonly number[];
  readonly body: Code;
}

/** Bytes of a module that imports `env.memory` and exports `functions`. */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: Code) => {
    const bytes = flatten(content);
    return [id, ...unsigned(bytes.length), ...bytes];
  };
  const vector = (items: readonly Code[]): Code => [unsigned(items.length), items];
  const text = (value: string): Code => vector([...new TextEncoder().encode(value)]);
  const types = functions.map(({ parameters }) => [0x60, vector(parameters), vector([valueType.i32])]);
  const bodies = functions.map(({ locals, body }) => {
    const content = flatten([vector(locals.map((type) => [1, type])), body, op.end]);
    return [unsigned(content.length), content];
  });
  return Uint8Array.from(
    flatten([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      section(1, vector(types)),
      section(2, vector([[text("env"), text("memory"), 0x02, 0x00, 0x01]])),
      section(3, vector(functions.map((_, i) => i))),
      section(7, vector(functions.map(({ name }, i) => [text(name), 0x00, unsigned(i)]))),
      section(10, vector(bodies)),
    ]),
  );
}

function flatten(code: Code): number[] {
  const bytes: number[] = [];
  const walk = (part: Code): void => {
    if (typeof part === "number") bytes.push(part);
    else for (const inner of part) walk(inner);
  };
  walk(code);
  return bytes;
}
