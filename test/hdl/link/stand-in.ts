import { up5kW4 } from "../../../src/arch/core-config.js";
import { type MemoryName, memorySelect, wordBits } from "../../../src/arch/memory.js";
import type { LinkedCore } from "../../../src/sim/virtual/linked-core.js";

const widths = new Map<number, number>(
  Object.entries(memorySelect).map(([name, select]) => [
    select,
    Math.ceil(wordBits(up5kW4, name as MemoryName) / 8) * 8,
  ]),
);
const stopped = 0;
const waiting = 1;
const runs = 2;
const fault = 3;

/** The stand-in for a core of hdl/tb/snn_link_tb.v: see there. Writes down what the link does to it. */
export class StandIn implements LinkedCore {
  readonly log: string[] = [];
  samples = 0;
  readonly #memories = new Map<number, bigint>();
  #state = stopped;
  #left = 0;
  #sum = 0;
  #taken = false;
  #decision = 0;
  #cycles = 0;
  #cyclesLeft = 0;

  get wanted(): number {
    return this.#state === waiting ? this.#left : 0;
  }

  get running(): boolean {
    return this.#state === runs;
  }

  get idle(): boolean {
    return this.#state !== runs && !this.#taken;
  }

  hostRead(select: number, address: number): bigint {
    if (select !== 0) return this.#word(select, address);
    switch (address & 15) {
      case 6:
        return BigInt(this.#state | (this.#state === fault ? 0x10 : 0));
      case 7:
        return BigInt(this.#cycles);
      case 8:
        return BigInt(Math.imul(this.samples, 0x01010101) >>> 0);
      case 9:
        return BigInt(~this.samples >>> 0);
      case 10:
        return BigInt((this.samples + 0x89abcdef) >>> 0);
      case 11:
        return BigInt(this.#decision);
      case 14:
        return BigInt(this.wanted);
      default:
        return this.#word(0, address & 15);
    }
  }

  hostWrite(select: number, address: number, value: bigint): void {
    const word = BigInt.asUintN(widths.get(select) ?? 32, value);
    const at = select === 0 ? address & 15 : address;
    this.log.push(`m ${select} ${at} ${word.toString(16).padStart(16, "0")}`);
    this.#memories.set(select * 128 + (at & 127), word);
    if (select !== 0 || at !== 5) return;
    if (word & 2n) {
      this.#state = stopped;
      this.#taken = false;
    }
    if (word & 1n) this.#wait();
  }

  push(values: Uint8Array): void {
    for (const value of values) {
      this.log.push(`v ${value.toString(16).padStart(2, "0")}`);
      this.#sum += value;
      this.#taken = true;
      if (--this.#left > 0) continue;
      this.#state = runs;
      this.#cyclesLeft = Number(this.#word(1, 1));
    }
  }

  run(cycles: number): void {
    const mode = Number(this.#word(1, 2));
    this.#cyclesLeft -= cycles;
    if (mode === 3 || this.#cyclesLeft > 0) return;
    const sum = this.#sum;
    if (mode === 1) this.#state = stopped;
    else if (mode === 2) this.#state = fault;
    else this.#wait();
    this.#sum = 0;
    this.#taken = false;
    if (mode > 1) return;
    this.samples++;
    this.#decision = sum;
    this.#cycles = Number(this.#word(1, 1));
  }

  #wait(): void {
    this.#state = waiting;
    this.#left = Number(this.#word(1, 0) & 0x3fffffn);
    this.#sum = 0;
    this.#taken = false;
  }

  #word(select: number, address: number): bigint {
    return this.#memories.get(select * 128 + (address & 127)) ?? 0n;
  }
}
