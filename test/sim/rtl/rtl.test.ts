import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { Batch, splitEvents } from "../../../src/sim/rtl/batch.js";
import { type Design, wrapperOf } from "../../../src/sim/rtl/design.js";
import type { RtlMachine } from "../../../src/sim/rtl/machine.js";
import { availableBackends, openRtl } from "../../../src/sim/rtl/open.js";
import { operations } from "../../../src/sim/rtl/operation.js";
import { standInDesign, streamDesign } from "./designs.js";
import { randomSource } from "./random.js";
import { standInTraffic } from "./stand-in-model.js";

const backends = await availableBackends();
for (const backend of ["verilator", "cxxrtl", "icarus"] as const) {
  if (!backends.includes(backend)) console.warn(`${backend} is not installed: nothing is simulated with it`);
}
const open: RtlMachine[] = [];
afterAll(() => Promise.all(open.map((machine) => machine.close())));

async function start(design: Design, backend: (typeof backends)[number]): Promise<RtlMachine> {
  const machine = await openRtl(design, { backend });
  open.push(machine);
  return machine;
}

/** Words of `a` (two) and `b` (one) of random rows, and the sums as words (three each). */
function rows(count: number): { data: Uint32Array; sums: Uint32Array } {
  const random = randomSource(7);
  const data = new Uint32Array(3 * count);
  const sums = new Uint32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const a = BigInt(random()) * 65536n + BigInt(random() & 0xffff);
    const b = random() & 0xff;
    data.set([Number(a & 0xffffffffn), Number(a >> 32n), b], 3 * i);
    const sum = (a << 32n) + BigInt(b);
    sums.set([Number(sum & 0xffffffffn), Number((sum >> 32n) & 0xffffffffn), Number(sum >> 64n)], 3 * i);
  }
  return { data, sums };
}

describe.each(backends.map((backend) => ({ backend })))("$backend", ({ backend }) => {
  it("sets, steps and gets ports of every width", async () => {
    const machine = await start(streamDesign, backend);
    const batch = new Batch(streamDesign);
    batch.set("a_i", 0x12_3456_789an);
    batch.set("b_i", 0xff);
    const odd = batch.get("odd_o");
    batch.step(2);
    const sum = batch.getWords("sum_o");
    const cycles = batch.cycles();
    const result = await machine.run(batch);
    expect(result.of(odd)).toBe((0x789a ^ 0xff) & 0x1fff);
    expect([...result.of(sum)]).toEqual([0xff, 0x3456789a, 0x12]);
    expect(result.of(cycles)).toBe(2);
  });

  it("feeds a stream, waits for the answers, and records events", async () => {
    const machine = await start(streamDesign, backend);
    const { data, sums } = rows(50);
    const batch = new Batch(streamDesign);
    const stream = { valid: "valid_i", ready: "ready_o", ports: ["a_i", "b_i"], data };
    const answers = batch.ask(stream, "valid_o", ["sum_o"]);
    batch.monitor("valid_o", ["sum_o", "b_i"]);
    const taken = batch.feed(stream);
    batch.step(5);
    const events = batch.events();
    const none = batch.events();
    const result = await machine.run(batch);
    expect(result.of(answers)).toEqual(sums);
    expect(result.of(taken)).toBe(50);
    const split = splitEvents(result.of(events), [4]);
    expect(split.flatMap((event) => [...event.words.subarray(0, 3)])).toEqual([...sums]);
    expect(split.map((event, i) => event.cycle - split[0]!.cycle - 3 * i)).toEqual(split.map(() => 0));
    expect(result.of(none)).toHaveLength(0);
  });

  it("is not disturbed by what the design prints", async () => {
    const verilog = streamDesign.verilog
      .get("stream.v")!
      .replace("initial valid_o", 'initial $display("hello");\n  initial valid_o');
    const design: Design = { ...streamDesign, verilog: new Map([["stream.v", verilog]]) };
    const machine = await start(design, backend);
    const batch = new Batch(design);
    batch.step(3);
    const cycles = batch.cycles();
    expect((await machine.run(batch)).of(cycles)).toBe(3);
  });

  it("gives up at the limit and goes on with the rest of the batch", async () => {
    const machine = await start(streamDesign, backend);
    const { data } = rows(4);
    const batch = new Batch(streamDesign);
    const stream = { valid: "valid_i", ready: "ready_o", ports: ["a_i", "b_i"], data, limit: 1 };
    const taken = batch.feed(stream);
    const answers = batch.ask(stream, "valid_o", ["sum_o"]);
    batch.step(10);
    const found = batch.until("valid_o", 1, 20);
    const reached = batch.until("ready_o", 1, 1000);
    const odd = batch.get("odd_o");
    const result = await machine.run(batch);
    expect(result.of(taken)).toBe(1);
    expect(result.of(answers)).toHaveLength(0);
    expect(result.of(found)).toEqual({ found: false, cycles: 20 });
    expect(result.of(reached).found).toBe(true);
    expect(result.of(reached).cycles).toBeLessThan(3);
    expect(result.of(odd)).toBe((data[0]! & 0x1fff) ^ data[2]!);
  });

  it("speaks to the design through its serial port", async () => {
    const machine = await start(standInDesign, backend);
    const { sent, expected } = standInTraffic(3, backend === "icarus" ? 40 : 400);
    const batch = new Batch(standInDesign);
    batch.set("uart_rx_i", 1);
    batch.step(20);
    batch.serial("uart_rx_i", "uart_tx_o", 8);
    batch.send(sent);
    const got = batch.receive(expected.length, 10_000);
    const cycles = batch.getWords("cycles_o");
    const count = batch.cycles();
    const missing = batch.receive(1, 500);
    const result = await machine.run(batch);
    expect(result.of(got)).toEqual(expected);
    expect(result.of(cycles)[0]).toBe(result.of(count));
    expect(result.of(missing)).toHaveLength(0);
  });
});

describe("back-ends against each other", () => {
  it("answer equal words to one random batch", async () => {
    const answers: unknown[] = [];
    for (const backend of backends) {
      const machine = await start(standInDesign, backend);
      const { sent } = standInTraffic(11, 30);
      const batch = new Batch(standInDesign);
      batch.set("uart_rx_i", 1);
      batch.serial("uart_rx_i", "uart_tx_o", 8);
      batch.step(20);
      batch.monitor("busy_o", ["a_o", "uart_tx_o"]);
      batch.send(sent);
      const all = [batch.receive(30, 10_000), batch.events(), batch.getWords("cycles_o")];
      const result = await machine.run(batch);
      answers.push(all.map((answer) => result.of<Uint8Array | Uint32Array>(answer as never)));
    }
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it("sees a design that differs", async () => {
    const changed = new Map(standInDesign.verilog);
    changed.set("stand_in.v", changed.get("stand_in.v")!.replace("a_q ^ d_q", "a_q | d_q"));
    const machine = await start({ ...standInDesign, verilog: changed }, backends[0]!);
    const { sent, expected } = standInTraffic(3, 100);
    const batch = new Batch(standInDesign);
    batch.set("uart_rx_i", 1);
    batch.step(20);
    batch.serial("uart_rx_i", "uart_tx_o", 8);
    batch.send(sent);
    const got = batch.receive(100, 10_000);
    expect((await machine.run(batch)).of(got)).not.toEqual(expected);
  });
});

describe("openRtl", () => {
  it("names what to install when there is no simulator", async () => {
    const nothing = openRtl(streamDesign, { kind: "native", environment: { PATH: "" } });
    await expect(nothing).rejects.toMatchObject({
      blame: "tool",
      diagnostics: [{ code: "simulator-not-found", hint: expect.stringContaining("apt install verilator") }],
    });
  });

  it("refuses ports that no simulator could name", async () => {
    for (const name of ["a b", "a;", "clk_i", "valid_i"]) {
      const design: Design = { ...streamDesign, ports: [...streamDesign.ports, { name, direction: "input", bits: 1 }] };
      await expect(openRtl(design)).rejects.toMatchObject({ diagnostics: [{ code: "design-ports" }] });
    }
    const wide: Design = { ...streamDesign, ports: [{ name: "x", direction: "input", bits: 1e9 }] };
    await expect(openRtl(wide)).rejects.toMatchObject({ diagnostics: [{ code: "design-ports" }] });
  });

  it.runIf(backends.length > 0)("reports Verilog that does not compile", async () => {
    const design: Design = { ...streamDesign, verilog: new Map([["stream.v", "module stream; nonsense\n"]]) };
    await expect(openRtl(design)).rejects.toMatchObject({ diagnostics: [{ code: "tool-failed" }] });
  });
});

describe("harness", () => {
  it("numbers the operations as both ends do", () => {
    const header = readFileSync("hdl/harness/port_machine.h", "utf8");
    const names = /enum Operation : uint32_t \{([^}]*)\}/.exec(header)![1]!;
    expect(names.split(",").map((name) => name.trim().toLowerCase())).toEqual(operations);
  });

  it("wraps a design", () => {
    expect(wrapperOf(streamDesign)).toContain("stream #(\n    .Every(3)\n  ) dut (");
  });
});
