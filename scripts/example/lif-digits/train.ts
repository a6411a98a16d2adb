import { type DynamicsGraph, type DynamicsSimulator, openDynamics } from "../../../src/index.js";
import { seededRandom } from "../../../src/support/random.js";
import { classes, digitsNetwork, leak, pixels, steps, thresholds, type WeightBits } from "./network.js";
import type { DigitSample } from "./samples.js";

const [epochs, batchSize, rate, momentum] = [60, 32, 0.3, 0.9];
/** Of spike counts in the softmax. */
const temperature = 0.5;

/**
 * Trains the network with a surrogate gradient. The forward pass is the integer network itself, weights rounded; the
 * gradient takes a spike as if it were smooth: `d spike / d V = 1 / (1 + |V - theta| / theta)^2`, and what a weight did to V as
 * the input's spikes, leaking as V does. Real-valued weights collect the changes.
 */
export function trainDigits(
  samples: readonly DigitSample[],
  bits: WeightBits,
  onEpoch: (epoch: number, accuracy: number) => void,
): DynamicsGraph {
  const limit = 2 ** (bits - 1) - 1;
  const random = seededRandom(1);
  const weights = Float64Array.from({ length: pixels * classes }, () => (random() - 0.5) * limit * 0.3);
  const bias = new Float64Array(classes);
  const [weightMomentum, biasMomentum] = [new Float64Array(weights.length), new Float64Array(classes)];
  const rounded = (): DynamicsGraph =>
    digitsNetwork(bits, Int8Array.from(weights, Math.round), Array.from(bias, Math.round));
  const order = samples.map((_, n) => n);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    const step = (rate * (1 + Math.cos((Math.PI * epoch) / epochs)) * limit) / 200;
    let right = 0;
    for (let first = 0; first < order.length; first += batchSize) {
      const batch = order.slice(first, first + batchSize).map((n) => samples[n]!);
      const gradient = new Gradient(openDynamics(rounded()), thresholds[bits]);
      for (const sample of batch) right += gradient.add(sample) ? 1 : 0;
      descend(weights, gradient.weights, weightMomentum, step, batch.length, limit);
      descend(bias, gradient.bias, biasMomentum, step, batch.length, 32767);
    }
    onEpoch(epoch + 1, right / order.length);
  }
  return rounded();
}

/** Sum of the gradients of some samples. */
class Gradient {
  readonly weights = new Float64Array(pixels * classes);
  readonly bias = new Float64Array(classes);
  readonly #simulator: DynamicsSimulator;
  readonly #threshold: number;
  /** Potential of each class before the reset, step by step. */
  readonly #reached = new Float64Array(steps * classes);

  constructor(simulator: DynamicsSimulator, threshold: number) {
    this.#simulator = simulator;
    this.#threshold = threshold;
    let step = 0;
    simulator.observe(() => {
      const { v, fired } = simulator.state("classes");
      for (let j = 0; j < classes; j++) this.#reached[step * classes + j] = v[j]! + fired[j]! * threshold;
      step = (step + 1) % steps;
    });
  }

  /** @returns Whether the network was right. */
  add({ events, label }: DigitSample): boolean {
    const decision = this.#simulator.runSample(events);
    const counts = Array.from(this.#simulator.state("classes").postTrace);
    const most = Math.max(...counts);
    const odds = counts.map((count) => Math.exp((count - most) * temperature));
    const sum = odds.reduce((a, b) => a + b);
    const errors = odds.map((odd, j) => odd / sum - (j === label ? 1 : 0));
    const [eligible, kept] = [new Float64Array(pixels), 1 - leak / 4096];
    let eligibleBias = 0;
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < pixels; i++) eligible[i] = eligible[i]! * kept + events[step * pixels + i]!;
      eligibleBias = eligibleBias * kept + 1;
      for (let j = 0; j < classes; j++) {
        const distance = Math.abs(this.#reached[step * classes + j]! / this.#threshold - 1);
        const change = errors[j]! / (1 + distance) ** 2;
        this.bias[j]! += change * eligibleBias;
        for (let i = 0; i < pixels; i++) this.weights[i * classes + j]! += change * eligible[i]!;
      }
    }
    return decision === label;
  }
}

function descend(
  values: Float64Array,
  gradient: Float64Array,
  moving: Float64Array,
  step: number,
  samples: number,
  limit: number,
): void {
  for (let k = 0; k < values.length; k++) {
    moving[k] = momentum * moving[k]! + gradient[k]! / samples;
    values[k] = Math.min(Math.max(values[k]! - step * moving[k]!, -limit), limit);
  }
}

function shuffle(order: number[], random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const k = Math.floor(random() * (i + 1));
    [order[i], order[k]] = [order[k]!, order[i]!];
  }
}
