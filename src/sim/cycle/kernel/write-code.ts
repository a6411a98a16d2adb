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
} from "../../../support/wasm-module.js";

/** Where the writer writes, bytes. */
export interface WriterLayout {
  readonly list: number;
  readonly listDepth: number;
  readonly pointers: number;
  readonly pointerDepth: number;
  readonly indexMask: number;
}

/** Locals of the function that a writer is part of. */
export interface WriterLocals {
  /** Next list address. */
  readonly list: number;
  /** Next pointer address. */
  readonly pointer: number;
  /** Values a pixel, not 0. */
  readonly channels: number;
  /** Index of the next candidate. */
  readonly index: number;
  /** Candidates still to write, at least 1; 0 afterwards. */
  readonly left: number;
  /** Which of them, lowest bit first, have a payload; bits beyond the last are ignored. */
  readonly bits: number;
  /** Candidates still to come in the pixel. */
  readonly pixel: number;
  /** For the writer alone. */
  readonly chunk: number;
  readonly pick: number;
  readonly take: number;
  readonly payload: number;
}

/**
 * Writes candidates whose payloads are 32-bit words at `payloads`: pointers at the borders of pixels, entries where
 * `bits` says.
 *
 * @param withSign Payloads are signed and stored as sign and magnitude.
 */
export function writeCandidates(layout: WriterLayout, local: WriterLocals, payloads: number, withSign: boolean): Code {
  const entry = [
    [getLocal(local.list), constant(layout.listDepth - 1), op.i32And, constant(2), op.i32ShiftLeft],
    [codedPayload(local.payload, withSign), constant(16), op.i32ShiftLeft],
    [getLocal(local.index), getLocal(local.take), op.i32Add, constant(layout.indexMask), op.i32And, op.i32Or],
    at(op.i32Store, layout.list),
  ];
  return [
    [constant(0), setLocal(local.pick)],
    op.loop,
    [getLocal(local.pixel), op.i32EqualsZero, op.if],
    writePointer(layout, local),
    [getLocal(local.channels), setLocal(local.pixel), op.end],
    // chunk: candidates up to the end of the pixel or of all
    [getLocal(local.left), getLocal(local.pixel), getLocal(local.left), getLocal(local.pixel), op.i32LessUnsigned],
    [op.select, setLocal(local.chunk)],
    [op.block, op.loop],
    [getLocal(local.bits), op.i32EqualsZero, branchIf(1)],
    [getLocal(local.bits), op.i32TrailingZeros, teeLocal(local.take), getLocal(local.pick), op.i32Subtract],
    [getLocal(local.chunk), op.i32GreaterEqualUnsigned, branchIf(1)],
    [getLocal(local.take), constant(2), op.i32ShiftLeft, at(op.i32Load, payloads), setLocal(local.payload)],
    entry,
    [getLocal(local.list), constant(1), op.i32Add, setLocal(local.list)],
    [getLocal(local.bits), getLocal(local.bits), constant(1), op.i32Subtract, op.i32And, setLocal(local.bits)],
    [branch(0), op.end, op.end],
    [getLocal(local.pick), getLocal(local.chunk), op.i32Add, setLocal(local.pick)],
    [getLocal(local.pixel), getLocal(local.chunk), op.i32Subtract, setLocal(local.pixel)],
    [getLocal(local.left), getLocal(local.chunk), op.i32Subtract, teeLocal(local.left), branchIf(0)],
    op.end,
    [getLocal(local.index), getLocal(local.pick), op.i32Add, setLocal(local.index)],
  ];
}

/** The payload as it stands in a list: a count, or sign and magnitude. */
function codedPayload(payload: number, withSign: boolean): Code {
  const raw = [getLocal(payload), constant(0xff), op.i32And];
  if (!withSign) return raw;
  const negative = [constant(0x80), getLocal(payload), op.i32Subtract, constant(0xff), op.i32And];
  return [negative, raw, getLocal(payload), constant(0), op.i32Less, op.select];
}

/** Writes the list address as the next pointer. */
export function writePointer(
  { pointers, pointerDepth }: WriterLayout,
  { pointer, list }: Pick<WriterLocals, "pointer" | "list">,
): Code {
  return [
    [getLocal(pointer), constant(1), op.i32ShiftLeft, getLocal(list), at(op.i32Store16, pointers)],
    [getLocal(pointer), constant(1), op.i32Add, constant(pointerDepth - 1), op.i32And, setLocal(pointer)],
  ];
}
