import type { CoreConfig } from "../../../arch/core-config.js";
import { noSynapse } from "../../../arch/dynamics/plasticity.js";
import { pointerBits } from "../../../arch/memory.js";
import { wasmModule } from "../../../support/wasm-module.js";
import { type WasmMemory, webAssembly } from "../../../support/web-assembly.js";
import { type FireLayout, type FireVariant, fireModule } from "./fire-code.js";
import { inputFunction } from "./input-code.js";
import { type LearnLayout, learnFunctions } from "./learn-code.js";
import { type KernelLayout, walkFunctions } from "./walk-code.js";

/** Gathers the sums of the rows `row .. end` (byte addresses) into `sums`; returns the list entries read. `spacing`: see `WalkClock`. */
export type Walk = (row: number, end: number, sums: number, spacing: number) => number;

/** See `inputFunction`. */
type Take = (value: number, end: number, list: number, pointer: number, channels: number, index: number) => number;

/** See `fireModule`. */
export type Fire = (
  visit: number,
  end: number,
  sums: number,
  state: number,
  list: number,
  pointer: number,
  channels: number,
  index: number,
  position: number,
  max: number,
) => number;

/** See `learnFunctions`. */
type LearnLoop = (at: number, end: number, offset: number, min: number, max: number) => number;

/** Rows that a `learn` can have, and one more. */
const learnRowsEnd = 2 ** 11;
const pageBytes = 65536;

/**
 * The WebAssembly side of a core: one memory for everything that the hot loops touch, and the loops.
 *
 * The views are replaced when the memory grows, so read them anew after `reserve`.
 */
export class Kernel {
  readonly walk: Walk;
  readonly walkSigned: Walk;
  /** Lanes, rounded up to a multiple of 8: bytes of a weight row, words of a row of sums. */
  readonly lanes: number;
  /** Rows of `lanes` weights, one byte each. */
  weights!: Int8Array;
  /** Payload in [23:16], index in [15:0]. */
  list!: Uint32Array;
  pointers!: Uint16Array;
  /** Membranes and tracers, or with dynamics the low and high halves of the state words. */
  membranes!: Int32Array;
  tracers!: Int32Array;
  /** Of cores that learn: change of each lane with an event, whether it may change (-1 or 0), change of each row. */
  changes!: Int16Array;
  masks!: Int16Array;
  rowChanges!: Int16Array;
  /** The whole memory as 32-bit words. */
  words!: Int32Array;

  #bytes!: Uint8Array;
  readonly #config: CoreConfig;
  readonly #memory: WasmMemory;
  readonly #layout: KernelLayout & FireLayout & LearnLayout & { readonly values: number; readonly rowChanges: number };
  readonly #take: Take;
  readonly #learnEvents: LearnLoop | undefined;
  readonly #learnRows: LearnLoop | undefined;
  readonly #variants = new Map<number, Fire>();
  readonly #free: number;
  #end: number;

  constructor(config: CoreConfig) {
    this.#config = config;
    this.lanes = Math.ceil(config.lanes / 8) * 8;
    let end = 0;
    const place = (bytes: number): number => {
      const address = end;
      end = align(end + bytes);
      return address;
    };
    this.#layout = {
      outcome: place(4),
      scratch: place(4 * this.lanes * 4),
      // Any pointer word may be read as a list address, so all of them have to lie inside the memory.
      list: place(4 * 2 ** pointerBits(config)),
      pointers: place(2 * config.pointerDepth),
      // Neurons are read and written four at a time, up to a row of lanes beyond the last.
      membranes: place(4 * (config.stateDepth + this.lanes)),
      tracers: place(4 * (config.stateDepth + this.lanes)),
      weights: place(config.weightDepth * this.lanes),
      values: place(2 ** (config.indexBits + 1) + 16),
      changes: place(2 * this.lanes * Math.min(config.learning, 1)),
      masks: place(2 * this.lanes * Math.min(config.learning, 1)),
      rowChanges: place(2 * learnRowsEnd * Math.min(config.learning, 1)),
      rowBytes: this.lanes,
      lanes: this.lanes,
      weightDepth: config.weightDepth,
      listDepth: config.listDepth,
      pointerDepth: config.pointerDepth,
      indexMask: 2 ** config.indexBits - 1,
      narrow: config.accumulatorBits <= 16,
      once: config.dynamics === 1,
      noSynapse: config.learning ? noSynapse(config.weightBits) : undefined,
      accumulatorBits: config.accumulatorBits,
      membraneBits: config.membraneBits,
    };
    this.#free = end;
    this.#end = end;
    this.#memory = new webAssembly.Memory({ initial: Math.ceil(end / pageBytes) + 1 });
    const learns = config.learning ? learnFunctions(this.#layout) : [];
    const exports = this.#instantiate(
      wasmModule([...walkFunctions(this.#layout), inputFunction(this.#layout), ...learns]),
    );
    this.#learnEvents = exports["learnEvents"] as LearnLoop | undefined;
    this.#learnRows = exports["learnRows"] as LearnLoop | undefined;
    this.#take = exports["take"] as Take;
    this.walk = exports["walk"] as Walk;
    this.walkSigned = exports["walkSigned"] as Walk;
    this.#makeViews();
  }

  /** Cycle of the last token of the latest walk, see `WalkClock`. */
  get token(): number {
    return this.words[this.#layout.outcome >> 2]!;
  }

  /** The loop over neurons for passes of one kind, made when it is first wanted. */
  fire(variant: FireVariant): Fire {
    const { fresh, store, emit, merge, ternary, mask } = variant;
    const key =
      Number(fresh) | (Number(store) << 1) | (Number(emit) << 2) | (Number(ternary) << 3) | (merge << 4) | (mask << 6);
    const known = this.#variants.get(key);
    if (known) return known;
    const made = this.#instantiate(fireModule(this.#layout, variant))["fire"] as Fire;
    this.#variants.set(key, made);
    return made;
  }

  /**
   * Writes a whole input into list and pointers, the closing pointer included.
   *
   * @param values At most `2^(indexBits + 1)`; only their low 8 bits count.
   */
  take(values: ArrayLike<number>, list: number, pointer: number, channels: number, index: number): void {
    const { values: base } = this.#layout;
    this.#bytes.set(values, base);
    this.#take(base, base + values.length, list, pointer, channels, index);
  }

  /** Adds `changes` to row `offset + index` of each of `events` list entries from `first` on, where `masks` allows. */
  learnEvents(first: number, events: number, offset: number, min: number, max: number): void {
    const at = this.#layout.list + 4 * first;
    this.#learnEvents!(at, at + 4 * events, offset, min, max);
  }

  /** Adds the first `rows` of `rowChanges`, one to each row from `offset` on, where `masks` allows. */
  learnRows(rows: number, offset: number, min: number, max: number): void {
    const at = this.#layout.rowChanges;
    this.#learnRows!(at, at + 2 * rows, offset, min, max);
  }

  /** Gives up everything reserved. */
  release(): void {
    this.#end = this.#free;
  }

  /** Reserves room. @returns Its byte address, a multiple of 16. */
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

  #instantiate(bytes: Uint8Array<ArrayBuffer>): Record<string, unknown> {
    return new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory: this.#memory } }).exports;
  }

  #makeViews(): void {
    const { buffer } = this.#memory;
    const config = this.#config;
    const { weights, list, pointers, membranes, tracers, changes, masks, rowChanges } = this.#layout;
    this.weights = new Int8Array(buffer, weights, config.weightDepth * this.lanes);
    this.list = new Uint32Array(buffer, list, config.listDepth);
    this.pointers = new Uint16Array(buffer, pointers, config.pointerDepth);
    this.membranes = new Int32Array(buffer, membranes, config.stateDepth);
    this.tracers = new Int32Array(buffer, tracers, config.stateDepth);
    this.changes = new Int16Array(buffer, changes, this.lanes * Math.min(config.learning, 1));
    this.masks = new Int16Array(buffer, masks, this.lanes * Math.min(config.learning, 1));
    this.rowChanges = new Int16Array(buffer, rowChanges, learnRowsEnd * Math.min(config.learning, 1));
    this.words = new Int32Array(buffer);
    this.#bytes = new Uint8Array(buffer);
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
