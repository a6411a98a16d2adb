import { nextNoise } from "./noise.js";

/**
 * Plasticity of a dense projection, done after all populations of a step have been updated. Traces and membranes are those
 * after the step; the presynaptic events are those that were delivered in it.
 *
 * For each group of `lanes` postsynaptic neurons, in order:
 *
 *   1. each neuron j of the group, in order, gets its presynaptic change  d[j]  (`preChange`)
 *   2. each presynaptic event i, in list order:   w[i][j] = changeWeight(w[i][j], d[j], min, max)   for all j of the group
 *   3. when any j of the group fired in this step: each presynaptic neuron i, in order, has a postsynaptic change  p  (`postChange`):
 *                                        w[i][j] = changeWeight(w[i][j], p, min, max)      for all j of the group that fired
 *
 * With `stochastic` rounding one draw is made for each call of `preChange` (step 1) and `postChange` (step 3), in that order;
 * the draw's low `shift` bits are added before the shift. The width of a weight is the core's; a sum stops at the
 * bound it moves towards before it is stored, so bounds are symmetric where they are set so; a change of 0 changes nothing.
 * A weight of `noSynapse` is no synapse: in a core with learning it adds 0, and neither a change nor a reward reaches it.
 *
 * Reward-modulated learning runs the same on a matrix of eligibilities (8 or 4 bits, as wide as a weight) instead of the
 * weights, and moves it into the weights when a reward comes (`rewardWeight`).
 */
export interface PlasticityRule {
  readonly pre: PreRule;
  readonly post: PostRule;
  /** Bounds of a weight, within the core's weight bits; `min` above `noSynapse`. */
  readonly min: number;
  readonly max: number;
}

/** The weight that stands for no synapse in a core with learning: the lowest of its width. */
export function noSynapse(weightBits: number): number {
  return -(2 ** (weightBits - 1));
}

/** Change on a presynaptic event. */
export type PreRule =
  | { readonly kind: "none" }
  /** `-amount` while the trace y is not 0. Pair-based with a rectangular window: trace decay `timer`, `sets`. */
  | { readonly kind: "rectangular"; readonly amount: number }
  /** `-((y + r) >> shift)`, r = 0 or the draw. */
  | { readonly kind: "trace"; readonly shift: number; readonly stochastic: boolean }
  /**
   * Spike-driven (SDSP): `+amount` when V >= vTheta and upLow <= y < upHigh; `-amount` when V < vTheta and
   * downLow <= y < downHigh; y is a trace of the neuron's own spikes (calcium).
   */
  | {
      readonly kind: "spike-driven";
      readonly amount: number;
      readonly vTheta: number;
      readonly up: readonly [low: number, high: number];
      readonly down: readonly [low: number, high: number];
    };

/** Change on a postsynaptic spike. */
export type PostRule =
  | { readonly kind: "none" }
  /** `+amount` while the trace x is not 0, else `-offset`. */
  | { readonly kind: "rectangular"; readonly amount: number; readonly offset: number }
  /** `((x + r) >> shift) - offset`, r = 0 or the draw. */
  | { readonly kind: "trace"; readonly shift: number; readonly stochastic: boolean; readonly offset: number };

export interface Change {
  readonly change: number;
  /** State of the generator afterwards. */
  readonly noise: number;
}

/** Step 1: change that a presynaptic event makes at a neuron with potential `v` and postsynaptic trace `y`. */
export function preChange(rule: PreRule, v: number, y: number, noise: number): Change {
  switch (rule.kind) {
    case "none":
      return { change: 0, noise };
    case "rectangular":
      return { change: y !== 0 ? -rule.amount : 0, noise };
    case "trace": {
      const next = rule.stochastic ? nextNoise(noise) : noise;
      const r = rule.stochastic ? next & ((1 << rule.shift) - 1) : 0;
      return { change: 0 - ((y + r) >> rule.shift), noise: next };
    }
    case "spike-driven": {
      const { amount, vTheta, up, down } = rule;
      if (v >= vTheta) return { change: y >= up[0] && y < up[1] ? amount : 0, noise };
      return { change: y >= down[0] && y < down[1] ? -amount : 0, noise };
    }
  }
}

/** Step 3: change that a postsynaptic spike makes at the synapse of a presynaptic neuron with trace `x`. */
export function postChange(rule: PostRule, x: number, noise: number): Change {
  switch (rule.kind) {
    case "none":
      return { change: 0, noise };
    case "rectangular":
      return { change: x !== 0 ? rule.amount : -rule.offset, noise };
    case "trace": {
      const next = rule.stochastic ? nextNoise(noise) : noise;
      const r = rule.stochastic ? next & ((1 << rule.shift) - 1) : 0;
      return { change: ((x + r) >> rule.shift) - rule.offset, noise: next };
    }
  }
}

/** New weight: what falls stops at `min`, what grows at `max`. */
export function changeWeight(weight: number, change: number, min: number, max: number): number {
  if (change === 0) return weight;
  return change < 0 ? Math.max(weight + change, min) : Math.min(weight + change, max);
}

/** A reward: its sign, and how much of an eligibility it moves. */
export interface Reward {
  /** The eligibility is taken with its sign, or against it. */
  readonly negative: boolean;
  /** Eligibility is divided by 2^shift, towards 0. 0..7. */
  readonly shift: number;
  /** Afterwards the eligibility loses `e / 2^decay`, rounded away from 0, so that it reaches 0; 0 clears it. 0..7. */
  readonly decay: number;
}

/** Weight and eligibility after a reward. */
export function rewardWeight(
  weight: number,
  eligibility: number,
  reward: Reward,
  min: number,
  max: number,
): { readonly weight: number; readonly eligibility: number } {
  const magnitude = Math.abs(eligibility);
  const moved = magnitude >> reward.shift;
  const signed = eligibility < 0 !== reward.negative ? -moved : moved;
  const lost = (magnitude + (1 << reward.decay) - 1) >> reward.decay;
  const left = magnitude - lost;
  return { weight: changeWeight(weight, signed, min, max), eligibility: eligibility < 0 ? 0 - left : left };
}
