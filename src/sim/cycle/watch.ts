import type { PopulationTrace } from "../../arch/device.js";
import { decodeInstruction } from "../../program/instruction.js";
import { visitedNeurons } from "../../program/pass/visit-order.js";
import { type PassNote, type Program, shapeSize } from "../../program/program.js";
import type { Memories } from "./memories.js";
import type { PreparedPass } from "./pass-cache.js";
import type { PassObserver } from "./pass-runner.js";

/** Collects the state of every population of a program from its passes, by the notes of the program. */
export class Watch implements PassObserver {
  readonly record = { membranes: new Int32Array(0), tracers: new Int32Array(0) };
  readonly #memories: Memories;
  readonly #notes: ReadonlyMap<number, PassNote>;
  readonly #orders = new Map<PassNote, Int32Array>();
  readonly #traces: ReadonlyMap<string, { tracers: Int32Array; potentials: Int32Array; computed: Uint8Array }>;

  constructor(program: Program, memories: Memories) {
    this.#memories = memories;
    this.#notes = new Map(program.passes.map((note) => [note.address, note]));
    const shapes = new Map(program.populations.map(({ name, shape }) => [name, shape]));
    this.#traces = new Map(
      program.populations.map(({ name, shape, kind }) => {
        const size = shapeSize(shape);
        const potentials = new Int32Array(kind === "pool" ? 0 : size);
        return [name, { tracers: new Int32Array(size), potentials, computed: new Uint8Array(size) }];
      }),
    );
    for (const note of program.passes) {
      if (note.neurons !== undefined) this.#orders.set(note, visitedNeurons(note, shapes.get(note.neurons)!));
    }
  }

  passed(address: number, pass: PreparedPass, spikes: number): void {
    const note = this.#notes.get(address);
    if (!note) return;
    const { membranes, tracers } = this.record;
    const order = this.#orders.get(note);
    if (order) {
      const trace = this.#traces.get(note.neurons!)!;
      for (let i = 0; i < order.length; i++) {
        const neuron = order[i]!;
        if (neuron < 0) continue;
        trace.tracers[neuron] = tracers[i]!;
        trace.potentials[neuron] = membranes[i]!;
        trace.computed[neuron] = 1;
      }
    }
    if (note.candidates && note.candidates.population !== note.neurons) this.#addCandidates(note, pass, spikes);
  }

  /** Adds what a pool emitted to its tracers. */
  #addCandidates(note: PassNote, { registers }: PreparedPass, spikes: number): void {
    const { population, first } = note.candidates!;
    const { tracers, computed } = this.#traces.get(population)!;
    const { list } = this.#memories.kernel;
    const signed = this.#signed(note.address);
    computed.fill(1);
    for (let i = 0; i < spikes; i++) {
      const word = list[(registers.list + i) & (list.length - 1)]!;
      const payload = word >>> 16;
      const value = signed && payload >= 128 ? 128 - payload : payload;
      tracers[first + (word & 0xffff) - registers.index]! += value;
    }
  }

  /** Whether the pass writes signs. */
  #signed(address: number): boolean {
    return decodeInstruction(this.#memories.program[address]!)!.values["ternary"] === 1;
  }

  /** The state of all populations since the last `clear`. */
  populations(): ReadonlyMap<string, PopulationTrace> {
    return new Map(
      [...this.#traces].map(([name, { tracers, potentials, computed }]) => {
        const all = computed.every((flag) => flag === 1);
        const trace = { tracers: tracers.slice(), potentials: potentials.slice() };
        return [name, all ? trace : { ...trace, computed: computed.slice() }];
      }),
    );
  }

  /** Begins a sample. */
  clear(): void {
    for (const { tracers, potentials, computed } of this.#traces.values()) {
      tracers.fill(0);
      potentials.fill(0);
      computed.fill(0);
    }
  }
}
