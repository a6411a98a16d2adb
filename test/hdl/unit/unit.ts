import { describe, expect, it } from "vitest";
import { type Integer, integers } from "../integer.js";
import { missingTools } from "../tool.js";
import { type Cycle, differences, type Parameters, sourceOf } from "./bench.js";

/** A module and its definition in TypeScript. */
export interface Unit {
  readonly module: string;
  /** Parameter sets to try, each with cycles of its own; what is left out keeps its default. */
  readonly parameters?: readonly Parameters[];
  /** Inputs to play, with the outputs that the definition gives for them. */
  readonly cycles: (parameters: Parameters, integer: Integer) => Iterable<Cycle>;
  /** Changes of the Verilog, each of which the comparison must notice. */
  readonly breaks: readonly (readonly [from: string, to: string])[];
}

const there = missingTools("single modules against TypeScript", "iverilog").length === 0;

/** Compares a module with its definition, cycle by cycle; then breaks the module and sees that the comparison notices. */
export function testUnit({ module, parameters = [{}], cycles, breaks }: Unit): void {
  const play = (set: Parameters, text?: string): string[] =>
    differences(module, set, [...cycles(set, integers(1))], text);
  describe.runIf(there)(module, () => {
    it.each(parameters)("does what its definition says with $0", (set) => {
      expect(play(set)).toEqual([]);
    });

    it.each(breaks)("is seen to be broken when `%s` becomes `%s`", (from, to) => {
      const text = sourceOf(module);
      expect(text.includes(from), `the module has no "${from}"`).toBe(true);
      expect(parameters.some((set) => play(set, text.replace(from, to)).length > 0)).toBe(true);
    });
  });
}

/** `value` modulo 2^bits, unsigned. */
export const modulo = (value: number, bits: number): number => ((value % 2 ** bits) + 2 ** bits) % 2 ** bits;

/** `value` as a two's complement number of `bits` bits. */
export const signed = (value: number, bits: number): number => {
  const low = modulo(value, bits);
  return low >= 2 ** (bits - 1) ? low - 2 ** bits : low;
};

/** Numbers side by side, the first in the low bits, `bits` each. */
export const side = (values: readonly number[], bits: number): bigint =>
  values.reduceRight((word, value) => (word << BigInt(bits)) | BigInt(modulo(value, bits)), 0n);
