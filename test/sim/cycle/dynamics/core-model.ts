import type { CoreConfig } from "../../../../src/arch/core-config.js";
import { type DynamicsState, fires, inhibit, integrate, margin, settle } from "../../../../src/arch/dynamics/neuron.js";
import { nextNoise, seedNoise } from "../../../../src/arch/dynamics/noise.js";
import {
  changeWeight,
  noSynapse,
  postChange,
  preChange,
  rewardWeight,
} from "../../../../src/arch/dynamics/plasticity.js";
import { readSynapseRow, type SynapseRow } from "../../../../src/arch/dynamics/scatter.js";
import { parameterWord, readParameterWord, readStateWord, stateWord } from "../../../../src/arch/dynamics/words.js";
import { passOverhead, timing, WalkClock } from "../../../../src/arch/timing.js";
import { decodeInstruction, type FieldValues } from "../../../../src/program/instruction.js";
import { decodeDynamicsRegisters } from "../../../../src/program/pass/dynamics-registers.js";
import { decodeLearnRegisters, decodeRewardRegisters } from "../../../../src/program/pass/learn-registers.js";
import { decodePassRegisters } from "../../../../src/program/pass/registers.js";
import { firstOfPosition, planVisits, rowField, rowWords } from "../../../../src/program/pass/visits.js";
import { type CoreRun, type CoreView, changedMemories, type Halves, hex, wordOf } from "./core-run.js";

const silent: DynamicsState = { v: 0, j: 0, adaptation: 0, refractory: 0, fired: 0, preTrace: 0, postTrace: 0 };

/** A core with dynamics as its definition words it: neuron after neuron, weight after weight, instruction after instruction. */
export class CoreModel {
  readonly config: CoreConfig;
  readonly #run: CoreRun;
  readonly #words: Uint32Array;
  readonly #parameters: readonly Halves[];
  readonly #state: Halves[];
  readonly #weights: number[];
  readonly #list: (readonly [payload: number, index: number])[];
  readonly #pointers: number[];
  readonly #values = new Int32Array(32);
  readonly #counters = [0, 0];
  #noise = seedNoise(0);
  #pc = 0;
  #spiked = false;
  #cycles = 0;
  #operations = 0;
  #spikes = 0;
  #stalls = 0;
  #decision = 0;
  #best = 0;
  readonly #neurons: string[] = [];

  constructor(run: CoreRun) {
    this.config = run.config;
    this.#run = run;
    this.#words = new Uint32Array(run.config.programDepth);
    this.#words.set(run.words);
    this.#parameters = run.parameters;
    this.#state = [...run.state];
    this.#weights = [...run.weights];
    this.#list = [...run.list];
    this.#pointers = [...run.pointers];
  }

  /** Runs from where it is to the `done` of a sample and on to the next input. Takes the values of all its inputs. */
  run(levels: readonly number[]): void {
    let taken = 0;
    let sampling = false;
    for (;;) {
      const { instruction, values } = decodeInstruction(this.#words[this.#pc]!)!;
      const { mnemonic } = instruction;
      if (mnemonic === "input" && taken === levels.length) return;
      let next = this.#pc + 1;
      if (sampling) this.#cycles += timing.instruction;
      switch (mnemonic) {
        case "set":
          this.#values[values["register"]!] = values["value"]!;
          if (values["register"] === 22) this.#noise = seedNoise(values["value"]!);
          break;
        case "input":
          if (!sampling) this.#beginSample();
          sampling = true;
          this.#input(levels.slice(taken, taken + values["count"]!), values["state"]!);
          taken += values["count"]!;
          break;
        case "done":
          sampling = false;
          break;
        case "mark":
          this.#spiked = false;
          break;
        case "count":
          this.#counters[values["counter"]!] = values["value"]!;
          break;
        case "jump":
        case "quiet":
        case "loop": {
          const counter = values["counter"] ?? 0;
          if (mnemonic === "loop") this.#counters[counter] = (this.#counters[counter]! - 1) & 0xffff;
          if (mnemonic === "loop" && this.#counters[counter] === 0) break;
          if (mnemonic === "quiet" && this.#spiked) break;
          next = values["address"]!;
          if (sampling) this.#cycles += timing.takenJump;
          break;
        }
        case "pass":
          this.#pass(values);
          break;
        case "learn":
          this.#learn();
          break;
        case "reward":
          this.#reward();
          break;
        case "scatter":
          this.#scatter();
          break;
        default:
          throw new Error(`the model does not know ${mnemonic}`);
      }
      this.#pc = next;
    }
  }

  view(run: CoreRun): CoreView {
    const own: CoreRun = {
      ...run,
      state: this.#state,
      weights: this.#weights,
      list: this.#list,
      pointers: this.#pointers,
    };
    const lengths = {
      weights: run.config.weightDepth,
      list: run.config.listDepth,
      pointers: run.config.pointerDepth,
      state: run.config.stateDepth,
    };
    const { mnemonic } = decodeInstruction(this.#words[this.#pc]!)!.instruction;
    const { values } = decodeInstruction(this.#words[this.#pc]!)!;
    return {
      registers: {
        status: (mnemonic === "input" ? 1 : 0) | (this.#pc << 16),
        cycles: this.#cycles,
        operations: this.#operations,
        spikes: this.#spikes,
        stalls: this.#stalls,
        decision: this.#decision,
        best: this.#best >>> 0,
        input: values["count"]!,
      },
      memories: Object.fromEntries(
        changedMemories.map((memory) => [
          memory,
          Array.from({ length: lengths[memory] }, (_, i) => hex(wordOf(own, memory, i))),
        ]),
      ),
      neurons: this.#neurons,
    };
  }

  #beginSample(): void {
    this.#neurons.length = 0;
    this.#cycles = 0;
    this.#operations = 0;
    this.#spikes = 0;
    this.#stalls = 0;
  }

  #input(levels: readonly number[], intoState: number): void {
    const { config } = this;
    const registers = decodePassRegisters(this.#values, config);
    if (intoState) {
      levels.forEach((level, k) => {
        this.#state[(registers.state + k) % config.stateDepth] = stateWord({ ...silent, j: level });
      });
      return;
    }
    this.#write(levels, true);
  }

  /** The writer: candidates with their payloads; returns how many it put into the list. */
  #write(payloads: readonly number[], emit: boolean): number {
    if (!emit) return 0;
    const { config } = this;
    const { list, pointer, channels, index } = decodePassRegisters(this.#values, config);
    let at = list;
    let pointerAt = pointer;
    payloads.forEach((payload, n) => {
      if (n % channels === 0) this.#pointers[pointerAt++ % config.pointerDepth] = at;
      if (payload === 0) return;
      this.#list[at % config.listDepth] = [payload, (index + n) % 2 ** config.indexBits];
      at++;
    });
    this.#pointers[pointerAt % config.pointerDepth] = at;
    return at - list;
  }

  #pass(flags: FieldValues): void {
    const { config } = this;
    const registers = decodePassRegisters(this.#values, config);
    const { shared, rank, rewind, spacing, inhibition, block } = decodeDynamicsRegisters(this.#values);
    const plan = planVisits(registers, this.#words, flags["table"]!, config);
    const { sums, clock, entries, operations } = this.#walk(plan.rows, new WalkClock(spacing));
    const winnerFires = this.#best >= 0;
    const winner = this.#decision;
    let best: number | undefined;
    let state = registers.state;
    const payloads: number[] = [];
    for (let visit = 0; visit < plan.visits; visit++) {
      if (rewind && (plan.place[visit]! & firstOfPosition) !== 0) state = registers.state;
      for (let lane = 0; lane < plan.lanes[visit]!; lane++) {
        const word = (plan.parameters[visit]! + (lane % registers.lanesPosition)) % config.parameterDepth;
        const own = readParameterWord(this.#parameters[word]!);
        expectSame(parameterWord(own), this.#parameters[word]!);
        const at = state++ % config.stateDepth;
        const neuron = flags["fresh"] ? { ...silent } : readStateWord(this.#state[at]!);
        const index = (registers.index + payloads.length) % 2 ** config.indexBits;
        if (!flags["settled"]) integrate(neuron, sums[visit]![lane]!, own, shared);
        const draws = shared.noise && !flags["mute"] && !flags["winner"];
        const draw = draws ? nextNoise(this.#noise) & 0xff : 0;
        const score = {
          potential: neuron.v,
          margin: margin(neuron, own, shared, draw),
          "post-trace": neuron.postTrace,
        };
        if (flags["argmax"] && (best === undefined || score[rank] > best)) {
          best = score[rank];
          this.#best = best;
          this.#decision = index;
        }
        let fired = 0;
        if (!flags["mute"] && flags["winner"]) {
          fired = winnerFires && index === winner ? 1 : 0;
          settle(neuron, fired, own, shared);
          if (winnerFires && fired === 0) inhibit(neuron, inhibition, block);
        } else if (!flags["mute"]) {
          const outcome = fires(neuron, own, shared, this.#noise);
          fired = outcome.fires;
          this.#noise = outcome.noise;
          settle(neuron, fired, own, shared);
        }
        if (flags["store"]) this.#state[at] = stateWord(neuron);
        this.#neurons.push(`${this.#pc} ${neuron.v} ${neuron.postTrace}`);
        payloads.push(fired);
      }
    }
    const spikes = this.#write(payloads, flags["emit"] === 1);
    if (spikes > 0) this.#spiked = true;
    const cycles = clock.token + plan.lanes.at(-1)! + passOverhead(config);
    this.#cycles += cycles;
    this.#stalls += cycles - entries;
    this.#operations += operations;
    this.#spikes += spikes;
  }

  /** Sums of every visit and lane. */
  #walk(rows: Int32Array, clock: WalkClock) {
    const { config } = this;
    const sums: number[][] = [];
    let lanes = new Array<number>(config.lanes).fill(0);
    let entries = 0;
    let operations = 0;
    let visitEntries = 0;
    for (let at = 0; at < rows.length; at += rowWords) {
      const field = (name: keyof typeof rowField) => rows[at + rowField[name]]!;
      const [start, end] = [this.#pointers[field("start")]!, this.#pointers[field("end")]!];
      for (let entry = start; entry < end; entry++) {
        const [, index] = this.#list[entry % config.listDepth]!;
        const row = (field("offset") + index) % config.weightDepth;
        lanes = lanes.map((sum, lane) => {
          const weight = this.#weights[row * config.lanes + lane]!;
          return config.learning && weight === noSynapse(config.weightBits) ? sum : sum + weight;
        });
        visitEntries++;
      }
      clock.row(field("time"), end - start, field("close"));
      if (field("close") === 0) continue;
      const unused = 32 - config.accumulatorBits;
      sums.push(lanes.map((sum) => (sum << unused) >> unused));
      lanes = lanes.map(() => 0);
      entries += visitEntries;
      operations += visitEntries * field("close");
      visitEntries = 0;
    }
    return { sums, clock, entries, operations };
  }

  #learn(): void {
    const { config } = this;
    const registers = decodeLearnRegisters(this.#values, config);
    const { rule, groups, lanesVisit, lanesLast, sourceRows } = registers;
    const start = this.#pointers[registers.pointer]!;
    const end = this.#pointers[(registers.pointer + 1) % config.pointerDepth]!;
    const events = Array.from({ length: end - start }, (_, i) => this.#list[(start + i) % config.listDepth]![1]);
    let cycles = timing.learnOverhead;
    let neuron = registers.state;
    for (let group = 0; group < groups; group++) {
      const lanes = group === groups - 1 ? lanesLast : lanesVisit;
      const row = (i: number) => registers.weightBase + group * registers.rowStep + i;
      const neurons = Array.from({ length: lanes }, () => readStateWord(this.#state[neuron++ % config.stateDepth]!));
      const changes = neurons.map(({ v, postTrace }) => {
        const { change, noise } = preChange(rule.pre, v, postTrace, this.#noise);
        this.#noise = noise;
        return change;
      });
      for (const i of events) changes.forEach((change, lane) => void this.#changeWeight(row(i), lane, change, rule));
      const fired = neurons.flatMap((n, lane) => (n.fired === 1 ? [lane] : []));
      const rows = fired.length > 0 && rule.post.kind !== "none" ? sourceRows : 0;
      for (let i = 0; i < rows; i++) {
        const { preTrace } = readStateWord(this.#state[(registers.sourceState + i) % config.stateDepth]!);
        const { change, noise } = postChange(rule.post, preTrace, this.#noise);
        this.#noise = noise;
        for (const lane of fired) this.#changeWeight(row(i), lane, change, rule);
      }
      cycles += timing.learnGroup + lanes;
      if (events.length > 0) cycles += timing.learnPhase + timing.learnRow * events.length;
      if (rows > 0) cycles += timing.learnPhase + timing.learnRow * rows;
      this.#operations += lanes * events.length + fired.length * rows;
    }
    this.#cycles += cycles;
    this.#stalls += cycles;
  }

  #reward(): void {
    const { config } = this;
    const { rows, weightBase, eligibilityBase, reward, min, max } = decodeRewardRegisters(this.#values, config);
    for (let r = 0; r < rows; r++) {
      for (let lane = 0; lane < config.lanes; lane++) {
        const at = ((weightBase + r) % config.weightDepth) * config.lanes + lane;
        const from = ((eligibilityBase + r) % config.weightDepth) * config.lanes + lane;
        const after = rewardWeight(this.#weights[at]!, this.#weights[from]!, reward, min, max);
        if (this.#weights[at] !== noSynapse(config.weightBits)) this.#weights[at] = after.weight;
        this.#weights[from] = after.eligibility;
      }
    }
    const cycles = timing.rewardOverhead + (timing.rewardRow + config.lanes) * rows;
    this.#cycles += cycles;
    this.#stalls += cycles;
    this.#operations += rows * config.lanes;
  }

  #scatter(): void {
    const { config } = this;
    const { originPointer, weightBase } = decodePassRegisters(this.#values, config);
    const pointer = originPointer % config.pointerDepth;
    const end = this.#pointers[(pointer + 1) % config.pointerDepth]!;
    let cycles = timing.scatterOverhead;
    for (let entry = this.#pointers[pointer]!; entry < end; entry++) {
      cycles += timing.scatterEvent;
      let row: number | undefined = weightBase + this.#list[entry % config.listDepth]![1];
      while (row !== undefined) {
        const bytes = wordOf(this.#run, "weights", row % config.weightDepth);
        const words = new DataView(bytes.buffer);
        const { synapses, next }: SynapseRow = readSynapseRow([words.getUint32(0, true), words.getUint32(4, true)]);
        for (const { target, weight } of synapses) {
          const at = target % config.stateDepth;
          const neuron = readStateWord(this.#state[at]!);
          this.#state[at] = stateWord({ ...neuron, j: ((neuron.j + weight) << 16) >> 16 });
          cycles += timing.scatterSynapse;
          this.#operations++;
        }
        row = next;
      }
    }
    this.#cycles += cycles;
    this.#stalls += cycles;
  }

  #changeWeight(row: number, lane: number, change: number, { min, max }: { min: number; max: number }): void {
    const at = (row % this.config.weightDepth) * this.config.lanes + lane;
    if (this.#weights[at] === noSynapse(this.config.weightBits)) return;
    this.#weights[at] = changeWeight(this.#weights[at]!, change, min, max);
  }
}

function expectSame(found: Halves, wanted: Halves): void {
  if (found.some((half, i) => half >>> 0 !== wanted[i]! >>> 0)) throw new Error(`word ${wanted} reads as ${found}`);
}
