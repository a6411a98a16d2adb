import type { PopulationTrace } from "../../arch/device.js";
import { decodeInstruction } from "../../program/instruction.js";
import { visitedCount, visitedNeurons } from "../../program/pass/visit-order.js";
import { type PassNote, type Program, shapeSize } from "../../program/program.js";

interface Order {
  readonly note: PassNote;
  /** Neuron index of each visit, or undefined when the visited neurons belong to no population. */
  readonly neurons: Int32Array | undefined;
  readonly visits: number;
  readonly isTernary: boolean;
}

interface Trace {
  readonly tracers: Int32Array;
  readonly potentials: Int32Array;
  readonly computed: Uint8Array;
}

/**
 * Puts the events of a core's monitors back together into the state of every population, by the notes of the program.
 * Events must come in the order of time; a pass is over when as many neurons as it visits were seen.
 */
export class EventTrace {
  readonly #orders: ReadonlyMap<number, Order>;
  readonly #traces: ReadonlyMap<string, Trace>;
  #address = -1;
  #neuronsSeen = 0;
  #candidatesSeen = 0;

  constructor(program: Program) {
    const shapes = new Map(program.populations.map(({ name, shape }) => [name, shape]));
    this.#orders = new Map(
      program.passes.map((note): [number, Order] => [
        note.address,
        {
          note,
          neurons: note.neurons === undefined ? undefined : visitedNeurons(note, shapes.get(note.neurons)!),
          visits: visitedCount(note.visit),
          isTernary: decodeInstruction(program.words[note.address]!)?.values["ternary"] === 1,
        },
      ]),
    );
    this.#traces = new Map(
      program.populations.map(({ name, shape, kind }): [string, Trace] => {
        const size = shapeSize(shape);
        const potentials = new Int32Array(kind === "pool" ? 0 : size);
        return [name, { tracers: new Int32Array(size), potentials, computed: new Uint8Array(size) }];
      }),
    );
  }

  /** Forgets the sample before. */
  clear(): void {
    this.#address = -1;
    for (const { tracers, potentials, computed } of this.#traces.values()) {
      tracers.fill(0);
      potentials.fill(0);
      computed.fill(0);
    }
  }

  /** A neuron is done in the pass at `address`: membrane and tracer after firing. */
  neuron(address: number, membrane: number, tracer: number): void {
    const order = this.#orders.get(address);
    if (address !== this.#address || this.#neuronsSeen === order?.visits) this.#begin(address, order);
    const neuron = order?.neurons?.[this.#neuronsSeen++] ?? -1;
    if (!order?.neurons) return;
    if (neuron < 0) return;
    const trace = this.#traces.get(order.note.neurons!)!;
    trace.tracers[neuron] = tracer;
    trace.potentials[neuron] = membrane;
    trace.computed[neuron] = 1;
  }

  /** The pass at `address` has a candidate with this payload, 8 bits. */
  candidate(address: number, payload: number): void {
    const order = this.#orders.get(address);
    const candidates = order?.note.candidates;
    const number = this.#candidatesSeen++;
    if (!candidates || candidates.population === order.note.neurons) return;
    const { tracers } = this.#traces.get(candidates.population)!;
    tracers[candidates.first + number]! += order.isTernary && payload >= 128 ? payload - 256 : payload;
  }

  #begin(address: number, order: Order | undefined): void {
    this.#address = address;
    this.#neuronsSeen = 0;
    this.#candidatesSeen = 0;
    const { candidates, neurons } = order?.note ?? {};
    if (candidates && candidates.population !== neurons) this.#traces.get(candidates.population)!.computed.fill(1);
  }

  populations(): ReadonlyMap<string, PopulationTrace> {
    return new Map(
      [...this.#traces].map(([name, { tracers, potentials, computed }]) => {
        const copy = { tracers: tracers.slice(), potentials: potentials.slice() };
        return [name, computed.includes(0) ? { ...copy, computed: computed.slice() } : copy];
      }),
    );
  }
}
