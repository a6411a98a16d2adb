import {
  changeWeight,
  type PlasticityRule,
  postChange,
  preChange,
  rewardWeight,
} from "../../arch/dynamics/plasticity.js";
import type { Eligibility } from "../../snn/dynamics/graph.js";
import type { EventList } from "./event-ring.js";
import type { StateArrays } from "./neurons.js";

/** Synapses that learn. */
export interface LearningSite {
  /** What the rule changes: weights, or eligibilities. */
  readonly matrix: Int8Array;
  /** Where in `matrix` that of each pair of neurons is, `[source][target]`; -1: none. Absent: at the pair's own place. */
  readonly places: Int32Array | undefined;
  readonly rule: PlasticityRule;
  /** Bounds of the matrix. */
  readonly min: number;
  readonly max: number;
  readonly sources: number;
  readonly targets: number;
  /** Absent when the source is an input, which has no traces. */
  readonly source: StateArrays | undefined;
  readonly target: StateArrays;
}

/** What a step of learning did. */
export interface Learned {
  /** Word of the noise generator afterwards. */
  readonly noise: number;
  /** Weights changed, or that could have been. */
  readonly operations: number;
}

/**
 * One step of learning, as `src/arch/dynamics/plasticity.ts` has it. Targets whose change is 0 are left out: weights are
 * within their bounds.
 *
 * @param group Neurons that learn at a time; matters only for the order of draws.
 */
export function learn(site: LearningSite, events: EventList, noise: number, group: number): Learned {
  const { rule, targets } = site;
  const draws =
    (rule.pre.kind === "trace" && rule.pre.stochastic) || (rule.post.kind === "trace" && rule.post.stochastic);
  let learned: Learned = { noise, operations: 0 };
  const width = draws ? group : targets;
  for (let first = 0; first < targets; first += width)
    learned = learnGroup(site, events, first, Math.min(first + width, targets), learned);
  return learned;
}

function learnGroup(site: LearningSite, events: EventList, first: number, end: number, before: Learned): Learned {
  const { matrix, places, rule, min, max, sources, targets, source, target } = site;
  let { noise, operations } = before;
  const changed: number[] = [];
  const changes: number[] = [];
  if (rule.pre.kind !== "none" && (events.count > 0 || (rule.pre.kind === "trace" && rule.pre.stochastic))) {
    for (let j = first; j < end; j++) {
      const { change, noise: after } = preChange(rule.pre, target.v[j]!, target.postTrace[j]!, noise);
      noise = after;
      if (change === 0) continue;
      changed.push(j);
      changes.push(change);
    }
  }
  for (let k = 0; k < events.count && changed.length > 0; k++) {
    const row = events.indices[k]! * targets;
    for (let c = 0; c < changed.length; c++) {
      const at = places ? places[row + changed[c]!]! : row + changed[c]!;
      if (at >= 0) matrix[at] = changeWeight(matrix[at]!, changes[c]!, min, max);
    }
  }
  operations += events.count * (end - first);
  if (rule.post.kind === "none") return { noise, operations };
  const winners: number[] = [];
  for (let j = first; j < end; j++) if (target.fired[j] === 1) winners.push(j);
  if (winners.length === 0) return { noise, operations };
  for (let i = 0; i < sources; i++) {
    const { change, noise: after } = postChange(rule.post, source!.preTrace[i]!, noise);
    noise = after;
    if (change === 0) continue;
    for (const j of winners) {
      const at = places ? places[i * targets + j]! : i * targets + j;
      if (at >= 0) matrix[at] = changeWeight(matrix[at]!, change, min, max);
    }
  }
  operations += winners.length * sources;
  return { noise, operations };
}

/** Moves eligibilities into weights. */
export function reward(
  weights: Int8Array,
  eligibilities: Int8Array,
  { shift, decay }: Eligibility,
  negative: boolean,
  { min, max }: PlasticityRule,
): void {
  for (let k = 0; k < weights.length; k++) {
    const after = rewardWeight(weights[k]!, eligibilities[k]!, { negative, shift, decay }, min, max);
    weights[k] = after.weight;
    eligibilities[k] = after.eligibility;
  }
}
