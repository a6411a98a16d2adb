import {
  at,
  branch,
  branchIf,
  type Code,
  constant,
  getLocal,
  op,
  setLocal,
  valueType,
  type WasmFunction,
} from "../../../support/wasm-module.js";
import { type KernelLayout, rowAddress, synapses } from "./walk-code.js";

/** Where the loops of `learn` find their operands, bytes. */
export interface LearnLayout extends Pick<KernelLayout, "weights" | "rowBytes" | "weightDepth" | "noSynapse"> {
  /** One 16-bit word a lane: what an event changes. */
  readonly changes: number;
  /** One 16-bit word a lane: -1 where weights may change, else 0. */
  readonly masks: number;
}

/**
 * The loops of `learn` over rows of weights, as WebAssembly with SIMD.
 *
 *   learnEvents(entry, end, offset, min, max)  list entries `entry .. end` (byte addresses): row `offset + index` of each
 *                                              changes by `changes`
 *   learnRows(change, end, offset, min, max)   16-bit words `change .. end` (byte addresses): each changes all lanes of one
 *                                              row, from row `offset` on
 *
 * Weights that change are clipped to `min .. max`; lanes whose mask is 0, and those without
 * a synapse, keep theirs. Both return 0.
 */
export function learnFunctions(layout: LearnLayout): readonly WasmFunction[] {
  return [learnFunction("learnEvents", layout, eventRow(layout)), learnFunction("learnRows", layout, scanRow(layout))];
}

const local = { at: 0, end: 1, offset: 2, min: 3, max: 4, row: 5, old: 6, low: 7, high: 8, change: 9 } as const;

/** What the loop does for one row: sets `row` to its byte address, gives the change of each vector, and moves on. */
interface RowCode {
  readonly begin: Code;
  readonly change: (vector: number) => Code;
  readonly advance: Code;
}

function eventRow(layout: LearnLayout): RowCode {
  const word = [getLocal(local.at), at(op.i32Load, 0)];
  return {
    begin: [rowAddress(layout, getLocal(local.offset), word), setLocal(local.row)],
    change: (vector) => [constant(0), at(op.v128Load, layout.changes + 16 * vector)],
    advance: [getLocal(local.at), constant(4), op.i32Add, setLocal(local.at)],
  };
}

function scanRow(layout: LearnLayout): RowCode {
  return {
    begin: [
      [rowAddress(layout, getLocal(local.offset), constant(0)), setLocal(local.row)],
      [getLocal(local.at), at(op.i32Load16Unsigned, 0), op.i16x8Splat, setLocal(local.change)],
    ],
    change: () => getLocal(local.change),
    advance: [
      [getLocal(local.at), constant(2), op.i32Add, setLocal(local.at)],
      [getLocal(local.offset), constant(1), op.i32Add, setLocal(local.offset)],
    ],
  };
}

const noChange: Code = [constant(0), op.i16x8Splat];

function learnFunction(name: string, layout: LearnLayout, { begin, change, advance }: RowCode): WasmFunction {
  const { i32, v128 } = valueType;
  const vectors = Array.from({ length: layout.rowBytes / 8 }, (_, vector) => vector);
  return {
    name,
    parameters: [i32, i32, i32, i32, i32],
    locals: [i32, v128, v128, v128, v128],
    body: [
      [getLocal(local.min), op.i16x8Splat, setLocal(local.low)],
      [getLocal(local.max), op.i16x8Splat, setLocal(local.high)],
      [op.block, op.loop],
      [getLocal(local.at), getLocal(local.end), op.i32GreaterEqualUnsigned, branchIf(1)],
      begin,
      vectors.map((vector) => changeVector(layout, vector, change(vector))),
      advance,
      [branch(0), op.end, op.end],
      constant(0),
    ],
  };
}

/** Eight weights: `old` where the mask or the change is 0 or there is no synapse, else the sum, up to the bound that it moves towards. */
function changeVector({ weights, masks, noSynapse }: LearnLayout, vector: number, change: Code): Code {
  const address = weights + 8 * vector;
  const sum = [getLocal(local.old), change, op.i16x8Add];
  const clipped = [
    [sum, getLocal(local.low), op.i16x8Maximum, sum, getLocal(local.high), op.i16x8Minimum],
    [change, noChange, op.i16x8Less, op.v128Select],
  ];
  return [
    [getLocal(local.row), at(op.v128Load8x8Signed, address), setLocal(local.old)],
    getLocal(local.row),
    [
      clipped,
      getLocal(local.old),
      [constant(0), at(op.v128Load, masks + 16 * vector), change, noChange, op.i16x8NotEqual, op.v128And],
      noSynapse === undefined ? [] : [getLocal(local.old), synapses(noSynapse), op.v128And],
      op.v128Select,
      setLocal(local.old),
    ],
    [getLocal(local.old), getLocal(local.old), op.i8x16NarrowSigned, at(op.v128Store64Lane, address), 0],
  ];
}
