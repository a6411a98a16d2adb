import type { PlasticityRule } from "../../arch/dynamics/plasticity.js";
import { type DynamicsProjection, neuronCount, type Shape3 } from "../../snn/dynamics/graph.js";
import { failure } from "../../support/diagnostic.js";
import { type Delivery, deliveryOf } from "./delivery.js";
import type { EventList } from "./event-ring.js";
import { type Learned, learn, reward } from "./learning.js";
import type { StateArrays } from "./neurons.js";

/** A projection under simulation: its own copy of the weights, and of the eligibilities if it has them. */
export class Projection {
  readonly projection: DynamicsProjection;
  readonly weights: Int8Array;
  readonly eligibilities: Int8Array | undefined;
  /** How it learns; undefined: not at all. */
  rule: PlasticityRule | undefined;
  readonly #delivery: Delivery;
  readonly #sources: number;
  readonly #targets: number;

  constructor(projection: DynamicsProjection, source: Shape3, target: Shape3) {
    const { synapses, plasticity } = projection;
    this.projection = projection;
    this.weights = synapses.weights.slice();
    this.eligibilities = plasticity?.eligibility ? new Int8Array(synapses.weights.length) : undefined;
    this.rule = plasticity?.rule;
    this.#delivery = deliveryOf(projection, source, target);
    this.#sources = neuronCount(source);
    this.#targets = neuronCount(target);
  }

  /** Adds the weights of the events to the sums. @returns Weights added. */
  deliver(events: EventList, sums: Int32Array): number {
    return events.count === 0 ? 0 : this.#delivery(events, this.weights, sums);
  }

  learn(
    events: EventList,
    source: StateArrays | undefined,
    target: StateArrays,
    noise: number,
    lanes: number,
  ): Learned {
    const rule = this.rule!;
    const { min, max } = this.projection.plasticity?.eligibility ?? rule;
    const matrix = this.eligibilities ?? this.weights;
    const site = { matrix, rule, min, max, sources: this.#sources, targets: this.#targets, source, target };
    return learn(site, events, noise, lanes);
  }

  reward(negative: boolean): void {
    const { plasticity } = this.projection;
    if (!plasticity?.eligibility || !this.eligibilities) return;
    reward(this.weights, this.eligibilities, plasticity.eligibility, negative, this.rule ?? plasticity.rule);
  }

  setWeight(index: number, weight: number): void {
    const { min, max } = this.projection.plasticity?.rule ?? { min: -128, max: 127 };
    const exists = Number.isInteger(index) && index >= 0 && index < this.weights.length;
    if (!exists || !Number.isInteger(weight) || weight < min || weight > max)
      throw failure({
        code: "value-out-of-range",
        message: `Cannot set weight ${index} of "${this.projection.name}" to ${weight}: wanted one of ${this.weights.length} weights, ${min}..${max}`,
        place: { item: this.projection.name },
        found: String(weight),
        wanted: `${min}..${max}`,
      });
    this.weights[index] = weight;
  }
}
