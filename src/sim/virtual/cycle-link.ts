import { type MemoryName, memorySelect } from "../../arch/memory.js";
import { SpikewrightError } from "../../support/diagnostic.js";
import type { CycleCore } from "../cycle/core.js";
import type { LinkedCore } from "./linked-core.js";

const memoryBySelect = new Map<number, MemoryName>(
  Object.entries(memorySelect).map(([name, select]) => [select, name as MemoryName]),
);

/** The cycle-accurate core as the link sees it: it has always run to its next wait when a call returns. */
export class CycleLinkedCore implements LinkedCore {
  readonly core: CycleCore;
  readonly running = false;

  constructor(core: CycleCore) {
    this.core = core;
  }

  get wanted(): number {
    return this.core.waiting;
  }

  get idle(): boolean {
    return this.core.idle;
  }

  get samples(): number {
    return this.core.samples;
  }

  hostRead(select: number, address: number): bigint {
    const bytes = this.core.read(memoryBySelect.get(select)!, address);
    let value = 0n;
    for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return value;
  }

  hostWrite(select: number, address: number, value: bigint): void {
    const bytes = new Uint8Array(16);
    let rest = value;
    for (let i = 0; rest > 0n; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
    stopping(() => this.core.write(memoryBySelect.get(select)!, address, bytes));
  }

  push(values: Uint8Array): void {
    stopping(() => this.core.push(values));
  }

  run(): void {}
}

/** A program that runs away is reported by the simulator; towards the host the core has stopped, which it will see. */
function stopping(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof SpikewrightError)) throw error;
  }
}
