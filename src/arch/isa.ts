/**
 * Instructions of the on-chip controller, as data. A word has 32 bits: opcode in [31:28], fields below.
 *
 * The hardware twin is `hdl/rtl/snn_controller.v`; the tables in `hdl/README.md` and `firmware/README.md` state the same.
 */
export interface InstructionField {
  readonly name: string;
  /** Least significant bit. */
  readonly lsb: number;
  readonly bits: number;
}

export interface Instruction {
  readonly mnemonic: string;
  readonly opcode: number;
  readonly fields: readonly InstructionField[];
  readonly meaning: string;
}

const field = (name: string, lsb: number, bits: number): InstructionField => ({ name, lsb, bits });

export const instructions: readonly Instruction[] = [
  { mnemonic: "halt", opcode: 0x0, fields: [], meaning: "stop until the host restarts the program" },
  {
    mnemonic: "set",
    opcode: 0x1,
    fields: [field("register", 22, 6), field("value", 0, 22)],
    meaning: "load a pass register",
  },
  {
    mnemonic: "pass",
    opcode: 0x2,
    fields: [
      field("table", 0, 10),
      field("fresh", 10, 1),
      field("store", 11, 1),
      field("emit", 12, 1),
      field("merge", 13, 2),
      field("argmax", 15, 1),
      field("signed", 16, 1),
      field("ternary", 17, 1),
      field("mute", 18, 1),
      field("settled", 19, 1),
      field("winner", 20, 1),
    ],
    meaning:
      "run one population pass with the registers as set; `table` is the address of its step table; with dynamics: `mute` " +
      "integrates only, `settled` settles only, `winner` lets only the neuron of `decision` fire",
  },
  {
    mnemonic: "input",
    opcode: 0x3,
    fields: [field("count", 0, 21), field("state", 21, 1)],
    meaning:
      "take `count` input values from the host into the list; the core is idle meanwhile; with dynamics, `state`: into the " +
      "state words from `state` on instead, as synaptic currents, all else in them 0",
  },
  { mnemonic: "done", opcode: 0x4, fields: [], meaning: "publish decision and counters of this sample" },
  { mnemonic: "jump", opcode: 0x5, fields: [field("address", 0, 10)], meaning: "continue at `address`" },
  {
    mnemonic: "count",
    opcode: 0x6,
    fields: [field("counter", 24, 1), field("value", 0, 16)],
    meaning: "load a loop counter",
  },
  {
    mnemonic: "loop",
    opcode: 0x7,
    fields: [field("counter", 24, 1), field("address", 0, 10)],
    meaning: "decrement the counter; jump when it is not zero afterwards",
  },
  { mnemonic: "mark", opcode: 0x8, fields: [], meaning: "clear the spike flag" },
  {
    mnemonic: "quiet",
    opcode: 0x9,
    fields: [field("address", 0, 10)],
    meaning: "jump when no spike was emitted since the last mark",
  },
  {
    mnemonic: "learn",
    opcode: 0xa,
    fields: [],
    meaning: "run the plasticity of one projection with the registers as set",
  },
  { mnemonic: "reward", opcode: 0xb, fields: [], meaning: "move the eligibilities of one projection into its weights" },
  {
    mnemonic: "scatter",
    opcode: 0xc,
    fields: [],
    meaning: "add the sparse synapses of the events of a list to the synaptic currents of their targets",
  },
];

/** Values of the `merge` field of `pass`. */
export const mergeModes = { none: 0, max: 1, sum: 2 } as const;

export interface PassRegister {
  readonly name: string;
  readonly index: number;
  readonly fields: readonly InstructionField[];
  readonly meaning: string;
}

/** Registers that `set` loads. Signed values are two's complement in their field. */
export const passRegisters: readonly PassRegister[] = [
  {
    name: "source-size",
    index: 0,
    fields: [field("width", 0, 12), field("height", 12, 10)],
    meaning: "source pixels a row, rows",
  },
  {
    name: "kernel",
    index: 1,
    fields: [field("width", 0, 12), field("rows", 12, 8)],
    meaning: "window of a visit, pixels; rows 0: no walk, fire only",
  },
  {
    name: "origin",
    index: 2,
    fields: [field("x", 0, 12), field("y", 12, 10)],
    meaning: "source pixel of the first visit's window corner, signed",
  },
  {
    name: "origin-pointer",
    index: 3,
    fields: [field("address", 0, 16)],
    meaning: "pointer address of (0, origin y): source pointer base + y * width, modulo",
  },
  {
    name: "weight-base",
    index: 4,
    fields: [field("row", 0, 16)],
    meaning: "weight offset of the first visit's first segment, modulo 2^16",
  },
  {
    name: "row-step",
    index: 5,
    fields: [field("row", 0, 16)],
    meaning: "added to the weight offset from kernel row to kernel row",
  },
  {
    name: "grid",
    index: 6,
    fields: [field("columns", 0, 11), field("rows", 11, 11)],
    meaning: "positions: how many in x and in y",
  },
  {
    name: "window",
    index: 7,
    fields: [field("columns", 0, 4), field("rows", 4, 4), field("groups", 8, 10)],
    meaning: "visits a position: pool window in x and y, groups of lanes",
  },
  {
    name: "lanes",
    index: 8,
    fields: [field("visit", 0, 6), field("last", 6, 6), field("position", 12, 6)],
    meaning: "lanes used in a visit, in the last group's visit, channels a position (parameters wrap after it)",
  },
  { name: "parameters", index: 9, fields: [field("address", 0, 16)], meaning: "parameter word of group 0, lane 0" },
  {
    name: "state",
    index: 10,
    fields: [field("address", 0, 16)],
    meaning: "state word of the first neuron visited; one more for each neuron in visiting order",
  },
  {
    name: "fire",
    index: 11,
    fields: [field("mask", 0, 8), field("max", 8, 8)],
    meaning: "divider stages enabled (bit k subtracts threshold * 2^k); largest tracer value",
  },
  { name: "list", index: 12, fields: [field("address", 0, 16)], meaning: "list address of the next emitted entry" },
  { name: "pointer", index: 13, fields: [field("address", 0, 16)], meaning: "pointer address of the next pixel" },
  {
    name: "channels",
    index: 14,
    fields: [field("count", 0, 16)],
    meaning: "values a target pixel; a pointer is written before each pixel",
  },
  { name: "index", index: 15, fields: [field("value", 0, 16)], meaning: "neuron index of the next candidate" },
];

/**
 * Step table of a pass: two words for each loop level, innermost first; `table` points at level 0.
 * Levels: 0 window column, 1 window row, 2 group, 3 position column, 4 position row. When a level advances, all levels
 * inside it restart; its deltas (which include the rewinding) are added to the visit's x, y, pointer and weight offset.
 */
export const stepLevels = ["window-column", "window-row", "group", "column", "row"] as const;
export const stepWords: readonly (readonly InstructionField[])[] = [
  [field("x", 0, 12), field("y", 12, 10)],
  [field("weight", 0, 16), field("pointer", 16, 16)],
];
