import type { InstructionField } from "../../arch/isa.js";
import { fitsField } from "../instruction.js";
import type { ProgramShape } from "../program.js";
import type { SourceLine } from "./line.js";

/** Reports a finding on the line being read. */
export type Report = (code: string, message: string) => void;

/** Numbers of labels and constants. */
export type Symbols = ReadonlyMap<string, number>;

/** Value of an integer literal (decimal or 0x), or undefined. */
export function literal(text: string): number | undefined {
  return /^(-?\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : undefined;
}

/** The operands of a line, taken one by one; `finish` reports what is left over. */
export class Operands {
  readonly #line: SourceLine;
  readonly #symbols: Symbols;
  readonly #report: Report;
  readonly #used = new Set<number>();

  constructor(line: SourceLine, symbols: Symbols, report: Report) {
    this.#line = line;
    this.#symbols = symbols;
    this.#report = report;
  }

  /** The next bare operand, or undefined. */
  bare(): string | undefined {
    const i = this.#line.operands.findIndex((o, at) => o.key === undefined && !this.#used.has(at));
    return i < 0 ? undefined : this.#take(i);
  }

  /** A bare operand equal to `word`. */
  flag(word: string): boolean {
    const i = this.#line.operands.findIndex((o, at) => o.key === undefined && o.value === word && !this.#used.has(at));
    if (i >= 0) this.#used.add(i);
    return i >= 0;
  }

  /** The text of `key=…`, or undefined. */
  text(key: string): string | undefined {
    const i = this.#line.operands.findIndex((o, at) => o.key === key && !this.#used.has(at));
    return i < 0 ? undefined : this.#take(i);
  }

  /** The text of `key=…`; reports when it is missing. */
  required(key: string): string {
    const text = this.text(key);
    if (text === undefined) this.#report("assembly-operand", `operand "${key}" is missing`);
    return text ?? "";
  }

  /** The number that `text` stands for; reports and gives 0 when it stands for none. */
  number(text: string): number {
    const value = literal(text) ?? this.#symbols.get(text);
    if (value === undefined)
      this.#report("assembly-operand", `"${text}" is neither a number nor a label nor a constant`);
    return value ?? 0;
  }

  /** Number of `key=…` within bounds, or `fallback` when the operand is missing (an error without fallback). */
  integer(key: string, min: number, max: number, fallback?: number): number {
    const text = fallback === undefined ? this.required(key) : this.text(key);
    if (text === undefined || text === "") return fallback ?? min;
    const value = this.number(text);
    if (value >= min && value <= max) return value;
    this.#report("assembly-range", `"${key}" is ${value}, wanted ${min}..${max}`);
    return min;
  }

  /** `HxWxC`. */
  shape(key: string): ProgramShape {
    const match = /^([1-9]\d{0,4})x([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(this.required(key));
    if (match) return [Number(match[1]), Number(match[2]), Number(match[3])];
    this.#report("assembly-operand", `"${key}" is no shape, wanted HEIGHTxWIDTHxCHANNELS`);
    return [1, 1, 1];
  }

  /** Values of bit fields: `name=value`, bare names for single bits, one bare operand for a field called `address`. */
  fields(fields: readonly InstructionField[], words: Readonly<Record<string, Readonly<Record<string, number>>>> = {}) {
    const values: Record<string, number> = {};
    for (const field of fields) {
      const { name, bits } = field;
      const text = this.text(name) ?? (bits === 1 && this.flag(name) ? "1" : undefined);
      const given = text ?? (name === "address" ? this.bare() : undefined);
      if (given === undefined) continue;
      const value = words[name]?.[given] ?? this.number(given);
      if (fitsField(field, value)) values[name] = value;
      else this.#report("assembly-range", `"${name}" is ${value}, wanted ${bits} bits`);
    }
    return values;
  }

  /** Reports operands that nothing took. */
  finish(): void {
    this.#line.operands.forEach(({ key, value }, i) => {
      if (!this.#used.has(i))
        this.#report("assembly-operand", `"${key === undefined ? "" : `${key}=`}${value}" means nothing here`);
    });
  }

  #take(i: number): string {
    this.#used.add(i);
    return this.#line.operands[i]!.value;
  }
}
