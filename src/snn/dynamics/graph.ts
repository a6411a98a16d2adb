import type { NeuronDynamics, PopulationDynamics } from "../../arch/dynamics/neuron.js";
import type { PlasticityRule } from "../../arch/dynamics/plasticity.js";
import type { Shape3 } from "../../quantize/graph.js";

export type { Shape3 } from "../../quantize/graph.js";

/**
 * A network of spiking neurons in its own right: any topology, in integers, advanced step by step. Plain data.
 *
 * The neuron equation stands in `src/arch/dynamics/neuron.ts`, learning in `plasticity.ts`, noise in `noise.ts`, and this is
 * what happens in step t, in this order:
 *
 *   1. the events of step t of every `events` input arrive
 *   2. each population, in the order of `populations`:
 *        sum[j] = sum over its projections, over the events i of the source in step t - delay, of  w[i][j] * payload[i]
 *        integrate, then settle; spikes have payload 1. A `current` input has the same events in every step.
 *   3. each plastic projection, in the order of `projections`, learns from the events that it delivered in step t; one with
 *      several delays learns delay by delay, the shortest first, each like a projection of its own; a delay at which no synapse
 *      learns is left out
 *
 * There is one noise generator; populations draw from it in this order, their neurons by index, and so do projections.
 * A projection with delay 0 reads an input, or a population updated earlier in the step. Neuron index:
 * `(y * width + x) * channels + channel`.
 */
export interface DynamicsGraph {
  readonly name: string;
  /** Steps of a sample, 1..65535. */
  readonly steps: number;
  /**
   * `sample`: each sample begins with all states 0, no spikes under way, and the generator at its seed. `never`: everything
   * goes on; only encoders restart, because they get new values. Weights are never reset.
   */
  readonly reset: "sample" | "never";
  /** Seed of the noise generator, 22 bits. */
  readonly seed: number;
  readonly inputs: readonly DynamicsInput[];
  readonly populations: readonly DynamicsPopulation[];
  readonly projections: readonly DynamicsProjection[];
  /** How the decision of a sample is made: index of the largest after its last step, ties to the lowest. */
  readonly readout: DynamicsReadout;
}

/** What comes from outside, as whole numbers 0..max; zeros are no events. */
export interface DynamicsInput {
  readonly name: string;
  readonly shape: Shape3;
  /**
   * `events`: values for every step, delivered as payloads; with `max` 1 they are spikes. `current`: values for a sample,
   * delivered in each of its steps. Cores count every event once: there `max` has to be 1.
   */
  readonly kind: "events" | "current";
  /** Largest value, 1..255. */
  readonly max: number;
}

export interface DynamicsPopulation {
  readonly name: string;
  readonly shape: Shape3;
  /** One for all neurons, or one for each. */
  readonly neurons: readonly NeuronDynamics[];
  readonly dynamics: PopulationDynamics;
  /**
   * An encoder: before the first step of a sample each neuron gets a value 0..max as its synaptic current J, and all else
   * in it becomes 0.
   */
  readonly values?: { readonly max: number };
  /** Only the neuron with the largest margin may fire; then the others lose potential (lsb) and are blocked for some steps. */
  readonly winnerTakeAll?: { readonly inhibition: number; readonly block: number };
}

export interface DynamicsProjection {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  /** Steps from a spike to its arrival, 0..15. */
  readonly delay: number;
  /** Further steps for some; no spike takes more than 15 in all. */
  readonly delays?: Delays;
  readonly synapses: SynapseMatrix;
  /** Not of windows, nor of one weight that many synapses share. */
  readonly plasticity?: Plasticity;
}

/** Steps beyond the delay of a projection: one number for each source neuron (axonal), or for each synapse of a sparse list. */
export interface Delays {
  readonly of: "source" | "synapse";
  readonly steps: Uint8Array;
}

/** Weights are integers -128..127; `source` and `target` are neuron indices. */
export type SynapseMatrix =
  /** Every source neuron to every target neuron: `weights[source * targets + target]`. */
  | { readonly kind: "dense"; readonly weights: Int8Array }
  /** A window that slides over the source, `weights[kernelHeight, kernelWidth, sourceChannels, targetChannels]`. */
  | {
      readonly kind: "convolution";
      readonly kernel: readonly [height: number, width: number];
      readonly stride: readonly [vertical: number, horizontal: number];
      readonly padding: readonly [top: number, left: number];
      readonly weights: Int8Array;
    }
  /** Neuron i to neuron i: `weights[i]`, or one weight for all. */
  | { readonly kind: "one-to-one"; readonly weights: Int8Array }
  /** A list of synapses, each pair of neurons at most once. */
  | {
      readonly kind: "sparse";
      readonly sources: Int32Array;
      readonly targets: Int32Array;
      readonly weights: Int8Array;
    };

export interface Plasticity {
  /** `min` and `max` bound the weights. */
  readonly rule: PlasticityRule;
  /** Which synapses learn, 0 or 1 in the order of `weights`; the others keep their weights, whatever the bounds. Default all. */
  readonly enabled?: Uint8Array;
  /** Reward-modulated: the rule changes eligibilities, and a reward moves them into the weights (`rewardWeight`). */
  readonly eligibility?: Eligibility;
}

export interface Eligibility {
  /** Bounds of an eligibility, within the bits of a weight. */
  readonly min: number;
  readonly max: number;
  /** Shift and decay of every reward, 0..7 each. */
  readonly shift: number;
  readonly decay: number;
}

export interface DynamicsReadout {
  readonly population: string;
  /** `potential`: V after the step. `count`: the trace y, which must count spikes (up to 255). */
  readonly kind: "potential" | "count";
}

/** Neurons of a shape. */
export function neuronCount(shape: Shape3): number {
  return shape[0] * shape[1] * shape[2];
}

/** Parameters of neuron `index`. */
export function neuronOf(population: DynamicsPopulation, index: number): NeuronDynamics {
  return population.neurons[population.neurons.length === 1 ? 0 : index]!;
}

/** Every delay that a projection has, in steps, the shortest first. */
export function delaysOf({ delay, delays }: Pick<DynamicsProjection, "delay" | "delays">): readonly number[] {
  if (!delays || delays.steps.length === 0) return [delay];
  return [...new Set(delays.steps)].sort((a, b) => a - b).map((more) => delay + more);
}

/** Steps for which spikes of each source must be remembered: the largest delay of its projections. */
export function memoryOf(graph: DynamicsGraph, source: string): number {
  return graph.projections.reduce((most, p) => (p.source === source ? Math.max(most, ...delaysOf(p)) : most), 0);
}
