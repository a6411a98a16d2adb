import { mergeModes } from "../../../arch/isa.js";
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
  wasmModule,
} from "../../../support/wasm-module.js";
import { type WriterLayout, writeCandidates, writePointer } from "./write-code.js";

/** What is the same in all passes of a core. Addresses in bytes. */
export interface FireLayout extends WriterLayout {
  readonly membranes: number;
  readonly tracers: number;
  /** Room for four rows of lane values; everything beyond the first row of each pair stays 0. */
  readonly scratch: number;
  /** Lanes, rounded up to a multiple of 8. */
  readonly lanes: number;
  readonly accumulatorBits: number;
  readonly membraneBits: number;
}

/** What a kernel is made for. */
export interface FireVariant {
  readonly fresh: boolean;
  readonly store: boolean;
  readonly emit: boolean;
  readonly merge: number;
  readonly ternary: boolean;
  readonly mask: number;
}

/** Words of a visit in the visit table: address of its lane block, lanes, candidates after it, 1 when it opens a window. */
export const visitWords = 4;

/**
 * Neuron, merge and writer of a pass as WebAssembly with SIMD, four neurons at a time. The same as `fire` of `fire.ts`,
 * without `argmax`; the state words must not wrap around.
 *
 *   fire(visit, end, sums, state, list, pointer, channels, index, position, max) → list address at the end
 *
 * `visit .. end`: visit table. `state`: byte offset of the first neuron. `position`: lanes of one position. A lane block
 * has three rows of 32-bit words: thresholds, initial membranes, and -1 in the lanes that are used.
 */
export function fireModule(layout: FireLayout, variant: FireVariant): Uint8Array<ArrayBuffer> {
  const vectors = layout.lanes / 4;
  const eachVector = (code: (vector: number) => Code) => Array.from({ length: vectors }, (_, v) => code(v));
  const merged = variant.emit && variant.merge !== mergeModes.none;
  const body: Code = [
    [op.block, op.loop],
    [getLocal(local.visit), getLocal(local.end), op.i32GreaterEqualUnsigned, branchIf(1)],
    [getLocal(local.visit), at(op.i32Load, 0), setLocal(local.block)],
    merged ? openWindow(layout, eachVector) : [],
    [constant(0), setLocal(local.bits)],
    eachVector((v) => neurons(layout, variant, v)),
    variant.emit
      ? [
          [getLocal(local.visit), at(op.i32Load, 8), teeLocal(local.left), op.if],
          merged ? closeWindow(layout, variant, eachVector) : [],
          writeCandidates(layout, local, layout.scratch, variant.ternary),
          op.end,
        ]
      : [],
    [getLocal(local.state), getLocal(local.visit), at(op.i32Load, 4), constant(2), op.i32ShiftLeft, op.i32Add],
    setLocal(local.state),
    [getLocal(local.sums), constant(layout.lanes * 4), op.i32Add, setLocal(local.sums)],
    [getLocal(local.visit), constant(visitWords * 4), op.i32Add, setLocal(local.visit)],
    [branch(0), op.end, op.end],
    variant.emit ? writePointer(layout, local) : [],
    getLocal(local.list),
  ];
  const windowVectors = Array.from({ length: 2 * vectors }, () => valueType.v128);
  const locals = [
    ...Array.from({ length: 8 }, () => valueType.i32),
    ...Array.from({ length: 6 }, () => valueType.v128),
  ];
  const parameters = Array.from({ length: 10 }, () => valueType.i32);
  return wasmModule([{ name: "fire", parameters, locals: [...locals, ...windowVectors], body }]);
}

const local = {
  visit: 0,
  end: 1,
  sums: 2,
  state: 3,
  list: 4,
  pointer: 5,
  channels: 6,
  index: 7,
  position: 8,
  max: 9,
  block: 10,
  bits: 11,
  /** Candidates of the visit still to write. */
  left: 12,
  /** Candidates still to come in the pixel. */
  pixel: 13,
  chunk: 14,
  pick: 15,
  take: 16,
  payload: 17,
  x: 18,
  s: 19,
  o: 20,
  rest: 21,
  threshold: 22,
  used: 23,
  before: 24,
} as const;

type EachVector = (code: (vector: number) => Code) => Code;

const zero: Code = [constant(0), op.i16x8Splat];
const before = (vector: number) => local.before + vector;
const after = ({ lanes }: FireLayout, vector: number) => local.before + lanes / 4 + vector;

/** Wraps a vector on the stack to `bits` bits, two's complement. */
function wrap(bits: number): Code {
  const shift = constant(32 - bits);
  return bits === 32 ? [] : [shift, op.i32x4ShiftLeft, shift, op.i32x4ShiftRight];
}

/** Four neurons: integrate, fire, store, and what the window keeps of them. */
function neurons(layout: FireLayout, variant: FireVariant, vector: number): Code {
  const { fresh, store, emit, merge } = variant;
  const offset = 16 * vector;
  const row = layout.lanes * 4;
  const fromBlock = (rowNumber: number): Code => [getLocal(local.block), at(op.v128Load, rowNumber * row + offset)];
  const fromState = (base: number): Code => [getLocal(local.state), at(op.v128Load, base + offset)];
  const toState = (base: number, value: Code): Code => [
    [getLocal(local.state), value, fromState(base), getLocal(local.used), op.v128Select],
    at(op.v128Store, base + offset),
  ];
  const sum = [
    getLocal(local.sums),
    at(op.v128Load, offset),
    layout.accumulatorBits === 16 ? [] : wrap(layout.accumulatorBits),
  ];
  const v = fresh ? fromBlock(1) : fromState(layout.membranes);
  const next = [getLocal(local.s), getLocal(local.o), op.i32x4Add, constant(0xff), op.i32x4Splat, op.v128And];
  return [
    [fromBlock(2), setLocal(local.used)],
    [v, sum, op.i32x4Add, wrap(layout.membraneBits), teeLocal(local.x), setLocal(local.rest)],
    [fresh ? zero : fromState(layout.tracers), getLocal(local.used), op.v128And, setLocal(local.s)],
    [fromBlock(0), setLocal(local.threshold)],
    variant.ternary ? ternary(variant) : divide(variant),
    [getLocal(local.o), getLocal(local.used), op.v128And, setLocal(local.o)],
    store
      ? [toState(layout.membranes, [getLocal(local.rest), wrap(layout.membraneBits)]), toState(layout.tracers, next)]
      : [],
    emit ? keep(layout, merge, vector, [next, getLocal(local.used), op.v128And]) : [],
  ];
}

/** The restoring divider: the planes of the mask, largest first. */
function divide({ mask }: FireVariant): Code {
  const planes = [7, 6, 5, 4, 3, 2, 1, 0].filter((k) => mask & (1 << k));
  return [
    [zero, setLocal(local.o)],
    planes.map((k): Code => {
      const charge = [getLocal(local.threshold), constant(k), op.i32x4ShiftLeft];
      return [
        [getLocal(local.rest), charge, op.i32x4GreaterEqual, setLocal(local.x)],
        [getLocal(local.rest), charge, getLocal(local.x), op.v128And, op.i32x4Subtract, setLocal(local.rest)],
        [getLocal(local.x), constant(1 << k), op.i32x4Splat, op.v128And, getLocal(local.o), op.v128Or],
        setLocal(local.o),
      ];
    }),
  ];
}

/** One spike of either sign, guarded by the tracer. Comparisons give -1 for true. */
function ternary({ mask }: FireVariant): Code {
  if ((mask & 1) === 0) return [zero, setLocal(local.o)];
  const both = (a: Code, b: Code): Code => [a, b, op.v128And];
  const down = both([getLocal(local.x), zero, op.i32x4Less], [getLocal(local.s), zero, op.i32x4Greater]);
  const up = both(
    [getLocal(local.x), getLocal(local.threshold), op.i32x4GreaterEqual],
    [getLocal(local.max), op.i32x4Splat, getLocal(local.s), op.i32x4Greater],
  );
  return [
    [down, up, op.i32x4Subtract, setLocal(local.o)],
    [getLocal(local.x), getLocal(local.o), getLocal(local.threshold), op.i32x4Multiply, op.i32x4Subtract],
    setLocal(local.rest),
  ];
}

/** Adds four neurons to the window, or without merging hands their payloads on. */
function keep(layout: FireLayout, merge: number, vector: number, next: Code): Code {
  if (merge === mergeModes.none) return payloads(layout, vector, getLocal(local.o));
  const end = after(layout, vector);
  if (merge === mergeModes.sum) return [getLocal(end), getLocal(local.o), op.i32x4Add, setLocal(end)];
  const start = before(vector);
  return [
    [getLocal(start), getLocal(local.s), op.i32x4Maximum, setLocal(start)],
    [getLocal(end), next, op.i32x4Maximum, setLocal(end)],
  ];
}

/** Leaves four payloads in the scratch memory, and in `bits` which of them are not 0. */
function payloads({ scratch }: FireLayout, vector: number, value: Code): Code {
  const nonzero = [constant(0), at(op.v128Load, scratch + 16 * vector), zero, op.i32x4NotEqual, op.i32x4Bitmask];
  return [
    [constant(0), value, at(op.v128Store, scratch + 16 * vector)],
    [nonzero, constant(4 * vector), op.i32ShiftLeft, getLocal(local.bits), op.i32Or, setLocal(local.bits)],
  ];
}

function openWindow(layout: FireLayout, eachVector: EachVector): Code {
  return [
    [getLocal(local.visit), at(op.i32Load, 12), op.if],
    eachVector((v) => [zero, setLocal(before(v)), zero, setLocal(after(layout, v))]),
    op.end,
  ];
}

/** Joins the positions that lie side by side in the lanes, and hands the payloads of the window on. */
function closeWindow(layout: FireLayout, { merge }: FireVariant, eachVector: EachVector): Code {
  const join = merge === mergeModes.max ? op.i32x4Maximum : op.i32x4Add;
  const pair = layout.lanes * 8;
  const save = (address: number, value: number): Code => [constant(0), getLocal(value), at(op.v128Store, address)];
  const joinFrom = (base: number, value: number): Code => [
    [getLocal(value), getLocal(local.pick), at(op.v128Load, base), join, setLocal(value)],
  ];
  const laneBytes = (lanes: Code): Code => [lanes, constant(2), op.i32ShiftLeft];
  return [
    [getLocal(local.position), getLocal(local.visit), at(op.i32Load, 4), op.i32LessUnsigned, op.if],
    eachVector((v) => [
      save(layout.scratch + 16 * v, before(v)),
      save(layout.scratch + pair + 16 * v, after(layout, v)),
    ]),
    [laneBytes(getLocal(local.position)), setLocal(local.pick)],
    [op.block, op.loop],
    [
      getLocal(local.pick),
      laneBytes([getLocal(local.visit), at(op.i32Load, 4)]),
      op.i32GreaterEqualUnsigned,
      branchIf(1),
    ],
    eachVector((v) => [
      joinFrom(layout.scratch + 16 * v, before(v)),
      joinFrom(layout.scratch + pair + 16 * v, after(layout, v)),
    ]),
    [getLocal(local.pick), laneBytes(getLocal(local.position)), op.i32Add, setLocal(local.pick)],
    [branch(0), op.end, op.end, op.end],
    eachVector((v) => {
      const difference = [getLocal(after(layout, v)), getLocal(before(v)), op.i32x4Subtract];
      return payloads(layout, v, merge === mergeModes.max ? difference : getLocal(after(layout, v)));
    }),
  ];
}
