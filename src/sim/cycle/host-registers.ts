import type { CoreConfig } from "../../arch/core-config.js";
import { controlRegisters } from "../../arch/registers.js";
import { timing } from "../../arch/timing.js";

/** Values of the `state` field of the `status` register. */
export const machineState = { stopped: 0, waiting: 1, running: 2, fault: 3, break: 4 } as const;

const technologies = ["generic", "ice40up", "ice40hx"] as const;
const identity = 0x53504b31;
const addresses = new Map(controlRegisters.map(({ name, address }) => [name, address]));

/** The control and status registers of a core. */
export class HostRegisters {
  state: number = machineState.stopped;
  /** 1 illegal instruction, 2 watchdog. */
  fault = 0;
  hash = 0;
  watchdog = 0;
  break = 0;
  /** Input values wanted. */
  left = 0;
  decision = 0;
  best = 0;
  cycles = 0;
  operations = 0;
  spikes = 0;
  stalls = 0;
  readonly #config: CoreConfig;

  constructor(config: CoreConfig) {
    this.#config = config;
  }

  /** A sample begins. */
  clearCounters(): void {
    this.cycles = 0;
    this.operations = 0;
    this.spikes = 0;
    this.stalls = 0;
  }

  /** The register at `address`, four bytes, little endian; 0 where there is none. */
  read(address: number, programCounter: number): Uint8Array {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, this.#value(address, programCounter), true);
    return new Uint8Array(view.buffer);
  }

  /** Writes a register; says what the host wants when it is `control`. */
  write(address: number, value: number): { readonly restart: boolean; readonly stop: boolean } {
    if (address === addresses.get("hash")) this.hash = value;
    if (address === addresses.get("watchdog")) this.watchdog = value % 2 ** timing.cycleBits;
    if (address === addresses.get("break")) this.break = value & 0xfff;
    const control = address === addresses.get("control") ? value : 0;
    return { restart: (control & 1) !== 0, stop: (control & 2) !== 0 };
  }

  #value(address: number, programCounter: number): number {
    const config = this.#config;
    switch (controlRegisters.find((register) => register.address === address)?.name) {
      case "identity":
        return identity;
      case "config0":
        return bytes(config.lanes, config.weightBits, config.accumulatorBits, config.membraneBits);
      case "config1":
        return bytes(
          config.thresholdBits,
          config.quotientBits,
          config.indexBits,
          technologies.indexOf(config.technology) | (config.dynamics << 5) | (config.learning << 6),
        );
      case "config2":
        return [
          config.weightDepth,
          config.listDepth,
          config.pointerDepth,
          config.parameterDepth,
          config.stateDepth,
          config.programDepth,
          config.linkDepth,
        ].reduce((word, depth, i) => word | ((Math.log2(depth) & 15) << (4 * i)), config.scatter << 28);
      case "hash":
        return this.hash;
      case "status":
        return this.state | (this.fault << 4) | (programCounter << 16);
      case "cycles":
        return this.cycles % 2 ** timing.cycleBits;
      case "operations":
        return this.operations % 2 ** timing.operationBits;
      case "spikes":
        return this.spikes % 2 ** timing.cycleBits;
      case "stalls":
        return this.stalls % 2 ** timing.cycleBits;
      case "decision":
        return this.decision;
      case "watchdog":
        return this.watchdog;
      case "break":
        return this.break;
      case "input":
        return this.left;
      case "best":
        return this.best;
      default:
        return 0;
    }
  }
}

function bytes(...values: readonly number[]): number {
  return values.reduce((word, value, i) => word | ((value & 0xff) << (8 * i)), 0);
}
