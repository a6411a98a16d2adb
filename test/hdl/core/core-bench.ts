import { type CoreConfig, coreConfigs } from "../../../src/arch/core-config.js";
import { type MemoryName, memorySelect } from "../../../src/arch/memory.js";
import { vendorCells } from "../vendor-cells.js";
import type { CoreModel } from "./model.js";
import { compile, coreFiles, coreParameters, hdl, memoryFile, simulate, type Technology } from "./simulate.js";

/** A script for hdl/tb/snn_core_tb.v. */
export class Script {
  readonly words: string[] = [];

  private add(operation: number, select: number, address: number, data: bigint): void {
    const word = (BigInt(operation) << 84n) | (BigInt(select) << 80n) | (BigInt(address) << 64n) | data;
    this.words.push(word.toString(16));
  }

  write(memory: MemoryName, address: number, data: bigint | number): void {
    this.add(1, memorySelect[memory], address, BigInt.asUintN(64, BigInt(data)));
  }

  read(memory: MemoryName, address: number): void {
    this.add(2, memorySelect[memory], address, 0n);
  }

  input(value: number): void {
    this.add(3, 0, 0, BigInt(value));
  }

  wait(): void {
    this.add(4, 0, 0, 0n);
  }

  pause(cycles: number): void {
    this.add(5, 0, 0, BigInt(cycles));
  }

  events(on: boolean): void {
    this.add(6, 0, 0, on ? 1n : 0n);
  }

  /** Restarts the program. */
  restart(): void {
    this.write("registers", 5, 1);
  }
}

const two = (value: number, bits: number): bigint => BigInt.asUintN(bits, BigInt(value));

/** Word of a memory, packed as src/arch/memory.ts says. */
export function memoryWord(m: CoreModel, memory: MemoryName, address: number): bigint {
  const { config } = m;
  switch (memory) {
    case "program":
      return BigInt(m.program[address]!);
    case "parameters":
      return (
        (BigInt(m.thresholds[address]!) << BigInt(config.membraneBits)) | two(m.vInit[address]!, config.membraneBits)
      );
    case "pointers":
      return BigInt(m.pointers[address]!);
    case "list":
      return (BigInt(m.payloads[address]!) << BigInt(config.indexBits)) | BigInt(m.indices[address]!);
    case "state":
      return (
        (BigInt(m.tracers[address]!) << BigInt(config.membraneBits)) | two(m.potentials[address]!, config.membraneBits)
      );
    case "weights": {
      let word = 0n;
      for (let l = config.lanes - 1; l >= 0; l--) {
        word = (word << BigInt(config.weightBits)) | two(m.weights[address * config.lanes + l]!, config.weightBits);
      }
      return word;
    }
    case "registers":
      throw new Error("registers are not a memory");
  }
}

const compiled = new Map<string, string>();

/** Plays a script on the Verilog core in Icarus and returns the monitor's lines. */
export function play(
  config: CoreConfig,
  script: Script,
  technology: Technology = "generic",
  cycleLimit = 1_000_000,
): string[] {
  const key = JSON.stringify([config, technology, script.words.length > 4096, cycleLimit]);
  const words = script.words.length > 4096 ? 2 ** 18 : 4096;
  let simulation = compiled.get(key);
  if (simulation === undefined) {
    const cells = technology === "ice40up" ? [vendorCells] : [];
    const parameters = { ...coreParameters({ ...config, technology }), Words: words, CycleLimit: cycleLimit };
    simulation = compile("snn_core_tb", [...coreFiles(technology), ...cells, `${hdl}/tb/snn_core_tb.v`], parameters);
    compiled.set(key, simulation);
  }
  script.words.push("0");
  while (script.words.length < words) script.words.push("0");
  return simulate(simulation, [`script=${memoryFile(script.words)}`]);
}

/** A configuration small enough to fill its memories in every test. */
export function smallConfig(overrides: Partial<CoreConfig> = {}): CoreConfig {
  return {
    ...coreConfigs[0]!,
    name: "small",
    lanes: 4,
    accumulatorBits: 16,
    membraneBits: 20,
    thresholdBits: 12,
    indexBits: 8,
    weightDepth: 256,
    listDepth: 256,
    pointerDepth: 128,
    parameterDepth: 32,
    stateDepth: 128,
    programDepth: 64,
    technology: "generic",
    ...overrides,
  };
}
