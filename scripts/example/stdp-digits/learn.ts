import { openDynamics } from "../../../src/index.js";
import { seededRandom } from "../../../src/support/random.js";
import type { Images } from "./images.js";
import {
  classes,
  initialWeights,
  type Learned,
  largestVote,
  learnedThresholds,
  learningNetwork,
  trainedNetwork,
} from "./network.js";

/** Shows every image once. Labels are not looked at. */
export function learnWithoutLabels(neurons: number, images: Images, onImage: (done: number) => void): Learned {
  const simulator = openDynamics(learningNetwork(neurons, initialWeights(neurons, seededRandom(1))));
  for (let n = 0; n < images.count; n++) {
    simulator.runSample(images.image(n));
    onImage(n + 1);
  }
  const thresholds = learnedThresholds(simulator.state("neurons").adaptation);
  return { weights: simulator.weights("pixels->neurons").slice(), thresholds };
}

/**
 * Labels the neurons by what training images they win: each votes for a class with the share of its wins that the class has.
 *
 * @returns `votes[neuron * 10 + class]`
 */
export function assignVotes(learned: Learned, images: Images, onImage: (done: number) => void): Int8Array {
  const neurons = learned.thresholds.length;
  const simulator = openDynamics(trainedNetwork(learned));
  const wins = new Float64Array(neurons * classes);
  for (let n = 0; n < images.count; n++) {
    simulator.runSample(images.image(n));
    const counts = simulator.state("neurons").postTrace;
    for (let j = 0; j < neurons; j++) wins[j * classes + images.labels[n]!]! += counts[j]!;
    onImage(n + 1);
  }
  return Int8Array.from(wins, (count, k) => {
    const first = k - (k % classes);
    const all = wins.subarray(first, first + classes).reduce((a, b) => a + b, 0);
    return all === 0 ? 0 : Math.round((largestVote * count) / all);
  });
}
