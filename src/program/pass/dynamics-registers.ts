import { gates, type PopulationDynamics, resets, roundings } from "../../arch/dynamics/neuron.js";
import { ranks, traceDecays } from "../../arch/dynamics/registers.js";
import type { TraceRule } from "../../arch/dynamics/trace.js";
import { registerField } from "./register-field.js";

/** The registers of a pass in a core with dynamics, decoded, beside those of `registers.ts`. */
export interface DynamicsRegisters {
  readonly shared: PopulationDynamics;
  /** What `argmax` compares. */
  readonly rank: (typeof ranks)[number];
  /** Every position is a step of the same neurons. */
  readonly rewind: boolean;
  /** Cycles from the closing token of a visit to that of the next, at least. */
  readonly spacing: number;
  /** What a winner does to the other neurons: lsb off their potential, least steps of refractory period. */
  readonly inhibition: number;
  readonly block: number;
}

/** Decodes the 22-bit values that `set` has loaded, one a register; codes without a meaning count as 0. */
export function decodeDynamicsRegisters(values: ArrayLike<number>): DynamicsRegisters {
  const field = (register: string, name: string) => registerField(values, register, name);
  const trace = (register: string): TraceRule => ({
    decay: choose(traceDecays, field(register, "decay")),
    shift: field(register, "shift"),
    increment: field(register, "increment"),
    sets: field(register, "sets") === 1,
  });
  return {
    shared: {
      leakRounding: choose(roundings, field("current", "leak-rounding")),
      currentLoss: field("current", "loss"),
      currentRounding: choose(roundings, field("current", "rounding")),
      reset: choose(resets, field("behaviour", "reset")),
      delayedReset: field("behaviour", "delayed") === 1,
      gate: choose(gates, field("behaviour", "gate")),
      noise: field("behaviour", "noise") === 1,
      adaptation: {
        increment: field("adaptation", "increment"),
        decay: field("adaptation", "decay"),
        scale: field("adaptation", "scale"),
      },
      preTrace: trace("pre-trace"),
      postTrace: trace("post-trace"),
    },
    rank: choose(ranks, field("behaviour", "rank")),
    rewind: field("behaviour", "rewind") === 1,
    spacing: field("behaviour", "spacing"),
    inhibition: field("inhibition", "amount"),
    block: field("inhibition", "block"),
  };
}

function choose<T>(meanings: readonly T[], code: number): T {
  return meanings[code] ?? meanings[0]!;
}
