import { type CoreConfig, tracerBits } from "../../arch/core-config.js";
import type { Device, Engine, RunOptions, SampleResult } from "../../arch/device.js";
import { FrameScanner } from "../../arch/frame.js";
import { memorySelect, wordBytes } from "../../arch/memory.js";
import { maxPayload, reasons, refusal, resultBytes, statusDone } from "../../arch/packet.js";
import { controlRegisters } from "../../arch/registers.js";
import { programHash } from "../../program/hash.js";
import { memoryImages } from "../../program/memory-image.js";
import { type Program, shapeSize } from "../../program/program.js";
import { verifyProgram } from "../../program/verify.js";
import { failure } from "../../support/diagnostic.js";
import { type Answer, Batch } from "../rtl/batch.js";
import type { BatchResult, RtlMachine } from "../rtl/machine.js";
import { packValues, readFrame, readResult, replySize, runFrame, stopFrame, writeFrame } from "./frames.js";

/** The serial port of a simulated design. */
export interface SerialPins {
  /** Input of the design. */
  readonly rx: string;
  /** Output of the design. */
  readonly tx: string;
  /** Clock cycles a bit. */
  readonly divider: number;
}

/** Payload bytes of a `run` frame before its values. */
const runFields = 5;
/** Payload bytes of a `write` frame before its words. */
const writeFields = 3;
/** Cycles in which a design comes out of reset, and in which the link answers beyond the bits themselves. */
const resetCycles = 400;
const answerCycles = 2000;
const registerOf = (name: string): number => controlRegisters.find((r) => r.name === name)!.address;

/**
 * A simulated system behind its serial port, spoken to in the frames of the link: the Verilog with its UART, or a netlist
 * read back from a bitstream. It cannot be watched inside; everything else is that of a board.
 */
export class SerialDevice implements Device<Program> {
  readonly engine: Engine;
  readonly #config: CoreConfig;
  readonly #machine: RtlMachine;
  readonly #pins: SerialPins;
  #program: Program | undefined;
  #sequence = 0;
  #started = false;

  constructor(engine: Engine, config: CoreConfig, machine: RtlMachine, pins: SerialPins) {
    this.engine = engine;
    this.#config = config;
    this.#machine = machine;
    this.#pins = pins;
  }

  /** @throws SpikewrightError as `verifyProgram`; `link-refused`, `link-silent`. */
  async load(program: Program): Promise<void> {
    verifyProgram(program, this.#config);
    const exchange = this.#exchange();
    exchange.send(stopFrame(this.#next()), 0, answerCycles);
    for (const { memory, words, bytes } of memoryImages(program, this.#config)) {
      this.#write(exchange, memorySelect[memory], bytes, words === 0 ? 1 : bytes.length / words);
    }
    this.#writeRegister(exchange, "hash", programHash(program));
    this.#writeRegister(exchange, "watchdog", program.worstCaseCycles);
    this.#writeRegister(exchange, "control", 1);
    await exchange.run();
    this.#program = program;
  }

  async run(levels: Uint8Array, options: RunOptions = {}): Promise<SampleResult> {
    return (await this.runMany([levels], options))[0]!;
  }

  /**
   * Runs samples one after another without a round trip to the simulator in between. `watch` has no effect.
   *
   * @throws SpikewrightError `core-stopped` when a sample does not end in `done`; `link-refused`, `link-silent`.
   */
  async runMany(samples: readonly Uint8Array[], _options: RunOptions = {}): Promise<SampleResult[]> {
    const program = this.#program;
    if (!program) throw new Error("run before load");
    const exchange = this.#exchange();
    const pending = samples.map((levels) => this.#enqueue(exchange, program, levels));
    const replies = await exchange.run();
    return pending.map(({ result, readout }) => {
      const { status, decision, cycles, operations, spikes, stalls } = readResult(replies[result]!);
      if ((status! & statusDone) === 0) throw stopped(status!);
      const counters = { cycles: cycles!, operations: operations!, spikes: spikes!, stalls: stalls! };
      return { decision: decision!, ...counters, potentials: this.#membranes(readout.map((at) => replies[at]!)) };
    });
  }

  async close(): Promise<void> {
    await this.#machine.close();
  }

  /** The frames of one sample: the values of each of its parts in as many as it takes, then the readout's state. */
  #enqueue(exchange: Exchange, program: Program, levels: Uint8Array): { result: number; readout: number[] } {
    const size = shapeSize(program.input.shape);
    if (levels.length !== size) {
      throw failure({
        code: "input-shape",
        message: `Cannot run a sample of ${levels.length} levels: the program wants ${size}`,
        found: String(levels.length),
        wanted: String(size),
      });
    }
    const { bits } = program.input;
    const perFrame = Math.floor(((maxPayload(this.#config.linkDepth) - runFields) * 8) / bits);
    const wait = program.worstCaseCycles + answerCycles;
    const { parts = [{ values: size, times: 1 }] } = program.input;
    let [result, at] = [0, 0];
    for (const part of parts.flatMap(({ values, times }) => new Array<number>(times).fill(values))) {
      for (let wanted = part; wanted > 0; ) {
        const piece = levels.subarray(at, at + Math.min(wanted, perFrame));
        const frame = runFrame(this.#next(), wanted, bits, resultBytes(true), packValues(piece, bits));
        result = exchange.send(frame, resultBytes(true), wait);
        at += piece.length;
        wanted -= piece.length;
      }
    }
    return { result, readout: this.#readState(exchange, program.readout.state, shapeSize(program.readout.shape)) };
  }

  #readState(exchange: Exchange, address: number, words: number): number[] {
    const size = wordBytes(this.#config, "state");
    const perFrame = Math.floor(maxPayload(this.#config.linkDepth) / size);
    const replies: number[] = [];
    for (let at = 0; at < words; at += perFrame) {
      const length = Math.min(perFrame, words - at) * size;
      replies.push(
        exchange.send(readFrame(this.#next(), memorySelect.state, address + at, length), length, answerCycles),
      );
    }
    return replies;
  }

  #write(exchange: Exchange, memory: number, bytes: Uint8Array, size: number, address = 0): void {
    const perFrame = Math.floor((maxPayload(this.#config.linkDepth) - writeFields) / size) * size;
    for (let at = 0; at < bytes.length; at += perFrame) {
      const frame = writeFrame(this.#next(), memory, address + at / size, bytes.subarray(at, at + perFrame));
      exchange.send(frame, 0, answerCycles);
    }
  }

  #writeRegister(exchange: Exchange, name: string, value: number): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, true);
    this.#write(exchange, memorySelect.registers, bytes, 4, registerOf(name));
  }

  #membranes(parts: readonly Uint8Array[]): Int32Array {
    const size = wordBytes(this.#config, "state");
    const { membraneBits } = this.#config;
    const values = parts.flatMap((part) =>
      Array.from({ length: part.length / size }, (_, i) => {
        let word = 0n;
        for (let b = size - 1; b >= 0; b--) word = (word << 8n) | BigInt(part[i * size + b]!);
        return Number(BigInt.asIntN(membraneBits, BigInt.asUintN(membraneBits + tracerBits, word)));
      }),
    );
    return Int32Array.from(values);
  }

  #exchange(): Exchange {
    const exchange = new Exchange(this.#machine, this.#pins, !this.#started);
    this.#started = true;
    return exchange;
  }

  #next(): number {
    this.#sequence = (this.#sequence + 1) & 0xff;
    return this.#sequence;
  }
}

/** Requests and their replies in one batch: each request waits for the reply to the one before. */
class Exchange {
  readonly #machine: RtlMachine;
  readonly #batch: Batch;
  readonly #divider: number;
  readonly #replies: { readonly bytes: Answer<Uint8Array>; readonly sequence: number; readonly payload: number }[] = [];

  constructor(machine: RtlMachine, pins: SerialPins, first: boolean) {
    this.#machine = machine;
    this.#batch = new Batch(machine.design);
    this.#divider = pins.divider;
    if (!first) return;
    this.#batch.set(pins.rx, 1);
    this.#batch.step(resetCycles);
    this.#batch.serial(pins.rx, pins.tx, pins.divider);
  }

  /** Returns the index of the reply in the result of `run`. `cycles`: that the core may take beyond the reply's bits. */
  send(frame: Uint8Array, payload: number, cycles: number): number {
    const size = replySize(payload);
    this.#batch.send(frame);
    const bytes = this.#batch.receive(size, 11 * size * this.#divider + cycles);
    this.#replies.push({ bytes, sequence: frame[1]!, payload });
    return this.#replies.length - 1;
  }

  /** Payloads of the replies. */
  async run(): Promise<Uint8Array[]> {
    const result = await this.#machine.run(this.#batch);
    return this.#replies.map((reply) => payloadOf(result, reply));
  }
}

function payloadOf(
  result: BatchResult,
  {
    bytes,
    sequence,
    payload,
  }: { readonly bytes: Answer<Uint8Array>; readonly sequence: number; readonly payload: number },
): Uint8Array {
  const got = result.of(bytes);
  const [frame] = new FrameScanner().push(got);
  if (frame?.operation === refusal) {
    const reason = Object.entries(reasons).find(([, { code }]) => code === frame.payload[0]);
    throw linkFailure("link-refused", `it refused request ${sequence}: ${reason?.[1].meaning ?? "unknown reason"}`);
  }
  if (frame?.sequence !== sequence || frame.payload.length !== payload) {
    throw linkFailure("link-silent", `${got.length} bytes in answer to request ${sequence}`);
  }
  return frame.payload;
}

function linkFailure(code: string, found: string): Error {
  const message = `Cannot speak to the simulated system: ${found}, wanted a reply`;
  return failure({ code, message, found }, "device");
}

function stopped(status: number): Error {
  return failure(
    {
      code: "core-stopped",
      message: `Cannot finish the sample: the core's status is ${status & 0xff}, wanted that the program executed done`,
      found: `status ${status}`,
    },
    "device",
  );
}
