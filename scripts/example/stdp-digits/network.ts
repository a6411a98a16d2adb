import { alif, type DynamicsGraph, li, lif, network, rateRandom } from "../../../src/index.js";

/** Rows and columns of an image, and classes. */
export const [side, classes] = [28, 10] as const;
/** Steps in which a trained network sees an image. */
const steps = 8;
/** The least and the largest weight that learning makes. */
const [min, max] = [-32, 64] as const;
/** Largest weight that a neuron may vote for a class with. */
export const largestVote = 127;

/**
 * The network that learns: each image is one volley of random spikes, brighter pixels fire more often. One neuron wins it and
 * learns: its synapses from pixels that fired gain, the others lose. Winning raises the threshold of a neuron for a
 * while, so that all neurons find something to win. Everything goes on from image to image.
 *
 * @param weights `weights[pixel * neurons + neuron]`
 */
export function learningNetwork(neurons: number, weights: Int8Array): DynamicsGraph {
  return network(`stdp-digits-${neurons}-learning`, { steps: 1, reset: "never" })
    .encoder(
      "pixels",
      [side, side, 1],
      rateRandom({ preTrace: { decay: "timer", shift: 1, increment: 1, sets: true } }),
    )
    .population(
      "neurons",
      neurons,
      alif({ loss: 4095, threshold: 0, reset: "zero", adaptation: { increment: riseOf(neurons), decay: 10, scale } }),
    )
    .winnerTakeAll("neurons")
    .connect("pixels", "neurons", weights)
    .learn("pixels->neurons", {
      pre: { kind: "none" },
      post: { kind: "rectangular", amount: 10, offset: 4 },
      min,
      max,
    })
    .readout("neurons")
    .build();
}

/** The adaptation falls by one a step, and there is one winner a step: it stays if it rises by one for each neuron. */
function riseOf(neurons: number): number {
  return Math.round(1.1 * neurons);
}

/** Shift from adaptation to threshold. */
const scale = 1;

/** Thresholds that the adaptation of neurons has come to. */
export function learnedThresholds(adaptation: ArrayLike<number>): number[] {
  return Array.from(adaptation, (a) => a << scale);
}

/** What learning has made. */
export interface Learned {
  /** `weights[pixel * neurons + neuron]` */
  readonly weights: Int8Array;
  readonly thresholds: readonly number[];
}

/** The network that has learned and is asked: it sees an image for some steps, and counts who wins. */
export function trainedNetwork({ weights, thresholds }: Learned): DynamicsGraph {
  return trained({ weights, thresholds }).readout("neurons", "count").build();
}

/**
 * The same with ten neurons that add up the votes of the winners.
 *
 * @param votes `votes[neuron * 10 + class]`
 */
export function votingNetwork(learned: Learned, votes: Int8Array): DynamicsGraph {
  return trained(learned)
    .population("digits", classes, li({ loss: 0 }))
    .connect("neurons", "digits", votes)
    .build();
}

function trained({ weights, thresholds }: Learned) {
  return network(`stdp-digits-${thresholds.length}`, { steps })
    .encoder("pixels", [side, side, 1], rateRandom())
    .population("neurons", thresholds.length, lif({ loss: 2048, threshold: thresholds, reset: "zero" }))
    .winnerTakeAll("neurons")
    .connect("pixels", "neurons", weights);
}

/** Random weights between 0 and the largest. */
export function initialWeights(neurons: number, random: () => number): Int8Array {
  return Int8Array.from({ length: side * side * neurons }, () => Math.floor(random() * max));
}
