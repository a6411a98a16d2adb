import type { CoreConfig } from "../arch/core-config.js";
import { lowBits, type MemoryName, wordBits, wordBytes } from "../arch/memory.js";
import type { Program } from "./program.js";

/** Contents of one memory from address 0: `words` words of `bytes.length / words` bytes, little endian. */
export interface MemoryImage {
  readonly memory: MemoryName;
  readonly words: number;
  readonly bytes: Uint8Array;
}

/** What a host writes into a core of configuration `config` to load a program (which must fit, see `verify.ts`). */
export function memoryImages(program: Program, config: CoreConfig): readonly MemoryImage[] {
  return [programImage(program), parameterImage(program, config), weightImage(program, config)];
}

function programImage({ words }: Program): MemoryImage {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((word, i) => void view.setUint32(i * 4, word, true));
  return { memory: "program", words: words.length, bytes: new Uint8Array(view.buffer) };
}

function parameterImage({ thresholds, initials }: Program, config: CoreConfig): MemoryImage {
  const size = wordBytes(config, "parameters");
  const bytes = new Uint8Array(thresholds.length * size);
  const low = lowBits(config);
  const high = wordBits(config, "parameters") - low;
  for (let i = 0; i < thresholds.length; i++) {
    writeBits(bytes, i * size * 8, low, initials[i]!);
    writeBits(bytes, i * size * 8 + low, high, thresholds[i]!);
  }
  return { memory: "parameters", words: thresholds.length, bytes };
}

function weightImage({ weights, needs }: Program, config: CoreConfig): MemoryImage {
  const size = wordBytes(config, "weights");
  const rows = weights.length / needs.lanes;
  const bytes = new Uint8Array(rows * size);
  for (let row = 0; row < rows; row++) {
    for (let lane = 0; lane < needs.lanes; lane++) {
      const value = weights[row * needs.lanes + lane]!;
      writeBits(bytes, row * size * 8 + lane * config.weightBits, config.weightBits, value);
    }
  }
  return { memory: "weights", words: rows, bytes };
}

/** Writes the low `count` bits of `value` (at most 32, two's complement) at bit `offset`, least significant first. */
export function writeBits(bytes: Uint8Array, offset: number, count: number, value: number): void {
  for (let done = 0; done < count; ) {
    const shift = (offset + done) & 7;
    const step = Math.min(8 - shift, count - done);
    const part = (value >>> done) & ((1 << step) - 1);
    const at = (offset + done) >>> 3;
    bytes[at] = (bytes[at]! & ~(((1 << step) - 1) << shift)) | (part << shift);
    done += step;
  }
}

/** Reads `count` bits (at most 32) at bit `offset`, unsigned. */
export function readBits(bytes: Uint8Array, offset: number, count: number): number {
  let value = 0;
  for (let done = 0; done < count; ) {
    const shift = (offset + done) & 7;
    const step = Math.min(8 - shift, count - done);
    value |= ((bytes[(offset + done) >>> 3]! >>> shift) & ((1 << step) - 1)) << done;
    done += step;
  }
  return value >>> 0;
}
