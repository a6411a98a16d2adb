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
import { type WriterLayout, writePointer } from "./write-code.js";

const local = {
  value: 0,
  end: 1,
  list: 2,
  pointer: 3,
  channels: 4,
  index: 5,
  chunkEnd: 6,
  bits: 7,
} as const;

/**
 * The writer during `input`, for all values of a sample at once.
 *
 *   take(value, end, list, pointer, channels, index) → list address at the end
 *
 * `value .. end` are bytes, 0 for no spike; `channels` is not 0. Sixteen values without a spike cost one look.
 */
export function inputFunction(layout: WriterLayout): WasmFunction {
  return {
    name: "take",
    parameters: Array.from({ length: 6 }, () => valueType.i32),
    locals: [valueType.i32, valueType.i32],
    body: [
      [op.block, op.loop],
      [getLocal(local.value), getLocal(local.end), op.i32GreaterEqualUnsigned, branchIf(1)],
      writePointer(layout, local),
      // one pixel
      [plus(local.value, getLocal(local.channels)), getLocal(local.end)],
      [plus(local.value, getLocal(local.channels)), getLocal(local.end), op.i32LessUnsigned, op.select],
      setLocal(local.chunkEnd),
      sixteens(layout),
      singles(layout),
      [branch(0), op.end, op.end],
      writePointer(layout, local),
      getLocal(local.list),
    ],
  };
}

function plus(index: number, amount: Code): Code {
  return [getLocal(index), amount, op.i32Add];
}

/** Values of the pixel, sixteen at a time. */
function sixteens(layout: WriterLayout): Code {
  const nonzero = [getLocal(local.value), at(op.v128Load, 0), constant(0), op.i8x16Splat, op.i8x16NotEqual];
  const lane = [getLocal(local.bits), op.i32TrailingZeros];
  return [
    [op.block, op.loop],
    [plus(local.value, constant(16)), getLocal(local.chunkEnd), op.i32GreaterUnsigned, branchIf(1)],
    [nonzero, op.i8x16Bitmask, setLocal(local.bits)],
    [op.block, op.loop],
    [getLocal(local.bits), op.i32EqualsZero, branchIf(1)],
    writeEntry(layout, [lane, getLocal(local.value), op.i32Add], [lane, getLocal(local.index), op.i32Add]),
    [getLocal(local.bits), getLocal(local.bits), constant(1), op.i32Subtract, op.i32And, setLocal(local.bits)],
    [branch(0), op.end, op.end],
    [plus(local.value, constant(16)), setLocal(local.value)],
    [plus(local.index, constant(16)), setLocal(local.index)],
    [branch(0), op.end, op.end],
  ];
}

/** The rest of the pixel, one by one. */
function singles(layout: WriterLayout): Code {
  return [
    [op.block, op.loop],
    [getLocal(local.value), getLocal(local.chunkEnd), op.i32GreaterEqualUnsigned, branchIf(1)],
    [getLocal(local.value), at(op.i32Load8Unsigned, 0), teeLocal(local.bits), op.if],
    writeEntry(layout, getLocal(local.value), getLocal(local.index)),
    op.end,
    [plus(local.value, constant(1)), setLocal(local.value)],
    [plus(local.index, constant(1)), setLocal(local.index)],
    [branch(0), op.end, op.end],
  ];
}

/** Appends the value at byte `address` to the list. */
function writeEntry({ list, listDepth, indexMask }: WriterLayout, address: Code, index: Code): Code {
  return [
    [getLocal(local.list), constant(listDepth - 1), op.i32And, constant(2), op.i32ShiftLeft],
    [address, at(op.i32Load8Unsigned, 0), constant(16), op.i32ShiftLeft],
    [index, constant(indexMask), op.i32And, op.i32Or, at(op.i32Store, list)],
    [plus(local.list, constant(1)), setLocal(local.list)],
  ];
}
