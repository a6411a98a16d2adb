import { nextNoise } from "./noise.js";
import { stepTrace, type TraceRule } from "./trace.js";

/**
 * The neuron with dynamics: the one definition that every engine uses or is checked against.
 *
 * All numbers are integers. `sat(a, bits)` clips to two's complement of that many bits: dynamics saturates, and says so.
 * A step of one neuron that received `sum` (the sum of its weights over the arriving spikes) has two halves.
 *
 * Integrate:
 *
 *   j    = sat(J + sum, 16)                                         drive
 *   u    = sat(leak(V) + j + bias - (delayed and P ? theta : 0), 16)    when R = 0 or the gate is `no-fire`
 *        = leak(V)                                                  when R > 0 and the gate is `ignore-input`
 *        = V                                                        when R > 0 and the gate is `hold`
 *   V, J = u, j - loss(j, currentLoss)
 *
 *   loss(a, d) = (a * d + r) >> 12     d in 4096ths;  r by rounding: floor 0, nearest 2048, up 4095, away a >= 0 ? 4095 : 0
 *   leak(V)    = V - loss(V, leak)
 *
 * A leak of 4096 / 2^k with `floor` is the shift leak `V - (V >> k)`; `up` gives floor(V * (4096 - d) / 4096); `away` lets
 * every potential decay to 0. A current loss of 4096 means no synaptic current (the drive is the sum alone), 0 a current
 * for ever. Whether the current is decayed before the sum is added or after it was used is the same recurrence of the
 * drive; here `J` is what is left after the step.
 *
 * Settle:
 *
 *   th   = theta + (A << scale) + (noise ? draw : 0)                draw: 0..255, src/arch/dynamics/noise.ts
 *   o    = R = 0 and V >= th                                        the compare is `>=` on integers
 *   V    = o ? (subtract: sat(V - theta, 16); value: vReset; none: V) : V
 *   R    = o ? refractory : max(R - 1, 0)
 *   A    = min(A - (decay > 0 ? A >> decay : 0) + (o ? increment : 0), 2047)
 *   P    = o
 *   x, y = their traces (src/arch/dynamics/trace.ts)
 *
 * In a winner-take-all group only the neuron with the largest `V - theta - (A << scale)` (ties to the lowest; not those with
 * R > 0) may fire; when it does, each of the others has `V = sat(V - inhibition, 16)` and `R = max(R, block)` after its own step.
 */
export interface NeuronDynamics {
  /** Firing threshold, lsb, 0..65535. */
  readonly vThreshold: number;
  /** Added in every step, lsb, -32768..32767. */
  readonly bias: number;
  /** Potential after a spike when `reset` is `value`, lsb, -32768..32767. */
  readonly vReset: number;
  /** Loss of the membrane potential in a step, 4096ths, 0..4095. */
  readonly leak: number;
  /** Steps without spikes after a spike, 0..15. */
  readonly refractory: number;
}

export const roundings = ["floor", "nearest", "up", "away"] as const;
export type Rounding = (typeof roundings)[number];
export const resets = ["subtract", "value", "none"] as const;
export type Reset = (typeof resets)[number];
export const gates = ["hold", "ignore-input", "no-fire"] as const;
export type Gate = (typeof gates)[number];

/** What all neurons of a population share. */
export interface PopulationDynamics {
  readonly leakRounding: Rounding;
  /** Loss of the synaptic current in a step, 4096ths, 0..4096; 4096: no current. */
  readonly currentLoss: number;
  readonly currentRounding: Rounding;
  readonly reset: Reset;
  /** The threshold is subtracted in the step after the spike, after the leak; wants `reset: "none"`. */
  readonly delayedReset: boolean;
  readonly gate: Gate;
  /** Threshold noise from the generator. */
  readonly noise: boolean;
  /** Adaptive threshold: rise with each spike 0..2047, decay shift 0..15 (0: none), scale shift 0..4. */
  readonly adaptation: { readonly increment: number; readonly decay: number; readonly scale: number };
  /** Trace that others learn from (presynaptic role), and the one that is learned with (postsynaptic role). */
  readonly preTrace: TraceRule;
  readonly postTrace: TraceRule;
}

/** What a neuron remembers: 64 bits, see `words.ts`. */
export interface DynamicsState {
  /** V: membrane potential, lsb, 16 bits signed. */
  v: number;
  /** J: synaptic current, lsb, 16 bits signed. */
  j: number;
  /** A: adaptation, 11 bits. */
  adaptation: number;
  /** R: steps left of the refractory period, 4 bits. */
  refractory: number;
  /** P: fired in the latest step, 0 or 1. */
  fired: number;
  /** x, 8 bits. */
  preTrace: number;
  /** y, 8 bits. */
  postTrace: number;
}

/** Clips to 16 bits, two's complement. */
export function saturate16(value: number): number {
  return value > 32767 ? 32767 : value < -32768 ? -32768 : value;
}

/** What `value` loses in a step: `d` 4096ths of it, rounded. */
export function loss(value: number, d: number, rounding: Rounding): number {
  const r = rounding === "floor" ? 0 : rounding === "nearest" ? 2048 : rounding === "up" || value >= 0 ? 4095 : 0;
  return (value * d + r) >> 12;
}

/** First half of a step; `sum` is the weights over the arriving spikes, lsb. */
export function integrate(state: DynamicsState, sum: number, own: NeuronDynamics, shared: PopulationDynamics): void {
  const j = saturate16(state.j + sum);
  const leaked = state.v - loss(state.v, own.leak, shared.leakRounding);
  if (state.refractory === 0 || shared.gate === "no-fire") {
    const late = shared.delayedReset && state.fired === 1 ? own.vThreshold : 0;
    state.v = saturate16(leaked + j + own.bias - late);
  } else if (shared.gate === "ignore-input") state.v = leaked;
  state.j = j - loss(j, shared.currentLoss, shared.currentRounding);
}

/**
 * `V - theta - (A << scale)`, less the noise if the neuron draws; 16 bits saturated; -32768 in the refractory period. What
 * winner-take-all compares (which draws nothing).
 */
export function margin(state: DynamicsState, own: NeuronDynamics, shared: PopulationDynamics, draw = 0): number {
  if (state.refractory > 0) return -32768;
  return saturate16(state.v - own.vThreshold - (state.adaptation << shared.adaptation.scale) - draw);
}

/** Second half of a step for a neuron that fires (1) or not (0). */
export function settle(state: DynamicsState, fires: number, own: NeuronDynamics, shared: PopulationDynamics): void {
  const { increment, decay } = shared.adaptation;
  if (fires === 1) {
    if (shared.reset === "subtract") state.v = saturate16(state.v - own.vThreshold);
    else if (shared.reset === "value") state.v = own.vReset;
  }
  state.refractory = fires === 1 ? own.refractory : Math.max(state.refractory - 1, 0);
  const kept = state.adaptation - (decay > 0 ? state.adaptation >> decay : 0);
  state.adaptation = Math.min(kept + (fires === 1 ? increment : 0), 2047);
  state.fired = fires;
  state.preTrace = stepTrace(state.preTrace, fires, shared.preTrace);
  state.postTrace = stepTrace(state.postTrace, fires, shared.postTrace);
}

/** Whether a neuron outside of winner-take-all fires. `noise` is the generator's word; returns the next one with the answer. */
export function fires(
  state: DynamicsState,
  own: NeuronDynamics,
  shared: PopulationDynamics,
  noise: number,
): { readonly fires: number; readonly noise: number } {
  const next = shared.noise ? nextNoise(noise) : noise;
  const draw = shared.noise ? next & 0xff : 0;
  const threshold = own.vThreshold + (state.adaptation << shared.adaptation.scale) + draw;
  return { fires: state.refractory === 0 && state.v >= threshold ? 1 : 0, noise: next };
}

/** What a loser of a winner-take-all group suffers when the winner fires, after its own `settle(state, 0, …)`. */
export function inhibit(state: DynamicsState, inhibition: number, block: number): void {
  state.v = saturate16(state.v - inhibition);
  state.refractory = Math.max(state.refractory, block);
}
