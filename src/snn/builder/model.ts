import type { NeuronDynamics, PopulationDynamics } from "../../arch/dynamics/neuron.js";
import { noTrace } from "../../arch/dynamics/trace.js";

/** One number for all neurons of a population, or one for each. */
export type PerNeuron = number | readonly number[];

/** A kind of neuron: what a population is made of. */
export interface NeuronModel {
  readonly neurons: readonly NeuronDynamics[];
  readonly dynamics: PopulationDynamics;
}

/** How fast something decays, in one of four ways. */
export type Decay =
  /** Steps in which it falls to 1/e: the factor exp(-1/tau) a step. */
  | { readonly tau: number }
  /** The factor that is left after a step. */
  | { readonly beta: number }
  /** 4096ths that are lost in a step: exact. */
  | { readonly loss: number };

/** 4096ths lost in a step, to the nearest. */
export function lossOf(decay: Decay): number {
  if ("loss" in decay) return decay.loss;
  const beta = "tau" in decay ? Math.exp(-1 / decay.tau) : decay.beta;
  return Math.round((1 - beta) * 4096);
}

/** Everything off: no leak, no current, reset by subtraction. */
export const plainDynamics: PopulationDynamics = {
  leakRounding: "away",
  currentLoss: 4096,
  currentRounding: "away",
  reset: "subtract",
  delayedReset: false,
  gate: "hold",
  noise: false,
  adaptation: { increment: 0, decay: 0, scale: 0 },
  preTrace: noTrace,
  postTrace: noTrace,
};

/** Neurons from fields of one number or one for each neuron. */
export function neuronsOf(fields: Readonly<Record<keyof NeuronDynamics, PerNeuron>>): readonly NeuronDynamics[] {
  const size = Object.values(fields).reduce<number>(
    (most, f) => (typeof f === "number" ? most : Math.max(most, f.length)),
    1,
  );
  const at = (field: PerNeuron, n: number): number => (typeof field === "number" ? field : (field[n] ?? Number.NaN));
  return Array.from({ length: size }, (_, n) => ({
    vThreshold: at(fields.vThreshold, n),
    bias: at(fields.bias, n),
    vReset: at(fields.vReset, n),
    leak: at(fields.leak, n),
    refractory: at(fields.refractory, n),
  }));
}
