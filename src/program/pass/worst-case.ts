import type { CoreConfig } from "../../arch/core-config.js";
import { passOverhead, timing, WalkClock } from "../../arch/timing.js";
import { decodeInstruction } from "../instruction.js";
import { decodePassRegisters, type PassRegisters } from "./registers.js";
import { lastOfWindow, planVisits, rowField, rowWords, type VisitPlan } from "./visits.js";

/** The longest that a sample can take. */
export interface WorstCase {
  /** Cycles from the last input value to `done`. */
  readonly cycles: number;
  /** Of these, those spent in the `pass` instruction at each address. */
  readonly passes: ReadonlyMap<number, number>;
}

/** Instructions of a sample beyond which a program counts as endless. */
const maximumInstructions = 1_000_000;

/**
 * Follows a program through one sample in which every list is full: every candidate has a nonzero payload, every loop
 * runs to its count and `quiet` never jumps. Walks only get longer with longer lists, so no sample takes longer.
 *
 * @returns Undefined when no sample ends within a million instructions, or the program meets an illegal one.
 */
export function worstCase(words: Uint32Array, config: CoreConfig): WorstCase | undefined {
  const program = new Uint32Array(config.programDepth);
  program.set(words);
  const pointers = new Uint16Array(config.pointerDepth);
  const values = new Int32Array(16);
  const counters = new Int32Array(2);
  const passes = new Map<number, number>();
  const plans = new Map<string, VisitPlan>();
  let cycles = 0;
  let pc = 0;
  let sampling = false;
  for (let executed = 0; executed < maximumInstructions; executed++) {
    const decoded = decodeInstruction(program[pc]!);
    if (!decoded) return undefined;
    const { instruction, values: fields } = decoded;
    cycles += timing.instruction;
    let next = pc + 1;
    switch (instruction.mnemonic) {
      case "set":
        values[fields["register"]! & 15] = fields["value"]!;
        break;
      case "pass": {
        const registers = decodePassRegisters(values, config);
        const key = `${pc}:${values.join()}`;
        const plan = plans.get(key) ?? planVisits(registers, program, fields["table"]!, config);
        plans.set(key, plan);
        const spent = walkFull(plan, pointers) + plan.lanes.at(-1)! + passOverhead(config);
        cycles += spent;
        passes.set(pc, (passes.get(pc) ?? 0) + spent + timing.instruction);
        if (fields["emit"] === 1) fillPointers(pointers, registers, candidates(plan, registers, fields["merge"]!));
        break;
      }
      case "input": {
        fillPointers(pointers, decodePassRegisters(values, config), fields["count"]!);
        if (!sampling) cycles = 0;
        sampling = true;
        break;
      }
      case "done":
        return { cycles, passes };
      case "jump":
        next = fields["address"]!;
        cycles += timing.takenJump;
        break;
      case "count":
        counters[fields["counter"]!] = fields["value"]!;
        break;
      case "loop": {
        const left = (counters[fields["counter"]!]! - 1) & 0xffff;
        counters[fields["counter"]!] = left;
        if (left === 0) break;
        next = fields["address"]!;
        cycles += timing.takenJump;
        break;
      }
      case "halt":
        return undefined;
    }
    pc = next % program.length;
  }
  return undefined;
}

function walkFull({ rows }: VisitPlan, pointers: Uint16Array): number {
  const clock = new WalkClock();
  for (let at = 0; at < rows.length; at += rowWords) {
    const entries = pointers[rows[at + rowField.end]!]! - pointers[rows[at + rowField.start]!]!;
    clock.row(rows[at + rowField.time]!, Math.max(0, entries), rows[at + rowField.close]!);
  }
  return clock.token;
}

function candidates({ lanes, place }: VisitPlan, { lanesPosition }: PassRegisters, merge: number): number {
  return lanes.reduce((sum, used, visit) => {
    if (merge === 0) return sum + used;
    return sum + (place[visit]! & lastOfWindow ? Math.min(used, lanesPosition) : 0);
  }, 0);
}

function fillPointers(pointers: Uint16Array, { list, pointer, channels }: PassRegisters, count: number): void {
  let at = pointer;
  for (let done = 0; done < count; done += Math.max(1, channels)) pointers[at++ % pointers.length] = list + done;
  pointers[at % pointers.length] = list + count;
}
