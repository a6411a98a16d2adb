import type { CoreConfig } from "../../arch/core-config.js";
import { learnCycles, passOverhead, rewardCycles, scatterCycles, timing, WalkClock } from "../../arch/timing.js";
import { decodeInstruction, type FieldValues } from "../instruction.js";
import { decodeDynamicsRegisters } from "./dynamics-registers.js";
import { decodeLearnRegisters, decodeRewardRegisters, type LearnRegisters } from "./learn-registers.js";
import { decodePassRegisters, type PassRegisters } from "./registers.js";
import { decodeScatterRegisters, readSynapseList } from "./synapse-lists.js";
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
 * @param samples How many samples are followed, when one can find lists that another has left; the longest counts.
 * @param weights Rows of weights, of programs that scatter: an event takes as long as its list is.
 * @returns Undefined when a sample does not end within a million instructions, or the program meets an illegal one.
 */
export function worstCase(
  words: Uint32Array,
  config: CoreConfig,
  samples = 1,
  weights: Int8Array = new Int8Array(0),
): WorstCase | undefined {
  const program = new Uint32Array(config.programDepth);
  program.set(words);
  const pointers = new Uint16Array(config.pointerDepth);
  /** Who can be in the list between a pointer and the next. */
  const pixels = new Map<number, Pixel>();
  const lists = new SynapseCounts(weights, config);
  const values = new Int32Array(32);
  const counters = new Int32Array(2);
  const passes = new Map<number, number>();
  const plans = new Map<string, VisitPlan>();
  let cycles = 0;
  let pc = 0;
  let sampling = false;
  let worst: WorstCase | undefined;
  let followed = 0;
  for (let executed = 0; executed < maximumInstructions; executed++) {
    const decoded = decodeInstruction(program[pc]!);
    if (!decoded) return undefined;
    const { instruction, values: fields } = decoded;
    cycles += timing.instruction;
    let next = pc + 1;
    switch (instruction.mnemonic) {
      case "set":
        values[fields["register"]! & 31] = fields["value"]!;
        break;
      case "pass": {
        const registers = decodePassRegisters(values, config);
        const key = `${pc}:${values.join()}`;
        const plan = plans.get(key) ?? planVisits(registers, program, fields["table"]!, config);
        plans.set(key, plan);
        const spacing = config.dynamics ? decodeDynamicsRegisters(values).spacing : 0;
        const spent = walkFull(plan, pointers, spacing) + plan.lanes.at(-1)! + passOverhead(config);
        cycles += spent;
        passes.set(pc, (passes.get(pc) ?? 0) + spent + timing.instruction);
        if (fields["emit"] === 0) break;
        const count = candidates(plan, registers, fields["merge"]!);
        fillPointers(pointers, pixels, registers, count, mostSpikes(count, registers, fields));
        break;
      }
      case "input": {
        if (fields["state"] === 0)
          fillPointers(pointers, pixels, decodePassRegisters(values, config), fields["count"]!);
        if (!sampling) cycles = 0;
        sampling = true;
        break;
      }
      case "learn": {
        const learn = decodeLearnRegisters(values, config);
        const events = pointers[(learn.pointer + 1) % pointers.length]! - pointers[learn.pointer]!;
        cycles += learnCycles(learnGroups(learn, Math.max(0, events)));
        break;
      }
      case "reward":
        cycles += rewardCycles(decodeRewardRegisters(values, config).rows, config.lanes);
        break;
      case "scatter": {
        const { pointer, weightBase } = decodeScatterRegisters(values, config);
        const events = Math.max(0, pointers[(pointer + 1) % pointers.length]! - pointers[pointer]!);
        cycles += scatterCycles(events, lists.most(weightBase, pixels.get(pointer), events));
        break;
      }
      case "done":
        if (cycles > (worst?.cycles ?? -1)) worst = { cycles, passes: new Map(passes) };
        if (++followed === samples) return worst;
        passes.clear();
        sampling = false;
        executed = 0;
        break;
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

/** Groups of a `learn` in which every group has a neuron that fired. */
function* learnGroups({ groups, lanesVisit, lanesLast, rule, sourceRows }: LearnRegisters, events: number) {
  const rows = rule.post.kind === "none" ? 0 : sourceRows;
  for (let group = 0; group < groups; group++)
    yield { lanes: group === groups - 1 ? lanesLast : lanesVisit, events, rows };
}

function walkFull({ rows }: VisitPlan, pointers: Uint16Array, spacing: number): number {
  const clock = new WalkClock(spacing);
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

/** Most list entries that so many candidates write: a pass that only integrates none, the winner of one pixel one. */
function mostSpikes(count: number, { channels }: PassRegisters, { mute, winner }: FieldValues): number {
  if (mute === 1) return 0;
  return winner === 1 && count <= channels ? 1 : count;
}

/** Neurons of a pixel: index of the first, and how many. */
interface Pixel {
  readonly first: number;
  readonly count: number;
}

/** Lengths of the lists of synapses in the weight memory. */
class SynapseCounts {
  readonly #weights: Int8Array;
  readonly #config: CoreConfig;
  readonly #sums = new Map<string, number>();

  constructor(weights: Int8Array, config: CoreConfig) {
    this.#weights = weights;
    this.#config = config;
  }

  /** The most synapses that so many neurons of a pixel can have together. */
  most(base: number, { first, count }: Pixel = { first: 0, count: 0 }, events: number): number {
    const key = `${base} ${first} ${count} ${events}`;
    const known = this.#sums.get(key);
    if (known !== undefined) return known;
    const config = this.#config;
    const rows = { weights: this.#weights, stride: config.lanes, config };
    const sum = Array.from({ length: count }, (_, i) => readSynapseList(rows, base + first + i).length)
      .sort((a, b) => b - a)
      .slice(0, events)
      .reduce((all, length) => all + length, 0);
    this.#sums.set(key, sum);
    return sum;
  }
}

/** Writes the pointers of `count` candidates of which the first `spikes` are in the list. */
function fillPointers(
  pointers: Uint16Array,
  pixels: Map<number, Pixel>,
  registers: PassRegisters,
  count: number,
  spikes = count,
): void {
  const { list, pointer, channels, index } = registers;
  let at = pointer;
  for (let done = 0; done < count; done += Math.max(1, channels)) {
    pixels.set(at % pointers.length, { first: index + done, count: Math.min(channels, count - done) });
    pointers[at++ % pointers.length] = list + Math.min(done, spikes);
  }
  pointers[at % pointers.length] = list + spikes;
}
