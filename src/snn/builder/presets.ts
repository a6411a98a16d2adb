import type { Gate, PopulationDynamics, Rounding } from "../../arch/dynamics/neuron.js";
import type { TraceRule } from "../../arch/dynamics/trace.js";
import { type Decay, lossOf, type NeuronModel, neuronsOf, type PerNeuron, plainDynamics } from "./model.js";

export interface IfOptions {
  /** Firing threshold, lsb; the compare is `>=`. */
  readonly threshold: PerNeuron;
  /** After a spike: the threshold is subtracted (default), or the potential becomes 0 or a value, or nothing happens. */
  readonly reset?: "subtract" | "zero" | "none" | { readonly value: PerNeuron };
  /** The subtraction comes a step later, after the leak, as in snnTorch with `reset_delay`. */
  readonly delayedReset?: boolean;
  /** Added in every step, lsb. */
  readonly bias?: PerNeuron;
  /** Steps without spikes after a spike, 0..15. */
  readonly refractory?: PerNeuron;
  /** What happens in these steps. Default `hold`. */
  readonly gate?: Gate;
  /** Rounding of what is lost by leak and current. Default `away`: everything decays to 0. */
  readonly rounding?: Rounding;
  /** Spike traces that synapses learn from. */
  readonly preTrace?: TraceRule;
  readonly postTrace?: TraceRule;
}

/** Integrate and fire, without leak. */
export function ifNeuron(options: IfOptions): NeuronModel {
  return lif({ ...options, loss: 0 });
}

/** Leaky integrate and fire: `V = leak(V) + input + bias`, fires when `V >= threshold`. */
export function lif(options: IfOptions & Decay): NeuronModel {
  const { threshold, reset = "subtract", delayedReset = false, bias = 0, refractory = 0, gate = "hold" } = options;
  const { rounding = "away", preTrace, postTrace } = options;
  const vReset = typeof reset === "object" ? reset.value : 0;
  const kind = typeof reset === "object" || reset === "zero" ? "value" : reset;
  return {
    neurons: neuronsOf({ vThreshold: threshold, bias, vReset, leak: lossOf(options), refractory }),
    dynamics: {
      ...plainDynamics,
      leakRounding: rounding,
      currentRounding: rounding,
      reset: delayedReset ? "none" : kind,
      delayedReset,
      gate,
      ...(preTrace && { preTrace }),
      ...(postTrace && { postTrace }),
    },
  };
}

/** Current-based LIF: the input goes into a current that decays by itself, and drives the potential. */
export function cubaLif(options: IfOptions & Decay & { readonly current: Decay }): NeuronModel {
  return withDynamics(lif(options), { currentLoss: lossOf(options.current) });
}

/** LIF whose threshold rises by `increment << scale` with every spike, and decays by `>> decay` a step (0: never). */
export function alif(
  options: IfOptions & Decay & { readonly adaptation: { increment: number; decay?: number; scale?: number } },
): NeuronModel {
  const { increment, decay = 0, scale = 0 } = options.adaptation;
  return withDynamics(lif(options), { adaptation: { increment, decay, scale } });
}

/** Leaky integrator that never fires, to read out: no potential reaches its threshold. */
export function li(options: Decay & { readonly bias?: PerNeuron; readonly rounding?: Rounding }): NeuronModel {
  return lif({ ...options, threshold: 65535, reset: "none" });
}

/** A model with other settings. */
export function withDynamics(model: NeuronModel, changes: Partial<PopulationDynamics>): NeuronModel {
  return { ...model, dynamics: { ...model.dynamics, ...changes } };
}
