import { rowField, rowWords } from "../../../program/pass/visits.js";
import {
  at,
  branch,
  branchIf,
  type Code,
  constant,
  getLocal,
  op,
  setLocal,
  teeLocal,
  valueType,
  type WasmFunction,
} from "../../../support/wasm-module.js";

/** Where things lie in the kernel's memory, bytes, and how wide they are. */
export interface KernelLayout {
  /** Rows of `rowBytes` weights, one byte each. */
  readonly weights: number;
  /** Bytes from row to row: the lanes, rounded up to a multiple of 8. */
  readonly rowBytes: number;
  readonly weightDepth: number;
  /** Spike list: words of 32 bits, payload in [23:16], index in [15:0]. */
  readonly list: number;
  /** Pointer words of 16 bits. */
  readonly pointers: number;
  /** Two words that `walk` writes: cycle of the last token, entries read. */
  readonly outcome: number;
  /** Whether sums are kept in 16 bits (wrapping) or in 32. */
  readonly narrow: boolean;
  /** An entry counts once, whatever its payload: cores with dynamics. */
  readonly once: boolean;
  /** The weight that is no synapse and adds 0: cores with learning. */
  readonly noSynapse: number | undefined;
}

/**
 * The walk of a whole pass as WebAssembly with SIMD: gathers the sums of every visit and follows the clock.
 *
 *   walk(row, end, sums, spacing) → entries        payload 0..255
 *   walkSigned(row, end, sums, spacing) → entries  payload {sign, magnitude}
 *
 * `row .. end` are the rows of a `VisitPlan`; the sums of each visit are stored one after the other from `sums`, one
 * 32-bit word a lane of `rowBytes`. The clock is `WalkClock(spacing)` of `src/arch/timing.ts`.
 */
export function walkFunctions(layout: KernelLayout): readonly WasmFunction[] {
  return [walkFunction("walk", layout, false), walkFunction("walkSigned", layout, true)];
}

const local = {
  row: 0,
  end: 1,
  sums: 2,
  spacing: 3,
  entry: 4,
  lastEntry: 5,
  offset: 6,
  word: 7,
  total: 8,
  delay: 9,
  take: 10,
  free: 11,
  token: 12,
  gap: 13,
  count: 14,
  close: 15,
  fill: 16,
  payload: 17,
  weights: 18,
  sum: 19,
} as const;
const scalars = 13;

function walkFunction(name: string, layout: KernelLayout, signed: boolean): WasmFunction {
  const vectors = layout.rowBytes / 8;
  const sums = Array.from({ length: layout.narrow ? vectors : 2 * vectors }, () => valueType.v128);
  const eachVector = (code: (vector: number) => Code) => Array.from({ length: vectors }, (_, v) => code(v));
  return {
    name,
    parameters: [valueType.i32, valueType.i32, valueType.i32, valueType.i32],
    locals: [...Array.from({ length: scalars }, () => valueType.i32), valueType.v128, valueType.v128, ...sums],
    body: [
      [constant(-1), setLocal(local.take)],
      [op.block, op.loop],
      [getLocal(local.row), getLocal(local.end), op.i32GreaterEqualUnsigned, branchIf(1)],
      [listAddress(layout, rowField.start), setLocal(local.entry)],
      [listAddress(layout, rowField.end), setLocal(local.lastEntry)],
      [getRow(rowField.offset), setLocal(local.offset)],
      [getRow(rowField.close), setLocal(local.close)],
      [getLocal(local.lastEntry), getLocal(local.entry), op.i32Subtract],
      [constant(2), op.i32ShiftRightUnsigned, teeLocal(local.count)],
      [getLocal(local.total), op.i32Add, setLocal(local.total)],
      followClock(),
      [op.block, op.loop],
      [getLocal(local.entry), getLocal(local.lastEntry), op.i32GreaterEqualUnsigned, branchIf(1)],
      [getLocal(local.entry), at(op.i32Load, 0), setLocal(local.word)],
      [getLocal(local.entry), constant(4), op.i32Add, setLocal(local.entry)],
      [layout.once ? constant(1) : payloadValue(signed), op.i16x8Splat, setLocal(local.payload)],
      [rowAddress(layout, getLocal(local.offset), getLocal(local.word)), setLocal(local.word)],
      eachVector((vector) => accumulate(layout, vector)),
      [branch(0), op.end, op.end],
      [getLocal(local.close), op.if],
      eachVector((vector) => storeSums(layout, vector)),
      [getLocal(local.sums), constant(layout.rowBytes * 4), op.i32Add, setLocal(local.sums), op.end],
      [getLocal(local.row), constant(4 * rowWords), op.i32Add, setLocal(local.row)],
      [branch(0), op.end, op.end],
      [constant(layout.outcome), getLocal(local.token), at(op.i32Store, 0)],
      getLocal(local.total),
    ],
  };
}

function getRow(field: number): Code {
  return [getLocal(local.row), at(op.i32Load, 4 * field)];
}

/** Byte address of the list entry that a pointer of the row names. */
function listAddress({ pointers, list }: KernelLayout, field: number): Code {
  const pointer = [getRow(field), constant(1), op.i32ShiftLeft, at(op.i32Load16Unsigned, pointers)];
  return [pointer, constant(2), op.i32ShiftLeft, constant(list), op.i32Add];
}

/** `max(a, b)`; `b` must be free of side effects. */
function maximum(a: Code, b: Code): Code {
  return [a, setLocal(local.word), getLocal(local.word), b, getLocal(local.word), b, op.i32GreaterEqual, op.select];
}

/** `WalkClock.row`. */
function followClock(): Code {
  const time = getRow(rowField.time);
  const plus = (a: Code, b: Code) => [a, b, op.i32Add];
  return [
    [maximum(plus(time, getLocal(local.delay)), plus(getLocal(local.take), constant(1))), teeLocal(local.fill)],
    [time, op.i32Subtract, setLocal(local.delay)],
    [getLocal(local.count), getLocal(local.close), op.i32Or, op.if],
    [maximum(plus(getLocal(local.fill), constant(1)), getLocal(local.free)), teeLocal(local.take)],
    [getLocal(local.count), op.i32Add, setLocal(local.free)],
    [getLocal(local.close), op.if],
    maximum(plus(getLocal(local.free), constant(1)), plus(getLocal(local.token), getLocal(local.gap))),
    [teeLocal(local.token), setLocal(local.free)],
    [getLocal(local.spacing), getLocal(local.close), getLocal(local.spacing), op.select, setLocal(local.gap)],
    [op.end, op.end],
  ];
}

function payloadValue(signed: boolean): Code {
  const raw = [getLocal(local.word), constant(16), op.i32ShiftRightUnsigned];
  if (!signed) return raw;
  // magnitude m, mask n = -sign: (m ^ n) - n
  const mask = [getLocal(local.word), constant(8), op.i32ShiftLeft, constant(31), op.i32ShiftRight];
  return [raw, constant(0x7f), op.i32And, mask, op.i32Xor, mask, op.i32Subtract];
}

/** Byte address of weight row `(offset + index) mod depth`, without the base. */
export function rowAddress(layout: Pick<KernelLayout, "rowBytes" | "weightDepth">, offset: Code, index: Code): Code {
  const { rowBytes, weightDepth } = layout;
  const row = [offset, index, op.i32Add, constant(weightDepth - 1), op.i32And];
  const shift = Math.log2(rowBytes);
  return [row, Number.isInteger(shift) ? [constant(shift), op.i32ShiftLeft] : [constant(rowBytes), op.i32Multiply]];
}

function accumulate({ weights, narrow, noSynapse }: KernelLayout, vector: number): Code {
  const raw = [getLocal(local.word), at(op.v128Load8x8Signed, weights + 8 * vector)];
  const row =
    noSynapse === undefined
      ? raw
      : [raw, teeLocal(local.weights), getLocal(local.weights), synapses(noSynapse), op.v128And];
  if (narrow) {
    const sum = local.sum + vector;
    return [row, getLocal(local.payload), op.i16x8Multiply, getLocal(sum), op.i16x8Add, setLocal(sum)];
  }
  const low = local.sum + 2 * vector;
  return [
    [row, getLocal(local.payload), op.i32x4ExtendedMultiplyLowSigned, getLocal(low), op.i32x4Add, setLocal(low)],
    [row, getLocal(local.payload), op.i32x4ExtendedMultiplyHighSigned, getLocal(low + 1), op.i32x4Add],
    setLocal(low + 1),
  ];
}

/** From eight weights to -1 where there is a synapse, else 0. */
export function synapses(noSynapse: number): Code {
  return [constant(noSynapse), op.i16x8Splat, op.i16x8NotEqual];
}

/** Stores the sums of a visit and clears the accumulators. */
function storeSums({ narrow }: KernelLayout, vector: number): Code {
  const store = (half: number, value: Code): Code => [
    [getLocal(local.sums), value, at(op.v128Store, 32 * vector + 16 * half)],
  ];
  const clear = (sum: number): Code => [constant(0), op.i16x8Splat, setLocal(sum)];
  if (narrow) {
    const sum = local.sum + vector;
    return [
      store(0, [getLocal(sum), op.i32x4ExtendLowSigned]),
      store(1, [getLocal(sum), op.i32x4ExtendHighSigned]),
      clear(sum),
    ];
  }
  return [0, 1].map((half) => {
    const sum = local.sum + 2 * vector + half;
    return [store(half, getLocal(sum)), clear(sum)];
  });
}
