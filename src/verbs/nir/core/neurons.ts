import type { NeuronDynamics, PopulationDynamics } from "../../../arch/dynamics/neuron.js";
import type { NirDynamics } from "../../../frontend/nir/dynamics.js";
import { isSpiking, type NirDynamic, type NirTensor } from "../../../frontend/nir/graph.js";
import { plainDynamics } from "../../../snn/builder/model.js";
import { failure } from "../../../support/diagnostic.js";

/** The neurons of a NIR node in real units, per step: `u' = u - loss u + drive`, the drive being gain times the input. */
export interface RealNeurons {
  /** What a unit of input adds to the potential, by neuron. */
  readonly gain: Float64Array;
  /** Loss of the potential in a step, of 1. */
  readonly loss: Float64Array;
  /** Loss of the synaptic current in a step, of 1; 1: there is none. */
  readonly currentLoss: number;
  /** Added in every step without input. */
  readonly rest: Float64Array;
  readonly threshold: Float64Array | undefined;
  readonly vReset: Float64Array;
  /** Steps that an input is late: 1 where the membrane sees the current before its update. */
  readonly delay: number;
}

/** @throws SpikewrightError `nir-node`: synaptic time constants that differ, or an exact solution of synapses. */
export function realNeurons(node: NirDynamic, count: number, dynamics: NirDynamics): RealNeurons {
  const each = (tensor: NirTensor): Float64Array =>
    tensor.data.length === count ? Float64Array.from(tensor.data) : new Float64Array(count).fill(tensor.data[0]!);
  const r = each(node.r);
  const zero = new Float64Array(count);
  const spiking = isSpiking(node)
    ? { threshold: each(node.vThreshold), vReset: each(node.vReset) }
    : { threshold: undefined, vReset: zero };
  if (node.type === "I" || node.type === "IF")
    return { gain: r.map((ohm) => ohm * dynamics.dt), loss: zero, currentLoss: 1, rest: zero, delay: 0, ...spiking };
  const vLeak = each(node.vLeak);
  const isExact = dynamics.integration === "exact";
  const share = (tau: number): number => (isExact ? -Math.expm1(-dynamics.dt / tau) : dynamics.dt / tau);
  if (node.type === "LI" || node.type === "LIF") {
    const loss = each(node.tau).map(share);
    const gain = r.map((ohm, k) => (dynamics.inputGain === "one" ? ohm : ohm * loss[k]!));
    return { gain, loss, currentLoss: 1, rest: vLeak.map((v, k) => v * loss[k]!), delay: 0, ...spiking };
  }
  const synapse = each(node.tauSyn).map(share);
  const refused = isExact ? "an exact solution" : synapse.some((s) => s !== synapse[0]) ? "several time constants" : "";
  if (refused !== "")
    throw failure({
      code: "nir-node",
      message: `Cannot run the synapses of NIR node "${node.name}" on a core: found ${refused}, wanted one Euler step`,
      place: { item: node.name },
      found: refused,
      hint: "Use the dialect spec, norse or snntorch",
    });
  const loss = each(node.tauMem).map(share);
  const wIn = each(node.wIn);
  return {
    gain: r.map((ohm, k) => ohm * loss[k]! * synapse[k]! * wIn[k]!),
    loss,
    currentLoss: synapse[0]!,
    rest: vLeak.map((v, k) => v * loss[k]!),
    delay: dynamics.synapse === "updated" ? 0 : 1,
    ...spiking,
  };
}

/** Neurons in integers of `scale` each. */
export interface QuantisedNeurons {
  readonly neurons: readonly NeuronDynamics[];
  readonly dynamics: PopulationDynamics;
  /** Largest difference of a threshold from the file, divided by it; of a loss, likewise. */
  readonly thresholdError: number;
  readonly leakError: number;
}

/**
 * Rounds neurons.
 *
 * @param bias Input that is there in every step, in real units.
 */
export function quantiseNeurons(
  real: RealNeurons,
  bias: Float64Array | undefined,
  scale: number,
  { compare, reset, resetTiming }: NirDynamics,
): QuantisedNeurons {
  const { gain, loss, currentLoss, rest, threshold, vReset } = real;
  const isLate = resetTiming === "next-step";
  const subtracts = reset === "subtract";
  // a bias reaches the membrane through the current, which multiplies it
  const steady = currentLoss < 1 ? 1 / currentLoss : 1;
  const clip = (value: number, min: number, max: number) => Math.min(Math.max(Math.round(value), min), max);
  const thresholdOf = (k: number): number => {
    if (!threshold) return 65535;
    const exact = threshold[k]! / scale;
    // what is subtracted has to be the threshold itself
    if (subtracts) return clip(exact, 1, 65535);
    return clip(compare === ">" ? Math.floor(exact + 1e-9) + 1 : Math.ceil(exact - 1e-9), 1, 65535);
  };
  const neurons = Array.from(
    gain,
    (factor, k): NeuronDynamics => ({
      vThreshold: thresholdOf(k),
      bias: clip((rest[k]! + (bias ? factor * bias[k]! * steady : 0)) / scale, -32768, 32767),
      vReset: reset === "to-v-reset" ? clip(vReset[k]! / scale, -32768, 32767) : 0,
      leak: clip(loss[k]! * 4096, 0, 4095),
      // a potential that is reset a step later misses the input of that step
      refractory: isLate && !subtracts ? 1 : 0,
    }),
  );
  const errors = neurons.map(({ vThreshold, leak }, k) => ({
    threshold: threshold ? Math.abs((vThreshold * scale) / threshold[k]! - 1) : 0,
    leak: loss[k]! > 0 ? Math.abs(leak / 4096 / loss[k]! - 1) : 0,
  }));
  const isDelayed = isLate && subtracts;
  const dynamics: PopulationDynamics = {
    ...plainDynamics,
    leakRounding: "nearest",
    currentRounding: "nearest",
    currentLoss: clip(currentLoss * 4096, 0, 4096),
    reset: !threshold || isDelayed ? "none" : subtracts ? "subtract" : "value",
    delayedReset: threshold !== undefined && isDelayed,
  };
  return {
    neurons,
    dynamics,
    thresholdError: Math.max(...errors.map((e) => e.threshold)),
    leakError: Math.max(...errors.map((e) => e.leak)),
  };
}
