import { ListWriter } from "./list-writer.js";
import type { Memories } from "./memories.js";

/** Numbers of the pass registers that `input` uses. */
const register = { state: 10, list: 12, pointer: 13, channels: 14, index: 15 } as const;

/** The writer while `input` runs: host values become a spike list with its pointers, or synaptic currents in state words. */
export class InputPort {
  readonly #memories: Memories;
  readonly #writer: ListWriter;
  #listAt = 0;
  #pointerAt = 0;
  #index = 0;
  #channels = 0;
  #intoState = false;
  #stateAt = 0;

  constructor(memories: Memories) {
    this.#memories = memories;
    this.#writer = new ListWriter(memories);
  }

  /** Begins at the addresses in the pass registers. `intoState`: only in cores with dynamics. */
  open(values: Int32Array, intoState: boolean): void {
    const { indexBits, pointerDepth, stateDepth } = this.#memories.config;
    this.#intoState = intoState;
    this.#stateAt = values[register.state]! & (stateDepth - 1);
    this.#listAt = values[register.list]! & 0xffff;
    this.#pointerAt = values[register.pointer]! & (pointerDepth - 1);
    this.#channels = values[register.channels]! & (2 ** (indexBits + 1) - 1);
    this.#index = values[register.index]! & (2 ** indexBits - 1);
    this.#writer.begin(this.#listAt, this.#pointerAt, this.#channels);
  }

  /** Takes all values of an input just opened, and closes it. */
  takeAll(values: ArrayLike<number>): void {
    const { config, kernel } = this.#memories;
    if (!this.#intoState && this.#channels > 0 && this.#index + values.length <= 2 ** config.indexBits) {
      kernel.take(values, this.#listAt, this.#pointerAt, this.#channels, this.#index);
      return;
    }
    this.take(values, 0, values.length);
    this.close();
  }

  /** Takes `count` values from `first` on. */
  take(values: ArrayLike<number>, first: number, count: number): void {
    if (this.#intoState) this.#takeIntoState(values, first, count);
    else this.#takeIntoList(values, first, count);
  }

  #takeIntoState(values: ArrayLike<number>, first: number, count: number): void {
    const { config, kernel } = this.#memories;
    for (let i = first; i < first + count; i++) {
      kernel.membranes[this.#stateAt] = (values[i]! & 0xff) << 16;
      kernel.tracers[this.#stateAt] = 0;
      this.#stateAt = (this.#stateAt + 1) & (config.stateDepth - 1);
    }
  }

  #takeIntoList(values: ArrayLike<number>, first: number, count: number): void {
    const indexMask = 2 ** this.#memories.config.indexBits - 1;
    let index = this.#index;
    for (let i = first; i < first + count; i++) {
      this.#writer.candidate(index, values[i]! & 0xff);
      index = (index + 1) & indexMask;
    }
    this.#index = index;
  }

  /** Writes the closing pointer. */
  close(): void {
    if (!this.#intoState) this.#writer.end();
  }
}
