import {
  type DynamicsState,
  gates,
  integrate,
  type PopulationDynamics,
  resets,
  roundings,
} from "../../../../src/arch/dynamics/neuron.js";
import { traceDecays } from "../../../../src/arch/dynamics/registers.js";
import type { TraceRule } from "../../../../src/arch/dynamics/trace.js";
import type { WordHalves } from "../../../../src/arch/dynamics/words.js";
import type { Integer } from "../../integer.js";
import type { Ports } from "../bench.js";

/** A word of two halves. */
export const word = ([low, high]: WordHalves): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
const packTrace = ({ increment, shift, decay, sets }: TraceRule): number =>
  increment | (shift << 8) | (traceDecays.indexOf(decay) << 11) | (+sets << 13);

/** Flags and registers of a pass, of any kind that a program may run. */
export function randomPass(integer: Integer) {
  const one = <T>(list: readonly T[]): T => list[integer(0, list.length - 1)]!;
  const flag = (): boolean => integer(0, 1) === 1;
  const trace = (): TraceRule => ({
    decay: one(traceDecays),
    shift: integer(1, 7),
    increment: integer(0, 255),
    sets: flag(),
  });
  const shared: PopulationDynamics = {
    leakRounding: one(roundings),
    currentLoss: one([0, 4096, integer(0, 4096)]),
    currentRounding: one(roundings),
    reset: one(resets),
    delayedReset: flag(),
    gate: one(gates),
    noise: flag(),
    adaptation: { increment: integer(0, 2047), decay: integer(0, 15) * integer(0, 1), scale: integer(0, 4) },
    preTrace: trace(),
    postTrace: trace(),
  };
  const halves = { mute: [1, 0, 0], settled: [0, 1, 0], winner: [0, 1, 1], both: [0, 0, 0] } as const;
  const [mute_i, settled_i, winner_i] = halves[one(["mute", "settled", "winner", "both", "both"] as const)];
  const flags = { fresh_i: integer(0, 1), mute_i, settled_i, winner_i };
  return { shared, flags, rank: integer(0, 2), amount: integer(0, 65535), block: integer(0, 15) };
}

/** Ports of the registers. */
export function portsOf({ shared, flags, rank, amount, block }: ReturnType<typeof randomPass>): Ports {
  const { increment, decay, scale } = shared.adaptation;
  return {
    ...flags,
    ...{ noise_i: +shared.noise, current_loss_i: shared.currentLoss, rank_i: rank },
    current_rounding_i: roundings.indexOf(shared.currentRounding),
    leak_rounding_i: roundings.indexOf(shared.leakRounding),
    ...{ reset_i: resets.indexOf(shared.reset), delayed_i: +shared.delayedReset, gate_i: gates.indexOf(shared.gate) },
    ...{ adapt_increment_i: increment, adapt_decay_i: decay, adapt_scale_i: scale },
    ...{ pre_trace_i: packTrace(shared.preTrace), post_trace_i: packTrace(shared.postTrace) },
    ...{ inhibition_i: amount, block_i: block },
  };
}

/** A state, small or anything. */
export const randomState = (integer: Integer): DynamicsState => ({
  v: integer(0, 2) ? integer(-300, 300) : integer(-32768, 32767),
  j: integer(0, 2) ? integer(-300, 300) : integer(-32768, 32767),
  adaptation: integer(0, 1) ? integer(0, 20) : integer(0, 2047),
  refractory: integer(0, 1) * integer(0, 15),
  fired: integer(0, 1),
  preTrace: integer(0, 255),
  postTrace: integer(0, 255),
});
/** The state of a fresh pass. */
export const blank: DynamicsState = { v: 0, j: 0, adaptation: 0, refractory: 0, fired: 0, preTrace: 0, postTrace: 0 };

/** A threshold about as large as the potential will be, if there is no leak and no bias. */
export function near(
  old: DynamicsState,
  sum: number,
  shared: PopulationDynamics,
  integer: Integer,
  settled: number,
): number {
  const state = { ...old };
  const own = { vThreshold: 0, bias: 0, vReset: 0, leak: 0, refractory: 0 };
  if (!settled) integrate(state, sum, own, shared);
  const limit = state.v - (state.adaptation << shared.adaptation.scale) - (shared.noise ? integer(0, 255) : 0);
  return Math.min(Math.max(limit + integer(-1, 1), 0), 65535);
}
