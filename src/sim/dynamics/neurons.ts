import type { DynamicsState, NeuronDynamics, PopulationDynamics, Rounding } from "../../arch/dynamics/neuron.js";
import { nextNoise } from "../../arch/dynamics/noise.js";
import { type DynamicsPopulation, neuronCount, neuronOf } from "../../snn/dynamics/graph.js";
import type { EventList } from "./event-ring.js";
import { traceTable } from "./trace-table.js";

const stateFields = ["v", "j", "adaptation", "refractory", "fired", "preTrace", "postTrace"] as const;
const ownFields = ["vThreshold", "bias", "vReset", "leak", "refractory"] as const;

/** State of a population, one element a neuron; see `DynamicsState`. Written by steps, and by nobody else. */
export type StateArrays = Readonly<Record<(typeof stateFields)[number], Int32Array>>;

/**
 * The neurons of one population: the functions of `src/arch/dynamics/neuron.ts` over arrays, for speed. A test holds the two
 * equal.
 */
export class Neurons {
  readonly size: number;
  readonly state: StateArrays;
  /** What the neurons receive in this step; cleared by `step`. */
  readonly sums: Int32Array;
  readonly #own: Readonly<Record<(typeof ownFields)[number], Int32Array>>;
  readonly #competition: DynamicsPopulation["winnerTakeAll"];
  #dynamics: PopulationDynamics;
  #preTable: Uint8Array;
  #postTable: Uint8Array;

  constructor(population: DynamicsPopulation) {
    const size = neuronCount(population.shape);
    const arrays = <Name extends string>(names: readonly Name[]) =>
      Object.fromEntries(names.map((name) => [name, new Int32Array(size)])) as Record<Name, Int32Array>;
    this.size = size;
    this.sums = new Int32Array(size);
    this.state = arrays(stateFields);
    this.#own = arrays(ownFields);
    for (let n = 0; n < size; n++) this.setNeuron(n, neuronOf(population, n));
    this.#competition = population.winnerTakeAll;
    this.#dynamics = population.dynamics;
    this.#preTable = traceTable(population.dynamics.preTrace);
    this.#postTable = traceTable(population.dynamics.postTrace);
  }

  get dynamics(): PopulationDynamics {
    return this.#dynamics;
  }

  set dynamics(dynamics: PopulationDynamics) {
    this.#dynamics = dynamics;
    this.#preTable = traceTable(dynamics.preTrace);
    this.#postTable = traceTable(dynamics.postTrace);
  }

  neuron(n: number): NeuronDynamics {
    return Object.fromEntries(ownFields.map((field) => [field, this.#own[field][n]!])) as unknown as NeuronDynamics;
  }

  setNeuron(n: number, own: Partial<NeuronDynamics>): void {
    for (const field of ownFields) if (own[field] !== undefined) this.#own[field][n] = own[field];
  }

  neuronState(n: number): DynamicsState {
    return Object.fromEntries(stateFields.map((field) => [field, this.state[field][n]!])) as unknown as DynamicsState;
  }

  setNeuronState(n: number, state: Partial<DynamicsState>): void {
    for (const field of stateFields) if (state[field] !== undefined) this.state[field][n] = state[field];
  }

  /** All states 0; the values, if any, as synaptic currents. */
  restart(values?: ArrayLike<number>): void {
    for (const field of stateFields) this.state[field].fill(0);
    if (values) this.state.j.set(values);
  }

  /**
   * One step: integrates the sums, settles, and lists who fired.
   *
   * @param noise Word of the generator before. @returns The word after.
   */
  step(noise: number, spikes: EventList): number {
    this.#integrate();
    this.sums.fill(0);
    if (this.#competition) {
      this.#choose();
      this.#settle(spikes);
      if (spikes.count > 0) this.#inhibit(this.#competition);
      return noise;
    }
    const after = this.#compare(noise);
    this.#settle(spikes);
    return after;
  }

  #integrate(): void {
    const { v, j, refractory, fired } = this.state;
    const { vThreshold, bias, leak } = this.#own;
    const { leakRounding, currentLoss, currentRounding, delayedReset, gate } = this.#dynamics;
    const leakUp = roundingOf(leakRounding, true);
    const leakDown = roundingOf(leakRounding, false);
    const currentUp = roundingOf(currentRounding, true);
    const currentDown = roundingOf(currentRounding, false);
    const sums = this.sums;
    for (let n = 0; n < sums.length; n++) {
      const drive = saturate(j[n]! + sums[n]!);
      const potential = v[n]!;
      if (refractory[n] === 0 || gate === "no-fire") {
        const late = delayedReset && fired[n] === 1 ? vThreshold[n]! : 0;
        const lost = (potential * leak[n]! + (potential >= 0 ? leakUp : leakDown)) >> 12;
        v[n] = saturate(potential - lost + drive + bias[n]! - late);
      } else if (gate === "ignore-input") {
        v[n] = potential - ((potential * leak[n]! + (potential >= 0 ? leakUp : leakDown)) >> 12);
      }
      j[n] = drive - ((drive * currentLoss + (drive >= 0 ? currentUp : currentDown)) >> 12);
    }
  }

  /** Marks the neurons that fire. */
  #compare(before: number): number {
    const { v, adaptation, refractory, fired } = this.state;
    const { vThreshold } = this.#own;
    const { scale } = this.#dynamics.adaptation;
    const isNoisy = this.#dynamics.noise;
    let noise = before;
    for (let n = 0; n < v.length; n++) {
      let threshold = vThreshold[n]! + (adaptation[n]! << scale);
      if (isNoisy) {
        noise = nextNoise(noise);
        threshold += noise & 0xff;
      }
      fired[n] = refractory[n] === 0 && v[n]! >= threshold ? 1 : 0;
    }
    return noise;
  }

  /** Marks the neuron with the largest margin, if it reaches its threshold. */
  #choose(): void {
    const { v, adaptation, refractory, fired } = this.state;
    const { vThreshold } = this.#own;
    const { scale } = this.#dynamics.adaptation;
    let best = -32769;
    let winner = 0;
    for (let n = 0; n < v.length; n++) {
      const margin = refractory[n]! > 0 ? -32768 : saturate(v[n]! - vThreshold[n]! - (adaptation[n]! << scale));
      if (margin <= best) continue;
      best = margin;
      winner = n;
    }
    fired.fill(0);
    if (best >= 0) fired[winner] = 1;
  }

  /** Second half of the step for neurons that are marked or not; lists those that are. */
  #settle(spikes: EventList): void {
    const { v, adaptation, refractory, fired, preTrace, postTrace } = this.state;
    const { vThreshold, vReset, refractory: period } = this.#own;
    const { reset } = this.#dynamics;
    const { increment, decay } = this.#dynamics.adaptation;
    const preTable = this.#preTable;
    const postTable = this.#postTable;
    let count = 0;
    for (let n = 0; n < v.length; n++) {
      const kept = adaptation[n]! - (decay > 0 ? adaptation[n]! >> decay : 0);
      const fires = fired[n]!;
      if (fires === 1) {
        spikes.indices[count++] = n;
        if (reset === "subtract") v[n] = saturate(v[n]! - vThreshold[n]!);
        else if (reset === "value") v[n] = vReset[n]!;
        refractory[n] = period[n]!;
        adaptation[n] = Math.min(kept + increment, 2047);
      } else {
        if (refractory[n]! > 0) refractory[n]!--;
        adaptation[n] = kept;
      }
      preTrace[n] = preTable[preTrace[n]! + (fires << 8)]!;
      postTrace[n] = postTable[postTrace[n]! + (fires << 8)]!;
    }
    spikes.count = count;
  }

  #inhibit({ inhibition, block }: NonNullable<DynamicsPopulation["winnerTakeAll"]>): void {
    const { v, refractory, fired } = this.state;
    for (let n = 0; n < v.length; n++) {
      if (fired[n] === 1) continue;
      v[n] = saturate(v[n]! - inhibition);
      if (refractory[n]! < block) refractory[n] = block;
    }
  }
}

/** What a loss adds before its shift. */
function roundingOf(rounding: Rounding, isPositive: boolean): number {
  if (rounding === "nearest") return 2048;
  return rounding === "up" || (rounding === "away" && isPositive) ? 4095 : 0;
}

function saturate(value: number): number {
  return value > 32767 ? 32767 : value < -32768 ? -32768 : value;
}
