import type { CoreConfig } from "../../arch/core-config.js";
import { type MemoryName, pointerBits, wordBits, wordBytes } from "../../arch/memory.js";
import { readBits, writeBits } from "../../program/memory-image.js";
import { type KernelLayout, walkModule } from "./kernel/walk-code.js";
import { type WasmMemory, webAssembly } from "./kernel/web-assembly.js";

/** Gathers the sums of the rows `row .. end` (byte addresses) into `sums`; returns the list entries read. */
export type Walk = (row: number, end: number, sums: number) => number;

const pageBytes = 65536;

/**
 * The memories of a core as typed arrays. Those that the walk kernel reads lie in its WebAssembly memory; the views are
 * replaced when that memory grows, so read them anew after `reserve`.
 */
export class Memories {
  readonly config: CoreConfig;
  readonly program: Uint32Array;
  readonly thresholds: Int32Array;
  readonly initials: Int32Array;
  readonly membranes: Int32Array;
  readonly tracers: Uint8Array;
  readonly walk: Walk;
  readonly walkSigned: Walk;
  /** Bytes from weight row to weight row; one byte a weight. */
  readonly rowBytes: number;
  weights!: Int8Array;
  /** Payload in [23:16], index in [15:0]. */
  list!: Uint32Array;
  pointers!: Uint16Array;
  /** The kernel's whole memory as 32-bit words. */
  words!: Int32Array;

  readonly #memory: WasmMemory;
  readonly #layout: KernelLayout;
  readonly #free: number;
  #end: number;

  constructor(config: CoreConfig) {
    this.config = config;
    this.program = new Uint32Array(config.programDepth);
    this.thresholds = new Int32Array(config.parameterDepth);
    this.initials = new Int32Array(config.parameterDepth);
    this.membranes = new Int32Array(config.stateDepth);
    this.tracers = new Uint8Array(config.stateDepth);
    this.rowBytes = Math.ceil(config.lanes / 8) * 8;
    const outcome = 0;
    const list = 16;
    const pointers = list + config.listDepth * 4;
    const weights = align(pointers + config.pointerDepth * 2);
    this.#free = align(weights + config.weightDepth * this.rowBytes);
    this.#end = this.#free;
    const narrow = config.accumulatorBits <= 16;
    const { rowBytes } = this;
    this.#layout = { weights, rowBytes, weightDepth: config.weightDepth, list, pointers, outcome, narrow };
    // Any pointer word may be read as a list address, so all of them have to lie inside.
    const reach = Math.max(this.#free, list + 4 * 2 ** pointerBits(config));
    this.#memory = new webAssembly.Memory({ initial: Math.ceil(reach / pageBytes) + 1 });
    const module = new webAssembly.Module(walkModule(this.#layout));
    const { exports } = new webAssembly.Instance(module, { env: { memory: this.#memory } });
    this.walk = exports["walk"] as Walk;
    this.walkSigned = exports["walkSigned"] as Walk;
    this.#makeViews();
  }

  /** Cycle of the last token of the latest walk, see `WalkClock`. */
  get token(): number {
    return this.words[this.#layout.outcome >> 2]!;
  }

  /** Gives up everything reserved. */
  release(): void {
    this.#end = this.#free;
  }

  /** Reserves room in the kernel's memory. @returns Its byte address, a multiple of 16. */
  reserve(bytes: number): number {
    const address = this.#end;
    this.#end = align(address + bytes);
    const missing = this.#end - this.#memory.buffer.byteLength;
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / pageBytes) + 16);
      this.#makeViews();
    }
    return address;
  }

  /** The word at `address` of a memory (not of the registers), little endian. */
  read(memory: Exclude<MemoryName, "registers">, address: number): Uint8Array {
    const { config } = this;
    const bytes = new Uint8Array(wordBytes(config, memory));
    const put = (offset: number, bits: number, value: number) => writeBits(bytes, offset, bits, value);
    switch (memory) {
      case "program":
        put(0, 32, this.program[address]!);
        break;
      case "parameters":
        put(0, config.membraneBits, this.initials[address]!);
        put(config.membraneBits, config.thresholdBits, this.thresholds[address]!);
        break;
      case "pointers":
        put(0, wordBits(config, memory), this.pointers[address]!);
        break;
      case "list":
        put(0, config.indexBits, this.list[address]!);
        put(config.indexBits, 8, this.list[address]! >>> 16);
        break;
      case "state":
        put(0, config.membraneBits, this.membranes[address]!);
        put(config.membraneBits, 8, this.tracers[address]!);
        break;
      case "weights":
        for (let lane = 0; lane < config.lanes; lane++)
          put(lane * config.weightBits, config.weightBits, this.weights[address * this.rowBytes + lane]!);
    }
    return bytes;
  }

  /** Writes the word at `address` of a memory (not of the registers), little endian. */
  write(memory: Exclude<MemoryName, "registers">, address: number, bytes: Uint8Array): void {
    const { config } = this;
    const take = (offset: number, bits: number) => readBits(bytes, offset, bits);
    const takeSigned = (offset: number, bits: number) => (take(offset, bits) << (32 - bits)) >> (32 - bits);
    switch (memory) {
      case "program":
        this.program[address] = take(0, 32);
        break;
      case "parameters":
        this.initials[address] = takeSigned(0, config.membraneBits);
        this.thresholds[address] = take(config.membraneBits, config.thresholdBits);
        break;
      case "pointers":
        this.pointers[address] = take(0, wordBits(config, memory));
        break;
      case "list":
        this.list[address] = take(0, config.indexBits) | (take(config.indexBits, 8) << 16);
        break;
      case "state":
        this.membranes[address] = takeSigned(0, config.membraneBits);
        this.tracers[address] = take(config.membraneBits, 8);
        break;
      case "weights":
        for (let lane = 0; lane < config.lanes; lane++)
          this.weights[address * this.rowBytes + lane] = takeSigned(lane * config.weightBits, config.weightBits);
    }
  }

  #makeViews(): void {
    const { buffer } = this.#memory;
    const { config } = this;
    this.weights = new Int8Array(buffer, this.#layout.weights, config.weightDepth * this.rowBytes);
    this.list = new Uint32Array(buffer, this.#layout.list, config.listDepth);
    this.pointers = new Uint16Array(buffer, this.#layout.pointers, config.pointerDepth);
    this.words = new Int32Array(buffer);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
