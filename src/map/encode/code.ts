import { type FieldValues, instructionWord, setWord, stepTable, stepTableWords } from "../../program/instruction.js";
import type { PassFields } from "./pass-fields.js";

/** An instruction whose addresses are not yet known to fit their fields. */
interface Pending {
  readonly mnemonic: string;
  readonly values: FieldValues;
  /** Number of the step table of a `pass`. */
  readonly table?: number;
}

/** Addresses have 10 bits. */
const maximumWords = 1024;

/**
 * Collects instructions and step tables; leaves out `set`s that would load what a register already holds, and keeps one
 * copy of equal tables.
 */
export class CodeBuilder {
  readonly #code: (Pending | number)[] = [];
  readonly #tables: number[][] = [];
  readonly #known = new Map<string, number>();

  /** Address of the next instruction. */
  get here(): number {
    return this.#code.length;
  }

  /** Words that all of it takes. */
  get size(): number {
    return this.#code.length + this.#tables.length * stepTableWords;
  }

  /** Appends an instruction. */
  add(mnemonic: string, values: FieldValues = {}): void {
    this.#code.push({ mnemonic, values });
  }

  /** Loads a pass register, unless it is known to hold the value. */
  set(register: string, values: FieldValues): void {
    const word = setWord(register, values);
    if (this.#known.get(register) === word) return;
    this.#known.set(register, word);
    this.#code.push(word);
  }

  /** Loads a pass register, whatever it holds. */
  force(register: string, values: FieldValues): void {
    this.#known.delete(register);
    this.set(register, values);
  }

  /**
   * Begins a loop: forgets what registers hold, except those that nothing in the loop changes.
   *
   * @param body Registers of everything in the loop.
   */
  enterLoop(body: readonly Pick<PassFields, "registers">[]): void {
    for (const [register, word] of this.#known) {
      const kept = body.every(({ registers }) => {
        const values = registers.get(register);
        return values === undefined || setWord(register, values) === word;
      });
      if (!kept) this.#known.delete(register);
    }
  }

  /** Loads the registers of a pass that are not yet loaded, without running it. */
  prepare({ registers }: Pick<PassFields, "registers">, except: readonly string[]): void {
    for (const [register, values] of registers) if (!except.includes(register)) this.set(register, values);
  }

  /** Appends a pass with the registers it needs. @returns Address of the `pass` instruction. */
  pass(fields: PassFields): number {
    this.prepare(fields, []);
    const table = this.#tableIndex(stepTable(fields.levels));
    return this.#code.push({ mnemonic: "pass", values: fields.instruction, table }) - 1;
  }

  /** Appends code that an instruction jumps over: `quiet`, or `loop`. */
  skippable(mnemonic: "quiet" | "loop", values: FieldValues, body: () => void): void {
    const at = this.#code.push({ mnemonic, values }) - 1;
    const before = new Map(this.#known);
    body();
    this.#code[at] = { mnemonic, values: { ...values, address: this.here } };
    for (const [register, word] of this.#known) if (before.get(register) !== word) this.#known.delete(register);
  }

  /** All words, instructions and then tables; undefined when they are more than a program can have. */
  finish(): Uint32Array | undefined {
    if (this.size > maximumWords) return undefined;
    const tables = this.#code.length;
    const words = this.#code.map((code) => {
      if (typeof code === "number") return code;
      const { mnemonic, values, table } = code;
      const place = table === undefined ? {} : { table: tables + table * stepTableWords };
      return instructionWord(mnemonic, { ...values, ...place });
    });
    return Uint32Array.from([...words, ...this.#tables.flat()]);
  }

  #tableIndex(table: number[]): number {
    const known = this.#tables.findIndex((other) => other.every((word, i) => word === table[i]));
    return known >= 0 ? known : this.#tables.push(table) - 1;
  }
}
