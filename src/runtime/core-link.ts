import type { CoreConfig } from "../arch/core-config.js";
import { type MemoryName, memorySelect, wordBytes } from "../arch/memory.js";
import { maxLength, maxPayload, operations, resultBytes } from "../arch/packet.js";
import { controlRegisters } from "../arch/registers.js";
import { decodeResults, encodeRun, type RunRequest, type RunResult } from "../arch/run-frame.js";
import { crc32 } from "../support/crc.js";
import type { ProgressListener } from "../support/progress.js";
import { contentDiffers } from "./core-failure.js";
import { type CoreIdentity, identify } from "./core-identity.js";
import type { Exchange } from "./exchange.js";

/** Payload bytes of `write` before its words. */
const writeFieldBytes = 3;
/** Bytes asked for at once: a damaged reply costs this much. */
const readBytes = 1024;
/** Time to sum the largest stretch of memory, ms: the core divides a bit a cycle. */
const checkMs = 50;
const addressOf = new Map(controlRegisters.map(({ name, address }) => [name, address]));

/** What a core can be asked for: its registers and memories, and to run samples. */
export class CoreLink {
  readonly exchange: Exchange;
  readonly identity: CoreIdentity;

  private constructor(exchange: Exchange, identity: CoreIdentity) {
    this.exchange = exchange;
    this.identity = identity;
  }

  /**
   * Asks the device who it is.
   *
   * @throws SpikewrightError `not-a-core`, `protocol-version`, and those of `Exchange.request`.
   */
  static async open(exchange: Exchange): Promise<CoreLink> {
    const identity = identify(await readRegisters(exchange));
    exchange.shareRing(identity.config.linkDepth);
    return new CoreLink(exchange, identity);
  }

  get config(): CoreConfig {
    return this.identity.config;
  }

  /** All registers by name. */
  registers(): Promise<ReadonlyMap<string, number>> {
    return readRegisters(this.exchange);
  }

  async writeRegister(name: string, value: number): Promise<void> {
    const word = new Uint8Array(4);
    new DataView(word.buffer).setUint32(0, value, true);
    await this.exchange.request(operations.write, writePayload(memorySelect.registers, addressOf.get(name)!, word));
  }

  /** Stops the program, whatever it does; a sample under way is lost. */
  async stop(): Promise<void> {
    await this.exchange.request(operations.stop, new Uint8Array(0));
  }

  /** Starts the program from its first instruction. */
  async restart(): Promise<void> {
    await this.writeRegister("control", 1);
  }

  /** Writes words of `wordBytes` each, little endian, from `address` on. */
  async write(memory: MemoryName, address: number, bytes: Uint8Array, onProgress?: ProgressListener): Promise<void> {
    const size = wordBytes(this.config, memory);
    const step = Math.floor((maxPayload(this.config.linkDepth) - writeFieldBytes) / size) * size;
    let before: Promise<unknown> = Promise.resolve();
    for (let at = 0; at < bytes.length; at += step) {
      const payload = writePayload(memorySelect[memory], address + at / size, bytes.subarray(at, at + step));
      // writing the same word twice does no harm, so two frames may be under way
      const sent = this.exchange.request(operations.write, payload, { overlap: true });
      sent.catch(() => {});
      await before;
      before = sent;
      const done = Math.min(at + step, bytes.length);
      onProgress?.({ stage: `load ${memory}`, done, total: bytes.length, unit: "bytes" });
    }
    await before;
  }

  /** Reads `count` words of `wordBytes` each, little endian, from `address` on. */
  async read(memory: MemoryName, address: number, count: number): Promise<Uint8Array> {
    const size = wordBytes(this.config, memory);
    const bytes = new Uint8Array(count * size);
    const step = Math.floor(readBytes / size);
    for (let at = 0; at < count; at += step) {
      const length = Math.min(step, count - at) * size;
      const payload = readPayload(memorySelect[memory], address + at, length);
      bytes.set(await this.exchange.request(operations.read, payload, { replyBytes: length }), at * size);
    }
    return bytes;
  }

  /**
   * Compares words with `bytes` by the checksum that the core itself computes over its memory.
   *
   * @throws SpikewrightError `memory-differs`.
   */
  async check(memory: MemoryName, address: number, bytes: Uint8Array): Promise<void> {
    const size = wordBytes(this.config, memory);
    const step = Math.floor(maxLength / size) * size;
    for (let at = 0; at < bytes.length; at += step) {
      const part = bytes.subarray(at, at + step);
      const payload = readPayload(memorySelect[memory], address + at / size, part.length);
      const reply = await this.exchange.request(operations.check, payload, { replyBytes: 4, workMs: checkMs });
      const found = new DataView(reply.buffer, reply.byteOffset, 4).getUint32(0, true);
      if (found !== crc32(part)) throw contentDiffers(this.exchange.transport.name, memory, address + at / size);
    }
  }

  /**
   * Feeds samples and returns how each ended.
   *
   * @param workMs How long the core may take for all of them.
   */
  async run(request: RunRequest, workMs: number): Promise<RunResult[]> {
    const replyBytes = request.results * resultBytes(request.long);
    const hints = { overlap: request.repeatable, replyBytes, workMs };
    return decodeResults(await this.exchange.request(operations.run, encodeRun(request), hints), request.long);
  }

  close(): Promise<void> {
    return this.exchange.close();
  }
}

async function readRegisters(exchange: Exchange): Promise<ReadonlyMap<string, number>> {
  const length = controlRegisters.length * 4;
  const payload = readPayload(memorySelect.registers, 0, length);
  const bytes = await exchange.request(operations.read, payload, { replyBytes: length });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Map(controlRegisters.map(({ name, address }) => [name, view.getUint32(address * 4, true)]));
}

function readPayload(select: number, address: number, length: number): Uint8Array {
  return Uint8Array.of(select, address & 0xff, address >> 8, length & 0xff, length >> 8);
}

function writePayload(select: number, address: number, bytes: Uint8Array): Uint8Array {
  const payload = new Uint8Array(writeFieldBytes + bytes.length);
  payload.set([select, address & 0xff, address >> 8]);
  payload.set(bytes, writeFieldBytes);
  return payload;
}
