import { passOverhead } from "../../arch/timing.js";
import { rowField, rowWords } from "../../program/pass/visits.js";
import { fireDynamics } from "./dynamics/fire-dynamics.js";
import type { NoiseGenerator } from "./dynamics/noise-generator.js";
import { type FireOutcome, fire, type VisitRecord } from "./fire.js";
import { ListWriter } from "./list-writer.js";
import type { Memories } from "./memories.js";
import { PassCache, type PreparedPass } from "./pass-cache.js";

/** Called after every pass. The arrays belong to the core. */
export interface PassObserver {
  /** Gets membranes and tracers of the pass's neurons, in visiting order. */
  readonly record: VisitRecord;
  /**
   * @param address Address of the `pass` instruction.
   * @param pass Its registers and visits; `record` holds `pass.neurons` neurons.
   * @param spikes List entries that it wrote, from `pass.registers.list` on.
   */
  passed(address: number, pass: PreparedPass, spikes: number): void;
}

/** Runs passes on the memories of a core; the fields say what the latest one did. */
export class PassRunner {
  observer: PassObserver | undefined;
  /** Cycles, without that of the instruction. */
  cycles = 0;
  /** List entries read. */
  entries = 0;
  /** Weights added. */
  operations = 0;
  /** List entries written. */
  spikes = 0;
  /** Of the latest `argmax` pass: index and potential of the best neuron. */
  decision = 0;
  best = 0;

  readonly #memories: Memories;
  readonly #cache: PassCache;
  readonly #noise: NoiseGenerator;
  readonly #writer: ListWriter;
  readonly #overhead: number;
  readonly #outcome: FireOutcome = { spikes: 0, decision: 0, best: 0 };

  constructor(memories: Memories, noise: NoiseGenerator) {
    this.#memories = memories;
    this.#noise = noise;
    this.#cache = new PassCache(memories);
    this.#writer = new ListWriter(memories);
    this.#overhead = passOverhead(memories.config);
  }

  /** Forgets what was prepared; needed when words of program or parameters change. */
  forget(): void {
    this.#cache.clear();
  }

  /**
   * Runs a pass.
   *
   * @param values The pass registers, by number.
   * @throws SpikewrightError `pass-illegal`, `pass-too-large`.
   */
  run(address: number, word: number, values: Int32Array): void {
    const pass = this.#cache.get(address, word, values);
    this.entries = pass.walk(pass.rows, pass.rowsEnd, pass.sums, pass.spacing);
    this.spikes = this.observer || !pass.fire ? this.#fireOneByOne(pass) : fireInKernel(pass);
    this.observer?.passed(address, pass, this.spikes);
    this.cycles = this.#memories.kernel.token + pass.plan.lanes[pass.plan.visits - 1]! + this.#overhead;
    this.operations = pass.evenLanes === 0 ? this.#countOperations(pass) : this.entries * pass.evenLanes;
  }

  #fireOneByOne(pass: PreparedPass): number {
    const { observer } = this;
    if (observer && observer.record.tracers.length < pass.neurons) {
      observer.record.membranes = new Int32Array(pass.neurons);
      observer.record.tracers = new Int32Array(pass.neurons);
    }
    const outcome = this.#outcome;
    const { registers, plan, mode, population } = pass;
    const sums = pass.sums >> 2;
    if (population)
      fireDynamics(
        this.#memories,
        registers,
        plan,
        mode,
        population,
        sums,
        this.#noise,
        this.#writer,
        outcome,
        observer?.record,
      );
    else fire(this.#memories, registers, plan, mode, sums, this.#writer, outcome, observer?.record);
    this.decision = outcome.decision;
    this.best = outcome.best;
    return outcome.spikes;
  }

  /** Weights added when visits use different numbers of lanes: every entry counts the lanes of its visit. */
  #countOperations({ plan }: PreparedPass): number {
    const { pointers } = this.#memories.kernel;
    const { rows } = plan;
    let operations = 0;
    let entries = 0;
    for (let at = 0; at < rows.length; at += rowWords) {
      entries += pointers[rows[at + rowField.end]!]! - pointers[rows[at + rowField.start]!]!;
      const lanes = rows[at + rowField.close]!;
      if (lanes === 0) continue;
      operations += entries * lanes;
      entries = 0;
    }
    return operations;
  }
}

function fireInKernel({ registers, fire: run, visits, visitsEnd, sums }: PreparedPass): number {
  const { fireMax, state, list, pointer, channels, index, lanesPosition } = registers;
  return run!(visits, visitsEnd, sums, state * 4, list, pointer, channels, index, lanesPosition, fireMax) - list;
}
