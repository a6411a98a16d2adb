import { failure } from "../../support/diagnostic.js";
import type { SynapseMatrix } from "../dynamics/graph.js";

type Numbers = ArrayLike<number>;

/**
 * Integers as weights.
 *
 * @throws SpikewrightError `value-out-of-range`: not whole, or beyond -128..127; see `quantiseWeights`.
 */
export function weightArray(values: Numbers): Int8Array {
  const weights = Int8Array.from(values);
  const at = weights.findIndex((weight, i) => weight !== values[i]);
  if (at < 0) return weights;
  throw failure({
    code: "value-out-of-range",
    message: `Cannot take ${values[at]} as weight ${at}: wanted a whole number -128..127`,
    found: String(values[at]),
    wanted: "-128..127",
    hint: "Use quantiseWeights",
  });
}

/** Every source neuron to every target neuron: rows by source, or one weight for all. */
export function dense(rows: readonly Numbers[]): SynapseMatrix {
  return { kind: "dense", weights: weightArray(rows.flatMap((row) => Array.from(row))) };
}

/** Neuron i to neuron i, with one weight for all or one for each. */
export function oneToOne(weights: number | Numbers): SynapseMatrix {
  return { kind: "one-to-one", weights: weightArray(typeof weights === "number" ? [weights] : weights) };
}

/** A synapse: from neuron, to neuron, weight -128..127, and perhaps its own delay in steps, 0..15. */
export type Synapse = readonly [source: number, target: number, weight: number, delay?: number];

/** A list of synapses whose delays, if any has one, are given to `connect`. */
export type SynapsesWithDelays = Extract<SynapseMatrix, { kind: "sparse" }> & { readonly delays?: readonly number[] };

/**
 * A list of `[source, target, weight]`, or `[source, target, weight, delay]`: every synapse with a delay of its own.
 *
 * @throws SpikewrightError `value-out-of-range`: a weight that is not whole, or beyond -128..127; `wrong-shape`: some
 *   synapses have delays and some have none.
 */
export function sparse(synapses: readonly Synapse[]): SynapsesWithDelays {
  const delays = synapses.flatMap(([, , , delay]) => (delay === undefined ? [] : [delay]));
  if (delays.length !== 0 && delays.length !== synapses.length)
    throw failure({
      code: "wrong-shape",
      message: `Cannot take ${synapses.length} synapses of which ${delays.length} have a delay: wanted all or none`,
      found: String(delays.length),
      wanted: `0 or ${synapses.length}`,
    });
  return {
    kind: "sparse",
    sources: Int32Array.from(synapses, ([source]) => source),
    targets: Int32Array.from(synapses, ([, target]) => target),
    weights: weightArray(synapses.map(([, , weight]) => weight)),
    ...(delays.length > 0 && { delays }),
  };
}

/** A window that slides over the source: `weights[kernelHeight, kernelWidth, sourceChannels, targetChannels]`. */
export function convolution(
  kernel: readonly [height: number, width: number],
  weights: Numbers,
  options: {
    readonly stride?: readonly [vertical: number, horizontal: number];
    readonly padding?: readonly [top: number, left: number];
  } = {},
): SynapseMatrix {
  const { stride = [1, 1], padding = [0, 0] } = options;
  return { kind: "convolution", kernel, stride, padding, weights: weightArray(weights) };
}
