import type { CoreConfig } from "../../../../src/arch/core-config.js";
import { type MemoryName, memoryDepth, wordBits, wordBytes } from "../../../../src/arch/memory.js";
import { writeBits } from "../../../../src/program/memory-image.js";
import { CycleCore } from "../../../../src/sim/cycle/core.js";
import { comparedRegisters, registerAddress } from "../core-machine.js";

/** A word of 64 bits: low half, high half. */
export type Halves = readonly [low: number, high: number];

/** Contents of all memories of a core before a program runs, and the sample that is sent to it. */
export interface CoreRun {
  readonly config: CoreConfig;
  readonly words: readonly number[];
  readonly parameters: readonly Halves[];
  readonly state: readonly Halves[];
  /** Rows of `lanes` weights. */
  readonly weights: readonly number[];
  /** `[payload, index]`. */
  readonly list: readonly (readonly [payload: number, index: number])[];
  readonly pointers: readonly number[];
  /** Values of one sample, for all inputs of the program. */
  readonly levels: readonly number[];
  /** Value of the register `watchdog`. Default 0: never. */
  readonly watchdog?: number;
}

/** What a host sees after a sample: registers by name, words of the memories that a program changes, in hexadecimal. */
export interface CoreView {
  readonly registers: Readonly<Record<string, number>>;
  readonly memories: Readonly<Record<string, readonly string[]>>;
  /** `address v y` of every neuron visited, in order. */
  readonly neurons: readonly string[];
}

/** Where two views differ: `place: found, wanted`, the first few of each memory. */
export function differences(found: CoreView, wanted: CoreView): string[] {
  const compare = (place: string, a: readonly unknown[], b: readonly unknown[]) =>
    Array.from({ length: Math.max(a.length, b.length) }, (_, i) => `${place}[${i}]: ${a[i]}, ${b[i]}`)
      .filter((_, i) => a[i] !== b[i])
      .slice(0, 5);
  return [
    ...comparedRegisters.flatMap((name) => compare(name, [found.registers[name]], [wanted.registers[name]])),
    ...compare("neurons", found.neurons, wanted.neurons),
    ...changedMemories.flatMap((memory) => compare(memory, found.memories[memory]!, wanted.memories[memory]!)),
  ];
}

/** Memories that are loaded, those that a program changes last. */
export const loadedMemories = ["program", "parameters", "weights", "list", "pointers", "state"] as const;
export const changedMemories = ["weights", "list", "pointers", "state"] as const satisfies readonly MemoryName[];

/** The bytes of a word of `run`, as the host writes it. */
export function wordOf(run: CoreRun, memory: (typeof loadedMemories)[number], address: number): Uint8Array {
  const { config } = run;
  const bytes = new Uint8Array(wordBytes(config, memory));
  switch (memory) {
    case "program":
      writeBits(bytes, 0, 32, run.words[address] ?? 0);
      break;
    case "parameters":
    case "state":
      run[memory][address]!.forEach((half, i) => void writeBits(bytes, 32 * i, 32, half));
      break;
    case "weights":
      for (let lane = 0; lane < config.lanes; lane++)
        writeBits(bytes, lane * config.weightBits, config.weightBits, run.weights[address * config.lanes + lane]!);
      break;
    case "list":
      writeBits(bytes, 0, config.indexBits, run.list[address]![1]);
      writeBits(bytes, config.indexBits, 8, run.list[address]![0]);
      break;
    case "pointers":
      writeBits(bytes, 0, wordBits(config, "pointers"), run.pointers[address]!);
  }
  return bytes;
}

/** Little-endian bytes as a hexadecimal number. */
export function hex(bytes: Uint8Array): string {
  return [...bytes].reverse().reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), "");
}

/** Runs one sample on the simulator, from reset. */
export function runCycleCore(run: CoreRun): CoreView {
  const core = new CycleCore(run.config);
  const register = (name: string, value: number) =>
    core.write("registers", registerAddress(name), new Uint8Array(Uint32Array.of(value).buffer));
  register("control", 2);
  register("watchdog", run.watchdog ?? 0);
  for (const memory of loadedMemories)
    for (let i = 0; i < memoryDepth(run.config, memory); i++) core.write(memory, i, wordOf(run, memory, i));
  register("control", 1);
  const neurons: string[] = [];
  core.observer = {
    record: { membranes: new Int32Array(0), tracers: new Int32Array(0) },
    passed(address, pass) {
      for (let n = 0; n < pass.neurons; n++)
        neurons.push(`${address} ${this.record.membranes[n]} ${this.record.tracers[n]}`);
    },
  };
  core.push(run.levels);
  const wordOfRegister = (name: string) =>
    new DataView(core.read("registers", registerAddress(name)).buffer).getUint32(0, true);
  const words = (memory: MemoryName) =>
    Array.from({ length: memoryDepth(core.config, memory) }, (_, i) => hex(core.read(memory, i)));
  return {
    registers: Object.fromEntries(comparedRegisters.map((name) => [name, wordOfRegister(name)])),
    memories: Object.fromEntries(changedMemories.map((memory) => [memory, words(memory)])),
    neurons,
  };
}
