import { afterEach, describe, expect, it } from "vitest";
import { up5kW4 } from "../../src/arch/core-config.js";
import { connect, connectPort } from "../../src/runtime/connect.js";
import { openSerial } from "../../src/runtime/serial.js";
import { CycleDevice } from "../../src/sim/cycle/device.js";
import { CycleLinkEngine } from "../../src/sim/virtual/link-engine.js";
import { openPseudoTerminal } from "../../src/sim/virtual/pseudo-terminal.js";
import { openVirtualPort } from "../../src/sim/virtual/virtual-board.js";
import { randomProgram, randomSamples } from "./programs.js";

const terminals = await openPseudoTerminal().then(
  (terminal) => terminal.close().then(() => true),
  () => false,
);
if (!terminals) console.warn("serial ports: not tried, this machine has no pseudo-terminals (program `script`)");

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});
const keep = <T extends { close(): Promise<void> }>(thing: T): T => {
  open.push(thing);
  return thing;
};
const code = (value: string) => ({ blame: "device", diagnostics: [{ code: value }] });

describe.runIf(terminals)("a virtual board on a pseudo-terminal, through the serial port package", () => {
  it("runs 1,000 samples with one byte in 1,000 damaged each way: same results, errors counted, none lost", async () => {
    const port = keep(await openVirtualPort(up5kW4, new CycleLinkEngine(up5kW4), { every: 1000 }));
    const board = keep(await connect(await openSerial(port.path, 3_000_000)));
    const program = randomProgram(2, true);
    const samples = randomSamples(program, 1000);
    const core = new CycleDevice(up5kW4);
    await core.load(program);
    await board.load(program);
    const began = performance.now();
    const results = await board.runMany(samples);
    const seconds = (performance.now() - began) / 1000;
    expect(results).toEqual(
      samples.map((levels) => {
        const { potentials: _, ...rest } = core.runNow(levels);
        return rest;
      }),
    );
    expect(port.damaged).toBeGreaterThan(30);
    expect(board.statistics.linkErrors).toBeGreaterThan(10);
    expect(board.statistics.retries).toBeGreaterThanOrEqual(board.statistics.linkErrors);
    console.info(`1,000 samples in ${seconds.toFixed(1)} s, ${port.damaged} bytes damaged`, board.statistics);
  });

  it("goes on with another program that opens the port later", async () => {
    const port = keep(await openVirtualPort(up5kW4));
    const program = randomProgram(1);
    const [levels] = randomSamples(program, 1);
    const first = await connectPort(port.path, 1_000_000);
    await first.load(program);
    const result = await first.run(levels!);
    await first.close();
    const second = keep(await connectPort(port.path, 115_200));
    await second.adopt(program);
    expect(await second.run(levels!)).toEqual(result);
  });

  it("says that a port is in use", async () => {
    const port = keep(await openVirtualPort(up5kW4));
    keep(await openSerial(port.path, 1_000_000));
    await expect(openSerial(port.path, 1_000_000)).rejects.toMatchObject(code("port-busy"));
  });

  it("says that nothing answers, in about a second", async () => {
    const terminal = keep(await openPseudoTerminal());
    const began = performance.now();
    await expect(connectPort(terminal.path, 1_000_000)).rejects.toMatchObject(code("device-silent"));
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it.each([
    ["answers with text", (bytes: Uint8Array) => Buffer.from(`what? ${bytes.length}\r\n`)],
    ["echoes", (bytes: Uint8Array) => bytes],
    ["answers with starts of frames", () => new Uint8Array(50).fill(0xa5)],
  ])("says that a device talks nonsense when it %s", async (_, answer) => {
    const terminal = keep(await openPseudoTerminal());
    terminal.onReceive((bytes) => terminal.send(answer(bytes)));
    const began = performance.now();
    await expect(connectPort(terminal.path, 1_000_000)).rejects.toMatchObject(code("device-nonsense"));
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it("says so too when the device never stops talking", async () => {
    const terminal = keep(await openPseudoTerminal());
    const talk = setInterval(() => terminal.send(Buffer.from("hello world\r\n")), 5);
    await expect(connectPort(terminal.path, 1_000_000)).rejects.toMatchObject(code("device-nonsense"));
    clearInterval(talk);
  });

  it("says that the board has gone", async () => {
    const port = await openVirtualPort(up5kW4);
    const board = keep(await connectPort(port.path, 1_000_000));
    const program = randomProgram(1);
    await board.load(program);
    const running = board.runMany(randomSamples(program, 100_000));
    running.catch(() => {});
    await port.close();
    await expect(running).rejects.toMatchObject(code("device-lost"));
    await expect(board.run(randomSamples(program, 1)[0]!)).rejects.toMatchObject(code("device-lost"));
  });
});

describe("opening a port", () => {
  it.each([
    ["/dev/there-is-no-such-port", 1_000_000, "port-missing", "device"],
    ["/dev/null", 1_000_000, "port-unusable", "device"],
    ["/", 1_000_000, "port-unusable", "device"],
    ["/dev/ttyUSB0", 0, "baud-range", "input"],
    ["/dev/ttyUSB0", Number.NaN, "baud-range", "input"],
  ])("%s at %d fails with %s", async (path, baud, expected, blame) => {
    await expect(openSerial(path, baud)).rejects.toMatchObject({ blame, diagnostics: [{ code: expected }] });
  });
});
