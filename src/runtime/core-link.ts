import type { CoreConfig } from "../arch/core-config.js";
import { type MemoryName, memorySelect, wordBytes } from "../arch/memory.js";
import { maxPayload, operations } from "../arch/packet.js";
import { controlRegisters } from "../arch/registers.js";
import { crc32 } from "../support/crc.js";
import { failure } from "../support/diagnostic.js";
import type { ProgressListener } from "../support/progress.js";
import type { Session } from "./session.js";

/** What a core says about itself. */
export interface CoreIdentity {
  /** Protocol version, the last character of the identity. */
  readonly version: string;
  readonly config: CoreConfig;
  /** Hash of the loaded program, 0 when there is none. */
  readonly hash: number;
}

const identityPrefix = 0x53504b00;
const protocolVersion = "1";
const technologies = ["generic", "ice40up", "ice40hx"] as const;
const addressOf = new Map(controlRegisters.map(({ name, address }) => [name, address]));

/** Typed requests to a core: registers, memories, checksums. */
export class CoreLink {
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  /**
   * Asks the core who it is.
   *
   * @throws `not-a-core` when something else answers, `protocol-version`, and the codes of `Session.request`.
   */
  async hello(): Promise<CoreIdentity> {
    const registers = await this.registers();
    const identity = registers.get("identity")!;
    if ((identity & 0xffffff00) >>> 0 !== identityPrefix) throw notACore(identity);
    const version = String.fromCharCode(identity & 0xff);
    if (version !== protocolVersion) throw wrongVersion(version);
    return { version, config: configOf(registers), hash: registers.get("hash")! };
  }

  /** All registers by name. */
  async registers(): Promise<ReadonlyMap<string, number>> {
    const bytes = await this.#readBytes(memorySelect.registers, 0, controlRegisters.length * 4);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new Map(controlRegisters.map(({ name, address }) => [name, view.getUint32(address * 4, true)]));
  }

  async writeRegister(name: string, value: number): Promise<void> {
    const word = new Uint8Array(4);
    new DataView(word.buffer).setUint32(0, value, true);
    await this.#write(memorySelect.registers, addressOf.get(name)!, word);
  }

  /** Stops the program, whatever it does. */
  async stop(): Promise<void> {
    await this.session.request(operations.stop.code, new Uint8Array(0));
  }

  /** Writes words (little endian, `wordBytes` each) from `address` on, in as many frames as it takes. */
  async writeMemory(
    config: CoreConfig,
    memory: MemoryName,
    bytes: Uint8Array,
    address = 0,
    onProgress?: ProgressListener,
  ): Promise<void> {
    const size = wordBytes(config, memory);
    const words = Math.floor((maxPayload(config.linkDepth) - 3) / size);
    for (let at = 0; at < bytes.length; at += words * size) {
      await this.#write(memorySelect[memory], address + at / size, bytes.subarray(at, at + words * size));
      const done = Math.min(at + words * size, bytes.length);
      onProgress?.({ stage: `load ${memory}`, done, total: bytes.length, unit: "bytes" });
    }
  }

  /** Reads `count` words from `address` on. */
  async readMemory(config: CoreConfig, memory: MemoryName, address: number, count: number): Promise<Uint8Array> {
    const size = wordBytes(config, memory);
    const bytes = new Uint8Array(count * size);
    const words = Math.max(1, Math.floor(2048 / size));
    for (let at = 0; at < count; at += words) {
      const part = Math.min(words, count - at);
      bytes.set(await this.#readBytes(memorySelect[memory], address + at, part * size), at * size);
    }
    return bytes;
  }

  /**
   * Compares a memory with what was written, by the checksum that the core computes itself.
   *
   * @throws `load-differs`
   */
  async checkMemory(config: CoreConfig, memory: MemoryName, bytes: Uint8Array): Promise<void> {
    const size = wordBytes(config, memory);
    const most = Math.floor(0xffff / size) * size;
    for (let at = 0; at < bytes.length; at += most) {
      const part = bytes.subarray(at, at + most);
      const answer = await this.session.request(
        operations.check.code,
        header(memorySelect[memory], at / size, part.length),
        4,
        200,
      );
      const found = new DataView(answer.buffer, answer.byteOffset, 4).getUint32(0, true);
      if (found !== crc32(part)) throw loadDiffers(memory, at / size);
    }
  }

  async #write(select: number, address: number, bytes: Uint8Array): Promise<void> {
    const payload = new Uint8Array(3 + bytes.length);
    payload.set([select, address & 0xff, address >> 8]);
    payload.set(bytes, 3);
    await this.session.request(operations.write.code, payload);
  }

  #readBytes(select: number, address: number, length: number): Promise<Uint8Array> {
    return this.session.request(operations.read.code, header(select, address, length), length);
  }
}

function header(select: number, address: number, length: number): Uint8Array {
  return Uint8Array.of(select, address & 0xff, address >> 8, length & 0xff, length >> 8);
}

/** The configuration that the registers describe. */
function configOf(registers: ReadonlyMap<string, number>): CoreConfig {
  const [c0, c1, c2] = [registers.get("config0")!, registers.get("config1")!, registers.get("config2")!];
  const byte = (word: number, n: number): number => (word >>> (8 * n)) & 0xff;
  const depth = (n: number): number => 2 ** ((c2 >>> (4 * n)) & 0xf);
  const technology = technologies[byte(c1, 3)] ?? "generic";
  return {
    name: `${technology}-w${byte(c0, 1)}`,
    lanes: byte(c0, 0),
    weightBits: byte(c0, 1),
    accumulatorBits: byte(c0, 2),
    membraneBits: byte(c0, 3),
    thresholdBits: byte(c1, 0),
    quotientBits: byte(c1, 1),
    indexBits: byte(c1, 2),
    weightDepth: depth(0),
    listDepth: depth(1),
    pointerDepth: depth(2),
    parameterDepth: depth(3),
    stateDepth: depth(4),
    programDepth: depth(5),
    linkDepth: depth(6),
    technology,
  };
}

function notACore(identity: number): Error {
  return failure(
    {
      code: "not-a-core",
      message: `Cannot use the device: it answers 0x${identity.toString(16)}, wanted a spikewright core`,
      found: `0x${identity.toString(16)}`,
      hint: "Configure the FPGA with the core first (spikewright flash)",
    },
    "device",
  );
}

function wrongVersion(version: string): Error {
  return failure(
    {
      code: "protocol-version",
      message: `Cannot talk to the core: its protocol is version "${version}", wanted "${protocolVersion}"`,
      found: version,
      wanted: protocolVersion,
      hint: "Build and flash the core of this version of spikewright",
    },
    "device",
  );
}

function loadDiffers(memory: MemoryName, word: number): Error {
  return failure(
    {
      code: "load-differs",
      message: `Cannot load the network: memory ${memory} differs from what was written, from word ${word} on`,
      place: { item: memory },
      hint: "Load again; if it persists, lower the core clock (spikewright build --frequency)",
    },
    "device",
  );
}
