import type { CoreConfig } from "../../arch/core-config.js";
import { lowBits, type MemoryName, wordBits, wordBytes } from "../../arch/memory.js";
import { readBits, writeBits } from "../../program/memory-image.js";
import { Kernel } from "./kernel/kernel.js";

/** The memories of a core as typed arrays, with the words that a host sees. */
export class Memories {
  readonly config: CoreConfig;
  readonly program: Uint32Array;
  /** Parameters: threshold and initial membrane, or with dynamics the high and low halves of the words. */
  readonly thresholds: Int32Array;
  readonly initials: Int32Array;
  /** Weights, list, pointers and state lie where the hot loops are. */
  readonly kernel: Kernel;

  constructor(config: CoreConfig) {
    this.config = config;
    this.program = new Uint32Array(config.programDepth);
    this.thresholds = new Int32Array(config.parameterDepth);
    this.initials = new Int32Array(config.parameterDepth);
    this.kernel = new Kernel(config);
  }

  /** Membrane potentials of `count` neurons from state word `first` on, lsb. */
  potentials(first: number, count: number): Int32Array {
    const words = this.kernel.membranes.slice(first, first + count);
    return this.config.dynamics ? words.map((low) => (low << 16) >> 16) : words;
  }

  /** The word at `address` of a memory (not of the registers), little endian. */
  read(memory: Exclude<MemoryName, "registers">, address: number): Uint8Array {
    const { config, kernel } = this;
    const low = lowBits(config);
    const bytes = new Uint8Array(wordBytes(config, memory));
    const put = (offset: number, bits: number, value: number) => writeBits(bytes, offset, bits, value);
    switch (memory) {
      case "program":
        put(0, 32, this.program[address]!);
        break;
      case "parameters":
        put(0, low, this.initials[address]!);
        put(low, wordBits(config, memory) - low, this.thresholds[address]!);
        break;
      case "pointers":
        put(0, wordBits(config, memory), kernel.pointers[address]!);
        break;
      case "list":
        put(0, config.indexBits, kernel.list[address]!);
        put(config.indexBits, 8, kernel.list[address]! >>> 16);
        break;
      case "state":
        put(0, low, kernel.membranes[address]!);
        put(low, wordBits(config, memory) - low, kernel.tracers[address]!);
        break;
      case "weights":
        for (let lane = 0; lane < config.lanes; lane++)
          put(lane * config.weightBits, config.weightBits, kernel.weights[address * kernel.lanes + lane]!);
    }
    return bytes;
  }

  /** Writes the word at `address` of a memory (not of the registers), little endian. */
  write(memory: Exclude<MemoryName, "registers">, address: number, bytes: Uint8Array): void {
    const { config, kernel } = this;
    const low = lowBits(config);
    const take = (offset: number, bits: number) => readBits(bytes, offset, bits);
    const takeSigned = (offset: number, bits: number) => (take(offset, bits) << (32 - bits)) >> (32 - bits);
    switch (memory) {
      case "program":
        this.program[address] = take(0, 32);
        break;
      case "parameters":
        this.initials[address] = takeSigned(0, low);
        this.thresholds[address] = take(low, wordBits(config, memory) - low);
        break;
      case "pointers":
        kernel.pointers[address] = take(0, wordBits(config, memory));
        break;
      case "list":
        kernel.list[address] = take(0, config.indexBits) | (take(config.indexBits, 8) << 16);
        break;
      case "state":
        kernel.membranes[address] = takeSigned(0, low);
        kernel.tracers[address] = take(low, wordBits(config, memory) - low);
        break;
      case "weights":
        for (let lane = 0; lane < config.lanes; lane++)
          kernel.weights[address * kernel.lanes + lane] = takeSigned(lane * config.weightBits, config.weightBits);
    }
  }
}
