import { afterAll, describe, expect, it } from "vitest";
import { encodeFrame } from "../../../src/arch/frame.js";
import { operations, replyBit, resultBytes, runFlags } from "../../../src/arch/packet.js";
import { crc32 } from "../../../src/support/crc.js";
import { seededRandom } from "../../../src/support/random.js";
import { hasTool } from "../tool.js";
import { Bench, type Outcome, runTwin, type Simulator, type Stimulus } from "./bench.js";

const simulators = (["verilator", "iverilog"] as const).filter(hasTool);
if (simulators.length === 0)
  console.warn("link against its twin: not run, neither verilator nor iverilog is installed");
const benches = new Map<Simulator, Bench>();
afterAll(() => {
  for (const bench of benches.values()) bench.close();
});
function open(simulator: Simulator): Bench {
  const bench = benches.get(simulator) ?? new Bench(simulator);
  benches.set(simulator, bench);
  return bench;
}

const u16 = (value: number): number[] => [value & 0xff, value >> 8];
const write = (memory: number, address: number, ...data: number[]): number[] => [memory, ...u16(address), ...data];
const read = (memory: number, address: number, length: number): number[] => [memory, ...u16(address), ...u16(length)];
const run = (flags: number, wanted: number, length: number, ...data: number[]): number[] => [
  flags,
  ...u16(wanted),
  ...u16(length),
  ...data,
];
const frame = (sequence: number, operation: number, payload: Iterable<number> = []): Uint8Array =>
  encodeFrame({ sequence, operation, payload: Uint8Array.from(payload) });
const bytes = (...parts: Uint8Array[]): Stimulus => ({
  kind: "bytes",
  bytes: Uint8Array.from(parts.flatMap((p) => [...p])),
});
const wait: Stimulus = { kind: "wait" };
const quiet: Stimulus = { kind: "quiet" };

const { write: w, read: r, check: k, run: x, stop: s } = operations;
const control = 5;
/** Loads the stand-in's program: values wanted, cycles to run, what happens then. */
const program = (wanted: number, cycles: number, mode: number): Uint8Array[] => [
  frame(200, w.code, write(1, 0, ...u16(wanted), 0, 0, ...u16(cycles), 0, 0, mode, 0, 0, 0)),
  frame(201, w.code, write(0, control, 1, 0, 0, 0)),
];
const short = resultBytes(false);
const long = resultBytes(true);

/** Frames and everything that may be wrong about their content. */
const scripts: readonly (readonly Stimulus[])[] = [
  [bytes(frame(1, r.code, read(0, 0, 64))), wait],
  [bytes(frame(2, w.code, write(6, 300, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), frame(3, r.code, read(6, 300, 19))), wait],
  [bytes(frame(4, w.code, write(2, 5, 1, 2, 3, 4, 5, 6, 7)), frame(5, r.code, read(2, 5, 10))), wait],
  [bytes(frame(6, w.code, write(3, 65535, 1, 2, 3)), frame(7, r.code, read(3, 65535, 4))), wait],
  [bytes(frame(8, w.code, write(4, 9, 1, 2, 3, 4)), frame(9, k.code, read(4, 9, 6))), wait],
  [
    bytes(
      frame(10, k.code, read(6, 300, 1)),
      frame(11, k.code, read(5, 0, 600)),
      frame(12, k.code, read(0, 0, 4095)),
      frame(13, r.code, read(0, 0, 4096)),
    ),
    wait,
  ],
  [
    bytes(frame(12, w.code, write(7, 0, 1)), frame(13, r.code, read(255, 0, 1)), frame(14, k.code, read(8, 0, 1))),
    wait,
  ],
  [bytes(frame(15, w.code, write(1, 0)), frame(16, w.code, [1, 2]), frame(17, r.code, [0, 0, 0, 1])), wait],
  [bytes(frame(18, r.code, [...read(0, 0, 4), 0]), frame(19, r.code, read(0, 0, 0)), frame(20, r.code)), wait],
  [bytes(frame(21, 0), frame(22, 6, [1, 2, 3]), frame(23, 0x7f), frame(24, s.code, [1]), frame(25, s.code)), wait],
  [bytes(frame(26, w.code | replyBit, write(1, 0, 9)), frame(27, 0xff, [1]), frame(28, r.code, read(1, 0, 4))), wait],
  [bytes(frame(29, x.code, run(0, 3, short, 5))), wait],
  [bytes(...program(5, 40, 0), frame(30, x.code, run(2, 5, short, 0x21, 0x43, 0x65))), wait],
  [
    bytes(
      frame(31, x.code, run(2, 4, short, 0x21)),
      frame(32, x.code, run(0, 5, short)),
      frame(33, x.code, run(0, 5, 0, 1)),
    ),
    wait,
  ],
  [bytes(frame(34, x.code, run(0 | runFlags.long, 5, long, 0xff))), wait],
  [bytes(frame(35, x.code, run(1 | runFlags.repeatable, 5, 2 * short, 0xe4, 1, 0x1b, 2))), wait],
  [
    bytes(frame(36, x.code, run(3 | runFlags.repeatable | runFlags.long, 5, 2 * long, 9, 8, 7, 6, 255, 1, 2, 3, 4, 5))),
    wait,
  ],
  // without `repeatable`: one sample; the same frame again gives the same result
  [bytes(frame(37, x.code, run(0, 5, 2 * short, 0x0f, 0x0e))), wait],
  [bytes(frame(38, x.code, run(0, 5, short, 0x0d)), frame(38, x.code, run(0, 5, short, 0x0d))), wait],
  [
    bytes(
      frame(38, x.code, run(0, 5, short, 0x0d)),
      frame(39, r.code, read(0, 11, 4)),
      frame(39, x.code, run(0, 5, short, 1)),
    ),
    wait,
  ],
  [
    bytes(
      frame(39, x.code, run(0, 5, 2 * short, 1)),
      frame(39, x.code, run(0, 4, short, 1)),
      frame(39, x.code, run(0, 5, short, 7)),
    ),
    wait,
  ],
  // in pieces, repeated within, and with values left over
  [bytes(frame(40, x.code, run(3, 5, short, 1, 2)), frame(40, x.code, run(3, 5, short, 1, 2))), wait],
  [bytes(frame(41, x.code, run(3, 3, short, 3, 4, 5, 6, 7))), wait],
  [bytes(frame(42, x.code, run(3 | runFlags.repeatable, 5, 3 * short, 1, 2, 3, 4, 5, 6, 7))), wait],
  [
    bytes(
      frame(43, w.code, write(0, control, 1, 0, 0, 0)),
      frame(44, x.code, run(2 | runFlags.repeatable, 5, 3 * short, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
    ),
    wait,
  ],
  // programs that stop, fail, do not publish, want many values
  [bytes(...program(2, 7, 1), frame(45, x.code, run(3 | runFlags.repeatable, 2, 3 * short, 1, 2, 3, 4, 5, 6))), wait],
  [bytes(...program(2, 7, 2), frame(46, x.code, run(3 | runFlags.repeatable, 2, 2 * long, 1, 2, 3, 4))), wait],
  [bytes(...program(2, 7, 4), frame(47, x.code, run(3, 2, short, 1, 2))), wait],
  [
    bytes(...program(300, 3, 0)),
    wait,
    bytes(frame(48, x.code, run(3, 300, short, ...Array.from({ length: 300 }, (_, i) => i & 255)))),
    wait,
  ],
  [
    bytes(...program(4000, 0, 0)),
    wait,
    bytes(frame(49, x.code, run(0, 4000, short, ...Array.from({ length: 500 }, (_, i) => (i * 7) & 255)))),
    wait,
  ],
];

function expectSame(simulator: Simulator, stimuli: readonly Stimulus[]): Map<number, Outcome> {
  const seen = open(simulator).run(stimuli);
  const twin = runTwin(stimuli);
  expect(seen.size).toBe(twin.size);
  for (const [number, outcome] of twin) expect({ number, ...seen.get(number) }).toEqual({ number, ...outcome });
  return seen;
}

const numbered = (cases: readonly (readonly Stimulus[])[]): Stimulus[] =>
  cases.flatMap((stimuli, number) => [{ kind: "case", number } as const, ...stimuli]);

const pristine = bytes(
  ...program(3, 2, 0),
  frame(202, w.code, write(6, 0, 1, 2, 3, 4, 5, 6, 7, 8)),
  frame(203, r.code, read(0, 11, 4)),
);
/** Frames that would change something if they were believed, and the longest run of bits they have to offer. */
const victims: readonly Uint8Array[] = [
  frame(1, w.code, write(6, 0, 0xff, 0xa5, 0xa5, 0, 0, 1, 2, 3)),
  frame(0, w.code, write(0, control, 1, 0, 0, 0)),
  frame(0xa5, w.code, write(1, 0xa5a5, 0xa5, 0xa5, 0xa5, 0xa5)),
  frame(2, x.code, run(1, 3, short, 0x1b)),
  frame(3, x.code, run(3 | runFlags.repeatable, 3, 2 * short, 1, 2, 3, 4, 5, 6)),
  frame(4, r.code, read(0, 11, 4)),
  frame(5, k.code, read(6, 0, 8)),
  frame(255, s.code),
];

/** Every single wrong bit, lost byte, doubled byte, byte without stop bit, and every truncation of `whole`. */
function* accidents(whole: Uint8Array): Generator<readonly Stimulus[]> {
  for (let bit = 0; bit < whole.length * 8; bit++) {
    yield [bytes(whole.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)))];
  }
  for (let at = 0; at < whole.length; at++) {
    const before = whole.subarray(0, at);
    yield [bytes(before, whole.subarray(at + 1))];
    if (at > 0) yield [bytes(before)];
    if (at < whole.length - 1) yield [bytes(before, whole.subarray(at, at + 1), whole.subarray(at))];
    yield [bytes(before), { kind: "damaged", byte: whole[at]! }, bytes(whole.subarray(at + 1))];
  }
}

/** Cases in which a damaged frame did something, or the next good frame was not answered. */
function believed(
  simulator: Simulator | Bench,
  wholes = victims,
): { readonly cases: number; readonly bad: readonly number[] } {
  const cases = wholes.flatMap((whole) => [...accidents(whole)]);
  const probe = frame(77, k.code, read(6, 0, 8));
  const stimuli = [
    { kind: "case", number: 0 } as const,
    pristine,
    wait,
    ...cases.flatMap((accident, i) => [
      { kind: "case", number: i + 1 } as const,
      ...accident,
      quiet,
      bytes(probe),
      wait,
    ]),
  ];
  const seen = (simulator instanceof Bench ? simulator : open(simulator)).run(stimuli);
  if (!(simulator instanceof Bench)) expect(seen).toEqual(runTwin(stimuli));
  const sum = new Uint8Array(Uint32Array.of(crc32(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).buffer);
  const answer = Buffer.from(frame(77, k.code | replyBit, sum)).toString("hex");
  const complaints = [1, 2, 3, 4, 5, 6].map((reason) => Buffer.from(frame(77, 0xff, [reason])).toString("hex"));
  complaints.push(...complaints.map((_, i) => Buffer.from(frame(203, 0xff, [i + 1])).toString("hex")));
  const bad = cases.flatMap((_, i) => {
    const outcome = seen.get(i + 1)!;
    const fine =
      outcome.writes.length === 0 && outcome.values === "" && complaints.some((c) => outcome.sent === c + answer);
    return fine ? [] : [i];
  });
  return { cases: cases.length, bad };
}

describe.runIf(simulators.length > 0)("every accident to one byte", () => {
  it("changes nothing, is complained about once, and is over after a silence", () => {
    const { cases, bad } = believed(simulators[0]!);
    expect(cases).toBeGreaterThan(1500);
    expect(bad).toEqual([]);
  });

  it("is noticed to matter when the link commits frames with a wrong sum", () => {
    const careless = new Bench("iverilog", (name, text) =>
      name === "snn_link_rx" ? text.replace("!crc_busy && match;", "!crc_busy;") : text,
    );
    // writes only: a damaged `run` would keep the stand-in busy for minutes
    expect(believed(careless, victims.slice(0, 2)).bad.length).toBeGreaterThan(100);
    careless.close();
  });
});

describe.each(simulators)("snn_link in %s", (simulator) => {
  it("answers as its twin does", () => {
    const seen = expectSame(simulator, numbered(scripts));
    expect(seen.get(0)!.sent).toHaveLength(2 * (10 + 64));
    expect([...seen.values()].every((outcome) => outcome.sent.length > 0)).toBe(true);
  });

  it("stores a frame of the largest size and refuses a larger one", () => {
    const largest = frame(1, w.code, write(1, 0, ...Array.from({ length: 505 }, (_, i) => i & 255)));
    const larger = frame(2, w.code, write(1, 0, ...Array.from({ length: 506 }, (_, i) => i & 255)));
    const seen = expectSame(
      simulator,
      numbered([
        [bytes(largest), wait],
        [bytes(larger), quiet],
        [bytes(largest), wait],
      ]),
    );
    expect(seen.get(0)!.writes).toHaveLength(127);
    expect(seen.get(1)!.writes).toEqual([]);
    expect(seen.get(2)).toEqual(seen.get(0));
  });

  it("stops a program that runs for ever, and says so in the results under way", () => {
    const stimuli: Stimulus[] = [
      { kind: "case", number: 0 },
      bytes(...program(1, 0, 3), frame(1, x.code, run(3 | runFlags.repeatable, 1, 2 * short, 1, 2))),
      { kind: "cycles", count: 2000 },
      { kind: "case", number: 1 },
      bytes(frame(2, s.code), frame(3, r.code, read(0, 6, 4))),
      wait,
    ];
    const seen = open(simulator).run(stimuli);
    const results = [0, 0].flatMap(() => [0, 0, 0, 0, 0, 0, 0, 0]);
    const replies = [
      frame(1, x.code | replyBit, results),
      frame(2, s.code | replyBit),
      frame(3, r.code | replyBit, [0, 0, 0, 0]),
    ];
    const hex = Buffer.concat(replies).toString("hex");
    expect(hex.endsWith(seen.get(1)!.sent)).toBe(true);
    expect((seen.get(0)!.sent + seen.get(1)!.sent).endsWith(hex)).toBe(true);
  });

  it("complains about an overflow and goes on", () => {
    const fill = frame(4, w.code, write(1, 10, ...Array.from({ length: 480 }, () => 0)));
    const stimuli: Stimulus[] = [
      { kind: "case", number: 0 },
      bytes(...program(1, 30000, 0), frame(1, x.code, run(3, 1, short, 1)), fill, fill),
      quiet,
      { kind: "case", number: 1 },
      bytes(frame(9, r.code, read(0, 0, 4))),
      wait,
    ];
    const seen = open(simulator).run(stimuli);
    expect(seen.get(0)!.sent.endsWith(Buffer.from(frame(4, 0xff, [7])).toString("hex"))).toBe(true);
    expect(seen.get(1)!.sent).toBe(Buffer.from(frame(9, r.code | replyBit, [0, 0, 0, 0])).toString("hex"));
  });

  it("gives the same replies on random traffic with random damage", () => {
    const random = seededRandom(7);
    const below = (n: number): number => Math.floor(random() * n);
    // what fits the ring as a whole cannot overflow it, however long the execution takes
    const small = scripts.flatMap((script) =>
      script.flatMap((s) => (s.kind === "bytes" && s.bytes.length < 300 ? [s.bytes] : [])),
    );
    const cases = Array.from({ length: simulator === "verilator" ? 1500 : 100 }, () => {
      const stimuli: Stimulus[] = [];
      for (let i = 1 + below(3); i > 0; i--) {
        const content = small[below(small.length)]!;
        const whole = random() < 0.5;
        stimuli.push({ kind: "bytes", bytes: whole ? content : damage(content, below) });
        if (!whole && random() < 0.2) stimuli.push({ kind: "damaged", byte: below(256) });
        stimuli.push(whole ? wait : quiet);
      }
      return [...stimuli, quiet];
    });
    expectSame(simulator, numbered(cases));
  });
});

/** Some bytes changed, lost, doubled or made up. */
function damage(content: Uint8Array, below: (n: number) => number): Uint8Array {
  const list = [...content];
  for (let i = 1 + below(3); i > 0; i--) {
    const at = below(list.length);
    const kind = below(4);
    if (kind === 0) list[at] = below(256);
    else if (kind === 1) list.splice(at, 1 + below(4));
    else if (kind === 2) list.splice(at, 0, list[at] ?? 0);
    else list.splice(at, 0, ...Array.from({ length: below(6) }, () => below(256)));
  }
  return Uint8Array.from(list);
}
