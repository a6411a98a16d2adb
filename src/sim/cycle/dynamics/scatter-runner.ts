import { type ScatterSynapse, scatterCurrent } from "../../../arch/dynamics/scatter.js";
import { scatterCycles } from "../../../arch/timing.js";
import { decodeScatterRegisters, readSynapseList } from "../../../program/pass/synapse-lists.js";
import type { Memories } from "../memories.js";

/** Runs `scatter` on the memories of a core; the fields say what the latest one did. */
export class ScatterRunner {
  /** Cycles, without that of the instruction. */
  cycles = 0;
  /** Synapses whose weights were added. */
  operations = 0;

  readonly #memories: Memories;
  /** Lists that were walked before, by their first row. */
  readonly #lists = new Map<number, readonly ScatterSynapse[]>();

  constructor(memories: Memories) {
    this.#memories = memories;
  }

  /** Forgets the lists; needed when rows of weights change. */
  forget(): void {
    this.#lists.clear();
  }

  /**
   * Runs a `scatter`.
   *
   * @param values The pass registers, by number.
   * @throws SpikewrightError `synapse-list`: a list without an end.
   */
  scatter(values: Int32Array): void {
    const { config, kernel } = this.#memories;
    const { pointer, weightBase } = decodeScatterRegisters(values, config);
    const { pointers, list, membranes } = kernel;
    const start = pointers[pointer]!;
    const events = Math.max(0, pointers[(pointer + 1) & (config.pointerDepth - 1)]! - start);
    let synapses = 0;
    for (let event = 0; event < events; event++) {
      const index = list[(start + event) & (config.listDepth - 1)]! & (2 ** config.indexBits - 1);
      const reached = this.#listOf((weightBase + index) & (config.weightDepth - 1));
      for (const { target, weight } of reached) {
        const at = target & (config.stateDepth - 1);
        const word = membranes[at]!;
        membranes[at] = (word & 0xffff) | (scatterCurrent(word >> 16, weight) << 16);
      }
      synapses += reached.length;
    }
    this.operations = synapses;
    this.cycles = scatterCycles(events, synapses);
  }

  #listOf(row: number): readonly ScatterSynapse[] {
    const known = this.#lists.get(row);
    if (known) return known;
    const { config, kernel } = this.#memories;
    const found = readSynapseList({ weights: kernel.weights, stride: kernel.lanes, config }, row);
    this.#lists.set(row, found);
    return found;
  }
}
