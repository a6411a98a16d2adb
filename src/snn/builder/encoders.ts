import type { TraceRule } from "../../arch/dynamics/trace.js";
import { type NeuronModel, neuronsOf, plainDynamics } from "./model.js";

/**
 * Encoders turn one value a neuron, 0..255 and the same for a whole sample, into spikes. They are neurons like others: the
 * value is their synaptic current when the sample begins.
 */
export interface EncoderOptions {
  /** Trace that synapses from the encoder learn from. */
  readonly preTrace?: TraceRule;
}

/** Spikes at regular distances: the value is added in every step, and `period` taken off with a spike. */
export function rateRegular({
  period = 256,
  ...options
}: EncoderOptions & { readonly period?: number } = {}): NeuronModel {
  return encoder({ vThreshold: period, currentLoss: 0 }, options);
}

/** Random spikes, `value / 256` of the steps: V is the value itself, the threshold 1 and noise 0..255. */
export function rateRandom(options: EncoderOptions = {}): NeuronModel {
  return encoder({ vThreshold: 1, currentLoss: 0, leak: 4095, reset: "none", noise: true }, options);
}

/** One spike, the sooner the larger the value: in step `ceil((window - value) / slope) - 1`, counted from 0. */
export function latency({
  window = 256,
  slope = 1,
  ...options
}: EncoderOptions & { readonly window?: number; readonly slope?: number } = {}): NeuronModel {
  return encoder({ vThreshold: window, bias: slope, currentLoss: 4096, reset: "value", vReset: -32768 }, options);
}

function encoder(
  settings: {
    vThreshold: number;
    currentLoss: number;
    bias?: number;
    leak?: number;
    reset?: "subtract" | "value" | "none";
    vReset?: number;
    noise?: boolean;
  },
  { preTrace }: EncoderOptions,
): NeuronModel {
  const { vThreshold, currentLoss, bias = 0, leak = 0, reset = "subtract", vReset = 0, noise = false } = settings;
  return {
    neurons: neuronsOf({ vThreshold, bias, vReset, leak, refractory: 0 }),
    dynamics: {
      ...plainDynamics,
      // a loss of 4095 with `up` is the whole of a value 0..255
      leakRounding: "up",
      currentLoss,
      reset,
      noise,
      ...(preTrace && { preTrace }),
    },
  };
}
