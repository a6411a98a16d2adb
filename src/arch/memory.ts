import type { CoreConfig } from "./core-config.js";
import { payloadBits, tracerBits } from "./core-config.js";

/** Memories that the host reads and writes; the number is the `select` of link frames and of the host bus. */
export const memorySelect = {
  registers: 0,
  program: 1,
  parameters: 2,
  pointers: 3,
  list: 4,
  state: 5,
  weights: 6,
} as const;

export type MemoryName = keyof typeof memorySelect;

/** Bits of one word. List: payload high, index low. State: tracer high, membrane low. Parameters: threshold high, initial membrane low. Weights: lane 0 low. With dynamics, state and parameters are the 64 bits of `dynamics/words.ts`. */
export function wordBits(config: CoreConfig, memory: MemoryName): number {
  switch (memory) {
    case "registers":
    case "program":
      return 32;
    case "parameters":
      return config.dynamics ? 64 : config.thresholdBits + config.membraneBits;
    case "pointers":
      return pointerBits(config);
    case "list":
      return payloadBits + config.indexBits;
    case "state":
      return config.dynamics ? 64 : tracerBits + config.membraneBits;
    case "weights":
      return config.lanes * config.weightBits;
  }
}

/** Bits of the lower of the two parts that words of state and parameters have: membrane, or half of the 64 bits of dynamics. */
export function lowBits(config: Pick<CoreConfig, "dynamics" | "membraneBits">): number {
  return config.dynamics ? 32 : config.membraneBits;
}

/** Bits of a pointer: counts 0..listDepth, so one more than a list address when the depth is a power of two. */
export function pointerBits(config: CoreConfig): number {
  return Math.ceil(Math.log2(config.listDepth + 1));
}

/** Bytes of one word on the link, little endian, zero-extended. */
export function wordBytes(config: CoreConfig, memory: MemoryName): number {
  return Math.ceil(wordBits(config, memory) / 8);
}

/** Words of a memory. */
export function memoryDepth(config: CoreConfig, memory: MemoryName): number {
  switch (memory) {
    case "registers":
      return 16;
    case "program":
      return config.programDepth;
    case "parameters":
      return config.parameterDepth;
    case "pointers":
      return config.pointerDepth;
    case "list":
      return config.listDepth;
    case "state":
      return config.stateDepth;
    case "weights":
      return config.weightDepth;
  }
}
