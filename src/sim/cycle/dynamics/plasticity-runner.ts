import { changeWeight, noSynapse } from "../../../arch/dynamics/plasticity.js";
import { type LearnGroup, learnCycles, rewardCycles } from "../../../arch/timing.js";
import {
  decodeLearnRegisters,
  decodeRewardRegisters,
  type LearnRegisters,
  type RewardRegisters,
} from "../../../program/pass/learn-registers.js";
import { failure, type SpikewrightError } from "../../../support/diagnostic.js";
import { ByRegisters } from "../by-registers.js";
import type { Memories } from "../memories.js";
import type { NoiseGenerator } from "./noise-generator.js";
import {
  type ChangeTable,
  type PlasticityTables,
  plasticityTables,
  type RewardTables,
  rewardTables,
} from "./plasticity-tables.js";

/** Numbers of the pass registers that `learn` and `reward` use. */
const learnNumbers = [3, 4, 5, 7, 8, 10, 23, 24, 25, 26, 27, 28, 29];
const rewardNumbers = [4, 14, 29, 30];

interface PreparedLearn {
  readonly registers: LearnRegisters;
  readonly tables: PlasticityTables;
}

interface PreparedReward {
  readonly registers: RewardRegisters;
  readonly tables: RewardTables;
}

/** Runs `learn` and `reward` on the memories of a core; the fields say what the latest one did. */
export class PlasticityRunner {
  /** Cycles, without that of the instruction. */
  cycles = 0;
  /** Weights changed or looked at. */
  operations = 0;

  readonly #memories: Memories;
  readonly #noise: NoiseGenerator;
  readonly #learns = new ByRegisters<PreparedLearn>(learnNumbers);
  readonly #rewards = new ByRegisters<PreparedReward>(rewardNumbers);
  /** Lanes of a group that fired: -1, else 0. */
  readonly #fired: Int16Array;

  constructor(memories: Memories, noise: NoiseGenerator) {
    this.#memories = memories;
    this.#noise = noise;
    this.#fired = new Int16Array(memories.kernel.lanes);
  }

  /**
   * Runs a `learn`.
   *
   * @param values The pass registers, by number.
   * @throws SpikewrightError `pass-illegal`: no groups, or lanes that the core does not have.
   */
  learn(address: number, values: Int32Array): void {
    const { registers, tables } = this.#preparedLearn(address, values);
    const { config, kernel } = this.#memories;
    const start = kernel.pointers[registers.pointer]!;
    const events = Math.max(0, kernel.pointers[(registers.pointer + 1) & (config.pointerDepth - 1)]! - start);
    const groups: LearnGroup[] = [];
    this.operations = 0;
    let state = registers.state;
    let base = registers.weightBase;
    for (let group = 0; group < registers.groups; group++) {
      const lanes = group === registers.groups - 1 ? registers.lanesLast : registers.lanesVisit;
      const fired = this.#lookAtNeurons(state, lanes, tables);
      if (events > 0) {
        kernel.masks.fill(-1, 0, lanes).fill(0, lanes);
        kernel.learnEvents(start, events, base, tables.min, tables.max);
      }
      const rows = fired > 0 && tables.post ? registers.sourceRows : 0;
      if (rows > 0) this.#applySpikes(registers.sourceState, rows, base, tables);
      groups.push({ lanes, events, rows });
      this.operations += lanes * events + fired * rows;
      state = (state + lanes) & (config.stateDepth - 1);
      base += registers.rowStep;
    }
    this.cycles = learnCycles(groups);
  }

  /**
   * Runs a `reward`.
   *
   * @param values The pass registers, by number.
   * @throws SpikewrightError `pass-illegal`: no rows.
   */
  reward(address: number, values: Int32Array): void {
    const { registers, tables } = this.#preparedReward(address, values);
    const { config, kernel } = this.#memories;
    const { weights } = kernel;
    const { rows, weightBase, eligibilityBase, min, max } = registers;
    const none = noSynapse(config.weightBits);
    for (let row = 0; row < rows; row++) {
      const at = ((weightBase + row) & (config.weightDepth - 1)) * kernel.lanes;
      const from = ((eligibilityBase + row) & (config.weightDepth - 1)) * kernel.lanes;
      for (let lane = 0; lane < config.lanes; lane++) {
        const eligibility = weights[from + lane]! + 128;
        const weight = weights[at + lane]!;
        if (weight !== none) weights[at + lane] = changeWeight(weight, tables.moved[eligibility]!, min, max);
        weights[from + lane] = tables.left[eligibility]!;
      }
    }
    this.cycles = rewardCycles(rows, config.lanes);
    this.operations = rows * config.lanes;
  }

  /** Step 1: the changes and `#fired` of a group; returns how many fired. */
  #lookAtNeurons(state: number, lanes: number, { above, below, potential }: PlasticityTables): number {
    const { config, kernel } = this.#memories;
    const { membranes: lows, tracers: highs, changes } = kernel;
    const stateMask = config.stateDepth - 1;
    let count = 0;
    for (let lane = 0; lane < lanes; lane++) {
      const at = (state + lane) & stateMask;
      const high = highs[at]!;
      const v = (lows[at]! << 16) >> 16;
      changes[lane] = this.#change(v >= potential ? above : below, (high >>> 8) & 0xff);
      const fired = high >>> 31;
      this.#fired[lane] = -fired;
      count += fired;
    }
    this.#fired.fill(0, lanes);
    return count;
  }

  /** Step 3. */
  #applySpikes(sourceState: number, rows: number, base: number, { min, max, post }: PlasticityTables): void {
    const { config, kernel } = this.#memories;
    const { tracers: highs, rowChanges } = kernel;
    const stateMask = config.stateDepth - 1;
    for (let row = 0; row < rows; row++)
      rowChanges[row] = this.#change(post!, highs[(sourceState + row) & stateMask]! & 0xff);
    kernel.masks.set(this.#fired);
    kernel.learnRows(rows, base, min, max);
  }

  #change({ changes, draws, drawMask }: ChangeTable, trace: number): number {
    return changes[draws ? trace + (this.#noise.draw() & drawMask) : trace]!;
  }

  #preparedLearn(address: number, values: Int32Array): PreparedLearn {
    const known = this.#learns.get(address, values);
    if (known) return known;
    const { config } = this.#memories;
    const registers = decodeLearnRegisters(values, config);
    const { groups, lanesVisit, lanesLast } = registers;
    const wrongLanes = [lanesVisit, lanesLast].some((lanes) => lanes < 1 || lanes > config.lanes);
    if (groups === 0 || wrongLanes) {
      const found = `a learn with ${groups} groups of ${lanesVisit} lanes, ${lanesLast} in the last`;
      throw illegal(found, `at least 1 group, 1 to ${config.lanes} lanes`);
    }
    const prepared = { registers, tables: plasticityTables(registers.rule) };
    this.#learns.add(address, values, prepared);
    return prepared;
  }

  #preparedReward(address: number, values: Int32Array): PreparedReward {
    const known = this.#rewards.get(address, values);
    if (known) return known;
    const registers = decodeRewardRegisters(values, this.#memories.config);
    if (registers.rows === 0) throw illegal("a reward of 0 rows", "at least 1");
    const prepared = { registers, tables: rewardTables(registers.reward) };
    this.#rewards.add(address, values, prepared);
    return prepared;
  }
}

function illegal(found: string, wanted: string): SpikewrightError {
  return failure({ code: "pass-illegal", message: `Cannot follow ${found}: wanted ${wanted}`, found, wanted });
}
