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
} from "../../support/wasm-module.js";

const names = [
  "address",
  "payload",
  "end",
  "potentials",
  "weights",
  "first",
  "reach",
  "channels",
  "rowBytes",
  "pixel",
  "channel",
  "row",
  "base",
  "tap",
  "lastTap",
  "to",
  "weight",
  "rowEnd",
  "taps",
  "spikes",
  "vector",
] as const;
const parameters = 9;
const local = Object.fromEntries(names.map((name, i) => [name, i])) as Record<(typeof names)[number], number>;
const get = (name: (typeof names)[number]): number[] => getLocal(local[name]);
const set = (name: (typeof names)[number]): number[] => setLocal(local[name]);

/**
 * Delivery of events as WebAssembly with SIMD, eight synapses at a time:
 *
 *   deliver(address, payload, end, potentials, weights, first, reach, channels, rowBytes) → taps reached
 *
 * All arguments but the last two are byte addresses. `address .. end` and `payload`: the events, 32 bits each.
 * `weights`: rows of 16-bit weights, one for each tap of the window and channel of the source, padded with zeros to
 * `rowBytes`, a multiple of 16. `first`: for each source pixel the address of its taps, and one more; a tap is the byte
 * offset of its target pixel among the potentials and of its rows among the weights. `reach`: for each source channel
 * the byte offset of its group among the channels of a target pixel. Lanes beyond a row add 0 to what follows it.
 */
export const deliverModule: Uint8Array<ArrayBuffer> = wasmModule([
  {
    name: "deliver",
    parameters: new Array<number>(parameters).fill(valueType.i32),
    locals: names
      .slice(parameters)
      .map((name) => (name === "spikes" || name === "vector" ? valueType.v128 : valueType.i32)),
    body: [
      [op.block, op.loop],
      [get("address"), get("end"), op.i32GreaterEqualUnsigned, branchIf(1)],
      split(),
      [get("payload"), at(op.i32Load, 0), op.i16x8Splat, set("spikes")],
      [get("weights"), get("channel"), get("rowBytes"), op.i32Multiply, op.i32Add, set("row")],
      [get("reach"), get("channel"), constant(2), op.i32ShiftLeft, op.i32Add, at(op.i32Load, 0)],
      [get("potentials"), op.i32Add, set("base")],
      [
        get("first"),
        get("pixel"),
        constant(2),
        op.i32ShiftLeft,
        op.i32Add,
        teeLocal(local.tap),
        at(op.i32Load, 4),
        set("lastTap"),
      ],
      [get("tap"), at(op.i32Load, 0), set("tap")],
      [op.block, op.loop],
      [get("tap"), get("lastTap"), op.i32GreaterEqualUnsigned, branchIf(1)],
      [get("base"), get("tap"), at(op.i32Load, 0), op.i32Add, set("to")],
      [
        get("row"),
        get("tap"),
        at(op.i32Load, 4),
        op.i32Add,
        teeLocal(local.weight),
        get("rowBytes"),
        op.i32Add,
        set("rowEnd"),
      ],
      [op.loop],
      [get("weight"), at(op.v128Load, 0), set("vector")],
      accumulate(0, op.i32x4ExtendedMultiplyLowSigned),
      accumulate(16, op.i32x4ExtendedMultiplyHighSigned),
      [get("to"), constant(32), op.i32Add, set("to")],
      [get("weight"), constant(16), op.i32Add, teeLocal(local.weight), get("rowEnd"), op.i32LessUnsigned, branchIf(0)],
      [op.end],
      [get("taps"), constant(1), op.i32Add, set("taps")],
      [get("tap"), constant(8), op.i32Add, set("tap")],
      [branch(0), op.end, op.end],
      [get("address"), constant(4), op.i32Add, set("address")],
      [get("payload"), constant(4), op.i32Add, set("payload")],
      [branch(0), op.end, op.end],
      get("taps"),
    ],
  },
]);

/** `pixel` and `channel` of the event; no division where the source has one pixel. */
function split(): Code {
  return [
    [constant(0), set("pixel")],
    [get("address"), at(op.i32Load, 0), teeLocal(local.channel), get("channels"), op.i32GreaterEqualUnsigned, op.if],
    [get("channel"), get("channel"), get("channels"), op.i32DivideUnsigned, teeLocal(local.pixel)],
    [get("channels"), op.i32Multiply, op.i32Subtract, set("channel")],
    op.end,
  ];
}

/** Adds four products to the four potentials at `to + offset`. */
function accumulate(offset: number, multiply: readonly number[]): Code {
  return [
    [get("to"), get("to"), at(op.v128Load, offset)],
    [get("vector"), get("spikes"), multiply, op.i32x4Add],
    at(op.v128Store, offset),
  ];
}
