import { decodePassRegisters, type PassRegisters } from "../../program/pass/registers.js";
import { planVisits, type VisitPlan } from "../../program/pass/visits.js";
import type { Memories } from "./memories.js";

/** A pass that has been unrolled: everything about it that does not depend on the sample. */
export interface PreparedPass {
  readonly registers: PassRegisters;
  readonly plan: VisitPlan;
  /** Byte addresses in the kernel's memory. */
  readonly rows: number;
  readonly rowsEnd: number;
  readonly sums: number;
  readonly neurons: number;
  /** Register values that it was unrolled for. */
  readonly values: Int32Array;
}

/** Reserved kernel memory beyond which everything is forgotten, bytes. */
const maximumReserved = 2 ** 28;

/** Keeps the passes of a program unrolled, by address and register values. */
export class PassCache {
  readonly #memories: Memories;
  readonly #passes = new Map<number, PreparedPass[]>();
  #reserved = 0;

  constructor(memories: Memories) {
    this.#memories = memories;
  }

  /** Forgets everything; needed when program words change. */
  clear(): void {
    this.#passes.clear();
    this.#memories.release();
    this.#reserved = 0;
  }

  /**
   * The pass at `address` with the register values `values`.
   *
   * @throws SpikewrightError `pass-illegal`, `pass-too-large`.
   */
  get(address: number, table: number, values: Int32Array): PreparedPass {
    const known = this.#passes.get(address);
    if (known) for (const pass of known) if (equal(pass.values, values)) return pass;
    const pass = this.#prepare(table, values);
    this.#passes.set(address, [...(this.#passes.get(address) ?? []), pass]);
    return pass;
  }

  #prepare(table: number, values: Int32Array): PreparedPass {
    if (this.#reserved > maximumReserved) this.clear();
    const memories = this.#memories;
    const { config } = memories;
    const registers = decodePassRegisters(values, config);
    const plan = planVisits(registers, memories.program, table, config);
    const rows = memories.reserve(plan.rows.length * 4);
    const sumBytes = plan.visits * memories.rowBytes * 4;
    const sums = memories.reserve(sumBytes);
    this.#reserved += plan.rows.length * 4 + sumBytes;
    memories.words.set(plan.rows, rows >> 2);
    const neurons = plan.lanes.reduce((sum, lanes) => sum + lanes, 0);
    return { registers, plan, rows, rowsEnd: rows + plan.rows.length * 4, sums, neurons, values: values.slice() };
  }
}

function equal(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
