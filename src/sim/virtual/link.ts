import type { CoreConfig } from "../../arch/core-config.js";
import { encodeFrame, type Frame } from "../../arch/frame.js";
import { type MemoryName, memorySelect, wordBytes } from "../../arch/memory.js";
import {
  maxLength,
  maxPayload,
  type Operation,
  operations,
  type Reason,
  reasons,
  refusal,
  replyBit,
  resultFields,
  runFlags,
  shortResultFields,
  statusDone,
  storedHeaderBytes,
} from "../../arch/packet.js";
import { controlRegisters } from "../../arch/registers.js";
import { crc32 } from "../../support/crc.js";
import { FrameReceiver } from "./frame-receiver.js";
import type { LinkedCore } from "./linked-core.js";

const operationByCode = new Map<number, Operation>(Object.values(operations).map((o) => [o.code, o]));
const registerAddress = (name: string): number => controlRegisters.find((r) => r.name === name)!.address;
const controlAddress = registerAddress("control");
const controlStop = 2n;
const memoryBySelect = new Map<number, MemoryName>(
  Object.entries(memorySelect).map(([name, select]) => [select, name as MemoryName]),
);

/**
 * The link in front of a core, as `hdl/rtl/snn_link.v` does it: bytes in, bytes out, byte for byte the same replies.
 * Time is not that of the clock: silence on the line is told by `quiet`, and the core runs in `work`.
 */
export class LinkTwin {
  readonly #config: CoreConfig;
  readonly #core: LinkedCore;
  readonly #receiver: FrameReceiver;
  /** Good frames that wait. */
  readonly #ring: Frame[] = [];
  #execution: Generator<void, void> | undefined;
  #sent: Uint8Array[] = [];
  #sequence = 0;
  /** The frame before was a `run` that must not be run again. */
  #effect = false;
  /** Of the core when the last sample was fed. */
  #samples = 0;
  #stop = false;

  constructor(config: CoreConfig, core: LinkedCore) {
    this.#config = config;
    this.#core = core;
    this.#receiver = new FrameReceiver(maxPayload(config.linkDepth), () => config.linkDepth - this.#stored());
  }

  /** Work is left to do. */
  get busy(): boolean {
    return this.#execution !== undefined || this.#ring.length > 0 || this.#receiver.complaint !== undefined;
  }

  /** Takes bytes from the line. */
  receive(bytes: Uint8Array): void {
    for (const byte of bytes) this.receiveByte(byte);
  }

  /** A frame is under way, or bytes are being dropped: silence will make a difference. */
  get expectsSilence(): boolean {
    return this.#receiver.pending;
  }

  /** Takes one byte from the line; `damaged`: a character without stop bit. */
  receiveByte(byte: number, damaged = false): void {
    const frame = this.#receiver.push(byte, damaged);
    if (!frame) return;
    if (frame.operation === operations.stop.code) this.#stop = true;
    this.#ring.push(frame);
  }

  /** Says that the line has been silent: `long`, so long that a begun frame is given up. */
  quiet(long: boolean): void {
    this.#receiver.quiet(long);
  }

  /**
   * Executes what has arrived, in slices of `cycles` clock cycles of the core.
   *
   * @param slices Stop after this many slices even if work is left.
   * @returns Bytes to send.
   */
  work(slices = Number.POSITIVE_INFINITY, cycles = 100_000): Uint8Array {
    let left = slices;
    while (this.busy && left > 0) {
      this.#execution ??= this.#next(cycles);
      if (this.#execution.next().done) this.#execution = undefined;
      else left--;
    }
    const bytes = concat(this.#sent);
    this.#sent = [];
    return bytes;
  }

  #stored(): number {
    return this.#ring.reduce((sum, frame) => sum + frame.payload.length + storedHeaderBytes, 0);
  }

  *#next(cycles: number): Generator<void, void> {
    const frame = this.#ring.shift();
    if (!frame) {
      const complaint = this.#receiver.takeComplaint();
      if (complaint) this.#reply(refusal, Uint8Array.of(reasons[complaint].code));
      return;
    }
    const same = frame.sequence === this.#sequence;
    this.#sequence = frame.sequence;
    if (frame.operation & replyBit) return;
    const repeated = same && this.#effect;
    this.#effect = false;
    const outcome = yield* this.#execute(frame, repeated, cycles);
    if (typeof outcome === "string") {
      this.#effect = false;
      this.#reply(refusal, Uint8Array.of(reasons[outcome].code));
    } else {
      this.#reply(frame.operation | replyBit, outcome);
    }
  }

  #reply(operation: number, payload: Uint8Array): void {
    this.#sent.push(encodeFrame({ sequence: this.#sequence, operation, payload }));
  }

  *#execute(frame: Frame, repeated: boolean, cycles: number): Generator<void, Uint8Array | Reason> {
    const operation = operationByCode.get(frame.operation);
    if (operation === operations.stop) this.#stop = false;
    if (!operation) return "operation";
    const fieldBytes = operation.fields.reduce((sum, f) => sum + f.bytes, 0);
    const data = frame.payload.subarray(fieldBytes);
    if (frame.payload.length < fieldBytes || data.length > 0 !== (operation.data !== undefined)) return "malformed";
    const [choice = 0, address = 0, length = 0] = fieldValues(operation, frame.payload);
    const sized = operation.fields.some((f) => f.name === "length");
    if (sized && (length === 0 || length > maxLength)) return "malformed";
    if (operation === operations.stop) {
      this.#core.hostWrite(memorySelect.registers, controlAddress, controlStop);
      return new Uint8Array(0);
    }
    if (operation === operations.run) return yield* this.#run(choice, address, length, data, repeated, cycles);
    const memory = memoryBySelect.get(choice);
    if (!memory) return "memory";
    if (memory !== "registers" && !this.#core.idle) return "busy";
    const size = wordBytes(this.#config, memory);
    if (operation === operations.write) {
      this.#write(choice, address, data, size);
      return new Uint8Array(0);
    }
    const bytes = this.#read(choice, address, length, size);
    return operation === operations.check ? littleEndian(crc32(bytes), 4) : bytes;
  }

  #write(select: number, address: number, data: Uint8Array, size: number): void {
    for (let at = 0, word = address; at < data.length; at += size, word++) {
      let value = 0n;
      for (let i = Math.min(size, data.length - at) - 1; i >= 0; i--) value = (value << 8n) | BigInt(data[at + i]!);
      this.#core.hostWrite(select, word & 0xffff, value);
    }
  }

  #read(select: number, address: number, length: number, size: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0, word = address; at < length; at += size, word++) {
      let value = this.#core.hostRead(select, word & 0xffff);
      for (let i = at; i < Math.min(at + size, length); i++) {
        bytes[i] = Number(value & 0xffn);
        value >>= 8n;
      }
    }
    return bytes;
  }

  /** Waits for the core; a `stop` that has arrived ends the wait. */
  *#settle(cycles: number): Generator<void, void> {
    while (this.#core.running) {
      if (this.#stop) this.#core.hostWrite(memorySelect.registers, controlAddress, controlStop);
      else this.#core.run(cycles);
      if (this.#core.running) yield;
    }
  }

  *#run(
    flags: number,
    wanted: number,
    length: number,
    data: Uint8Array,
    repeated: boolean,
    cycles: number,
  ): Generator<void, Uint8Array | Reason> {
    const again = (flags & runFlags.repeatable) !== 0;
    const fields = flags & runFlags.long ? resultFields.length : shortResultFields;
    const results: Uint8Array[] = [];
    const values = new ValueReader(data, 1 << (flags & runFlags.logBits));
    if (repeated && !again) {
      this.#effect = true;
      while (results.length * resultSize(fields) < length) {
        if (results.length > 0) this.#samples = this.#core.samples;
        results.push(this.#result(fields));
      }
      return concat(results).subarray(0, length);
    }
    for (let sample = 0; sample * resultSize(fields) < length; sample++) {
      yield* this.#settle(cycles);
      if (this.#stop && this.#core.wanted > 0)
        this.#core.hostWrite(memorySelect.registers, controlAddress, controlStop);
      this.#samples = this.#core.samples;
      const fits = (this.#core.wanted & 0xffff) === wanted;
      if (sample === 0 && this.#core.wanted === 0) return "idle";
      if (sample === 0 && !fits) return "wanted";
      if (this.#core.wanted > 0 && fits && (sample === 0 || again)) {
        this.#effect = !again;
        this.#core.push(values.take(this.#core.wanted));
        yield* this.#settle(cycles);
      }
      results.push(this.#result(fields));
    }
    return concat(results).subarray(0, length);
  }

  #result(fields: number): Uint8Array {
    const parts = resultFields.slice(0, fields).map(({ name, bytes }) => {
      const value = Number(this.#core.hostRead(memorySelect.registers, registerAddress(name)) & 0xffffffffn);
      return littleEndian(
        name === "status" && this.#core.samples !== this.#samples ? value | statusDone : value,
        bytes,
      );
    });
    return concat(parts);
  }
}

/** Values packed lowest bits first. */
class ValueReader {
  readonly #data: Uint8Array;
  readonly #bits: number;
  #byte = 0;

  constructor(data: Uint8Array, bits: number) {
    this.#data = data;
    this.#bits = bits;
  }

  /** The next values, at most `count` and as many as there are; goes on at the next byte. */
  take(count: number): Uint8Array {
    const bits = this.#bits;
    const values = new Uint8Array(Math.min(count, ((this.#data.length - this.#byte) * 8) / bits));
    const mask = (1 << bits) - 1;
    let at = this.#byte * 8;
    for (let i = 0; i < values.length; i++, at += bits) values[i] = (this.#data[at >> 3]! >> (at & 7)) & mask;
    this.#byte = (at + 7) >> 3;
    return values;
  }
}

function resultSize(fields: number): number {
  return resultFields.slice(0, fields).reduce((sum, f) => sum + f.bytes, 0);
}

function fieldValues(operation: Operation, payload: Uint8Array): number[] {
  let at = 0;
  return operation.fields.map(({ bytes }) => {
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + payload[at + i]!;
    at += bytes;
    return value;
  });
}

function littleEndian(value: number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** i) & 0xff);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
