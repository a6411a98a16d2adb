/**
 * The link's packets, as data: frames, operations, replies, reasons of refusal. Both ends are checked against these
 * tables: the software in `src/runtime` and `src/sim/virtual/link.ts` uses them, `hdl/rtl/snn_link_*.v` is tested against it.
 *
 * A frame, the same both ways (numbers little endian):
 *
 *   a5 | sequence u8 | operation u8 | length u16 | crc8 | payload[length] | crc32
 *
 * crc8 covers sequence..length, crc32 covers sequence..payload, crc8 included.
 */

/** First byte of every frame. */
export const startOfFrame = 0xa5;
/** Bytes before the payload. */
export const headerBytes = 6;
/** Bytes after the payload. */
export const trailerBytes = 4;
/** Set in the operation of every reply; a core drops frames that have it. */
export const replyBit = 0x80;
/** Operation of a reply that refuses; its payload is the reason. */
export const refusal = 0xff;
/** Bytes of a stored frame that are not payload: sequence, operation, length. */
export const storedHeaderBytes = 4;

/** Largest `length` that a request may ask for, bytes. */
export const maxLength = 4095;

/** Largest payload of a frame to a core with a ring of `linkDepth` bytes. */
export function maxPayload(linkDepth: number): number {
  return linkDepth - storedHeaderBytes;
}

export interface PacketField {
  readonly name: string;
  readonly bytes: 1 | 2 | 3 | 4;
  readonly meaning: string;
}

export interface Operation {
  readonly name: string;
  readonly code: number;
  /** At the begin of the payload, in this order. */
  readonly fields: readonly PacketField[];
  /** What follows the fields; absent: nothing may. */
  readonly data?: string;
  readonly reply: string;
  readonly meaning: string;
}

const field = (name: string, bytes: PacketField["bytes"], meaning: string): PacketField => ({ name, bytes, meaning });
const memory = field("memory", 1, "`memorySelect` of src/arch/memory.ts");
const address = field("address", 2, "first word");

export const operations = {
  write: {
    name: "write",
    code: 1,
    fields: [memory, address],
    data: "words, each of `wordBytes`; an incomplete last word is filled up with zeros",
    reply: "empty",
    meaning: "writes words to consecutive addresses",
  },
  read: {
    name: "read",
    code: 2,
    fields: [memory, address, field("length", 2, "bytes wanted, 1..4095")],
    reply: "`length` bytes: words from consecutive addresses, each of `wordBytes`",
    meaning: "reads words",
  },
  check: {
    name: "check",
    code: 3,
    fields: [memory, address, field("length", 2, "bytes to sum, 1..4095")],
    reply: "CRC-32 of the bytes that `read` would have sent",
    meaning: "sums words without sending them",
  },
  run: {
    name: "run",
    code: 4,
    fields: [
      field("flags", 1, "`runFlags`"),
      field("wanted", 2, "values that the program waits for, modulo 2^16: else the frame is refused"),
      field("length", 2, "bytes of the reply: results wanted times the bytes of a result, 1..4095"),
    ],
    data: "input values, packed lowest bits first; every sample starts with a new byte",
    reply: "one result a sample, see `resultFields`",
    meaning:
      "feeds samples one after the other and tells how each ended; data that ends early leaves the program waiting",
  },
  stop: {
    name: "stop",
    code: 5,
    fields: [],
    reply: "empty",
    meaning: "stops the program; on arrival already it ends every wait of frames before it",
  },
} as const satisfies Record<string, Operation>;

/** Bits of `flags` of `run`. */
export const runFlags = {
  /** Mask of the base-2 logarithm of the bits a value: 0..3 for 1, 2, 4, 8. */
  logBits: 0b0011,
  /** Results have all of `resultFields`; otherwise the first `shortResultFields`. */
  long: 0b0100,
  /**
   * The samples may be run again if the frame comes twice. Without it only one sample is fed, and when the same frame
   * comes again as the next one, its result is sent again and nothing is fed.
   */
  repeatable: 0b1000,
} as const;

/** A result of `run`, in this order. */
export const resultFields: readonly PacketField[] = [
  field(
    "status",
    1,
    "low byte of register `status` when the program waited again or stood still; bit 3: it executed `done`",
  ),
  field("decision", 3, "low bytes of register `decision`"),
  field("cycles", 4, "register `cycles`"),
  field("operations", 4, "register `operations`"),
  field("spikes", 4, "register `spikes`"),
  field("stalls", 4, "register `stalls`"),
];
/** How many of `resultFields` a short result has. */
export const shortResultFields = 3;
/** Bit of a result's status: the program executed `done` after the sample was fed. */
export const statusDone = 0b1000;

/** Bytes of a result. */
export function resultBytes(long: boolean): number {
  return resultFields.slice(0, long ? resultFields.length : shortResultFields).reduce((sum, f) => sum + f.bytes, 0);
}

/** A reason of refusal. Those below 8 are about the transmission: nothing of the frame counts, send it again. */
export const reasons = {
  start: { code: 1, meaning: "a byte other than a5 where a frame begins" },
  line: { code: 2, meaning: "a character without stop bit" },
  header: { code: 3, meaning: "wrong CRC-8" },
  length: { code: 4, meaning: "more payload than the ring can hold" },
  checksum: { code: 5, meaning: "wrong CRC-32" },
  timeout: { code: 6, meaning: "the frame ended too early" },
  overflow: { code: 7, meaning: "no room in the ring: too many frames under way" },
  operation: { code: 8, meaning: "no such operation" },
  malformed: { code: 9, meaning: "length or fields of the payload do not fit the operation" },
  idle: { code: 10, meaning: "the program does not wait for input" },
  wanted: { code: 11, meaning: "the program waits for another number of values" },
  memory: { code: 12, meaning: "no such memory" },
  busy: { code: 13, meaning: "memories are not to be touched: the program runs, or has taken a part of a sample" },
} as const;

export type Reason = keyof typeof reasons;
/** Reasons from this code on are about the content of a frame: sending it again does not help. */
export const firstContentReason = 8;

/** Cycles that a frame may pause before it is given up: 2^bits, at least 1024 byte times of the UART. */
export function timeoutBits(baudDivider: number): number {
  return Math.ceil(Math.log2(baudDivider * 10 * 1024));
}
