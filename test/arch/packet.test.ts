import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, type Frame, FrameScanner } from "../../src/arch/frame.js";
import { memorySelect } from "../../src/arch/memory.js";
import {
  operations,
  type PacketField,
  reasons,
  refusal,
  resultBytes,
  resultFields,
  runFlags,
  startOfFrame,
  statusDone,
  timeoutBits,
} from "../../src/arch/packet.js";
import { controlRegisters } from "../../src/arch/registers.js";
import { decodeResults, encodeRun, packedBytes, packValues, runFieldBytes } from "../../src/arch/run-frame.js";
import { crc8, crc32 } from "../../src/support/crc.js";

const byte = fc.nat(255);
const frame: fc.Arbitrary<Frame> = fc.record({
  sequence: byte,
  operation: byte,
  payload: fc.uint8Array({ maxLength: 60 }),
});
const scan = (scanner: FrameScanner, pieces: readonly Uint8Array[]): Frame[] => pieces.flatMap((p) => scanner.push(p));
const join = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const settings = { seed: 1, numRuns: 300 };

describe("the sums", () => {
  it("are those of the catalogue", () => {
    const check = new TextEncoder().encode("123456789");
    expect(crc8(check)).toBe(0xd0);
    expect(crc32(check)).toBe(0xcbf43926);
    expect(crc32(check.subarray(4), crc32(check.subarray(0, 4)))).toBe(0xcbf43926);
  });
});

describe("frames", () => {
  it("come out of the scanner as they went in, however they are cut", () => {
    const cuts = fc.array(fc.nat(400), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), cuts, (frames, places) => {
        const bytes = join(frames.map(encodeFrame));
        const ends = [...new Set(places.map((p) => Math.min(p, bytes.length)))].sort((a, b) => a - b);
        const pieces = [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
        const scanner = new FrameScanner();
        expect(scan(scanner, pieces)).toEqual(frames);
        expect(scanner.damaged).toBe(false);
      }),
      settings,
    );
  });

  it("survive noise between them", () => {
    const noise = fc.uint8Array({ maxLength: 30 }).filter((bytes) => !bytes.includes(startOfFrame));
    fc.assert(
      fc.property(fc.array(fc.tuple(noise, frame), { maxLength: 6 }), noise, (parts, last) => {
        const bytes = join([...parts.flatMap(([before, inner]) => [before, encodeFrame(inner)]), last]);
        const scanner = new FrameScanner();
        expect([...scanner.push(bytes), ...scanner.giveUp()]).toEqual(parts.map(([, inner]) => inner));
      }),
      settings,
    );
  });

  it("are found behind a damaged one, whatever happened to it", () => {
    fc.assert(
      fc.property(
        frame,
        frame,
        fc.nat(),
        byte,
        fc.constantFrom("change", "lose", "double"),
        (first, second, at, to, kind) => {
          const whole = encodeFrame(first);
          const place = at % whole.length;
          const middle =
            kind === "change" ? [whole[place]! ^ (to || 1)] : kind === "lose" ? [] : [whole[place]!, whole[place]!];
          const bytes = join([
            whole.subarray(0, place),
            Uint8Array.from(middle),
            whole.subarray(place + 1),
            encodeFrame(second),
          ]);
          const scanner = new FrameScanner();
          const found = [...scanner.push(bytes), ...scanner.giveUp()];
          expect(found.at(-1)).toEqual(second);
          if (found.length === 2) expect(found[0]).toEqual(first);
        },
      ),
      settings,
    );
  });

  it("are never made of random bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        const scanner = new FrameScanner();
        expect([...scanner.push(bytes), ...scanner.giveUp()]).toEqual([]);
      }),
      settings,
    );
  });

  it("refuse a payload that their length cannot tell", () => {
    const payload = new Uint8Array(0x10000);
    expect(() => encodeFrame({ sequence: 0, operation: 0, payload })).toThrow();
  });
});

describe("runs", () => {
  it.each([1, 2, 4, 8])("pack values of %i bits so that unpacking gives them back", (bits) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (values) => {
        const mask = (1 << bits) - 1;
        const packed = packValues(values, bits);
        expect(packed.length).toBe(packedBytes(values.length, bits));
        const unpacked = values.map((_, i) => (packed[(i * bits) >> 3]! >> ((i * bits) & 7)) & mask);
        expect(unpacked).toEqual(values.map((value) => value & mask));
      }),
      settings,
    );
  });

  it("have the fields of the table", () => {
    const data = Uint8Array.of(9, 8, 7);
    const payload = encodeRun({ bits: 4, long: true, repeatable: true, wanted: 0x10203, results: 3, data });
    expect([...payload]).toEqual([2 | runFlags.long | runFlags.repeatable, 3, 2, 3 * resultBytes(true), 0, 9, 8, 7]);
    const bytes = (fields: readonly PacketField[]) => fields.reduce((sum, field) => sum + field.bytes, 0);
    expect(runFieldBytes).toBe(bytes(operations.run.fields));
    expect(resultBytes(true)).toBe(bytes(resultFields));
    const reply = Uint8Array.of(9, 1, 2, 0, 4, 3, 2, 1, 8, 0, 0, 0x80, ...Array<number>(8).fill(0));
    expect(decodeResults(reply, true)).toEqual([
      { status: statusDone | 1, decision: 0x201, cycles: 0x01020304, operations: 0x80000008, spikes: 0, stalls: 0 },
    ]);
    expect(decodeResults(reply.subarray(0, 8), false)).toEqual([{ status: 9, decision: 0x201, cycles: 0x01020304 }]);
  });
});

describe("the Verilog", () => {
  const constants = new Map<string, number>(
    ["snn_link_rx", "snn_link_tx", "snn_link_command"].flatMap((name) =>
      [
        ...readFileSync(`hdl/rtl/${name}.v`, "utf8").matchAll(/localparam \[\d:0\] (\w+)\s*= \d+'([hdb])([0-9a-f]+);/g),
      ].map(
        ([, constant, base, digits]) =>
          [`${name} ${constant}`, Number.parseInt(digits!, { h: 16, d: 10, b: 2 }[base as "h" | "d" | "b"])] as const,
      ),
    ),
  );

  it("uses the numbers of the tables", () => {
    const wanted = new Map<string, number>([
      ["snn_link_rx START_OF_FRAME", startOfFrame],
      ["snn_link_tx START_OF_FRAME", startOfFrame],
      ["snn_link_rx OP_STOP", operations.stop.code],
      ["snn_link_command OP_REFUSED", refusal],
      ["snn_link_command MEMORY_REGISTERS", memorySelect.registers],
      ["snn_link_command REGISTER_CONTROL", controlRegisters.find(({ name }) => name === "control")!.address],
      ...Object.entries(reasons).map(
        ([name, { code }]) => [`snn_link_${code < 8 ? "rx" : "command"} REASON_${name.toUpperCase()}`, code] as const,
      ),
      ...Object.values(operations).map(
        ({ name, code }) => [`snn_link_command OP_${name.toUpperCase()}`, code] as const,
      ),
    ]);
    for (const [name, code] of wanted) expect({ name, code: constants.get(name) }).toEqual({ name, code });
  });

  it("reads the registers of a result in the order of the table", () => {
    const text = readFileSync("hdl/rtl/snn_link_command.v", "utf8");
    const address = (name: string) => Number(new RegExp(`\\b${name} = 4'd(\\d+)`).exec(text)?.[1]);
    expect(text).toMatch(/item_q == STATUS \? DECISION : item_q == DECISION \? CYCLES : item_q \+ 4'd1;/);
    const cases = [address("STATUS"), address("DECISION")];
    for (let next = address("CYCLES"); next <= address("STALLS"); next++) cases.push(next);
    const table = resultFields.map(({ name }) => controlRegisters.find((register) => register.name === name)!.address);
    expect(cases).toEqual(table);
  });

  it("waits 1024 byte times before it gives a frame up", () => {
    for (const divider of [4, 12, 36, 347])
      expect(2 ** timeoutBits(divider)).toBeGreaterThanOrEqual(divider * 10 * 1024);
  });
});

describe("the tables of hdl/README.md", () => {
  const text = readFileSync("hdl/README.md", "utf8");
  it("name every operation and every reason with its code", () => {
    for (const { name, code } of Object.values(operations)) expect(text).toContain(`| ${code} ${name} |`);
    for (const [name, { code }] of Object.entries(reasons))
      expect(text).toMatch(new RegExp(`\\| ${code} ${name} +\\|`));
  });
});
