import type { PlasticityRule } from "../../arch/dynamics/plasticity.js";
import { type DynamicsProjection, neuronCount, type Shape3 } from "../../snn/dynamics/graph.js";
import { placesOf, tapsOf } from "../../snn/dynamics/synapse-list.js";
import { failure } from "../../support/diagnostic.js";
import { type Delivery, deliveryOf } from "./delivery.js";
import type { EventRing } from "./event-ring.js";
import { type Learned, learn, reward } from "./learning.js";
import type { StateArrays } from "./neurons.js";

/** A projection under simulation: its own copy of the weights, and of the eligibilities if it has them. */
export class Projection {
  readonly projection: DynamicsProjection;
  readonly weights: Int8Array;
  readonly eligibilities: Int8Array | undefined;
  /** How it learns; undefined: not at all. */
  rule: PlasticityRule | undefined;
  readonly #taps: readonly SimulatedTap[];
  readonly #sources: number;
  readonly #targets: number;

  constructor(projection: DynamicsProjection, source: Shape3, target: Shape3) {
    const { synapses, plasticity } = projection;
    this.projection = projection;
    this.weights = synapses.weights.slice();
    this.eligibilities = plasticity?.eligibility ? new Int8Array(synapses.weights.length) : undefined;
    this.rule = plasticity?.rule;
    this.#sources = neuronCount(source);
    this.#targets = neuronCount(target);
    const isWhole = synapses.kind === "dense" && !projection.delays && !plasticity?.enabled;
    this.#taps = tapsOf(projection, source, target).map(({ delay, list }) => {
      const deliver = deliveryOf(projection, list, this.#targets);
      if (!plasticity || isWhole) return { delay, deliver, places: undefined, learns: plasticity !== undefined };
      const places = learningPlaces(placesOf(list, this.#targets), plasticity.enabled);
      return { delay, deliver, places, learns: places.some((place) => place >= 0) };
    });
  }

  /** Adds the weights of the events of a step to the sums. @returns Weights added. */
  deliver(events: EventRing, step: number, sums: Int32Array): number {
    let added = 0;
    for (const { delay, deliver } of this.#taps) {
      const list = events.at(step, delay);
      if (list.count > 0) added += deliver(list, this.weights, sums);
    }
    return added;
  }

  learn(
    events: EventRing,
    step: number,
    source: StateArrays | undefined,
    target: StateArrays,
    noise: number,
    lanes: number,
  ): Learned {
    const rule = this.rule!;
    const { min, max } = this.projection.plasticity?.eligibility ?? rule;
    const matrix = this.eligibilities ?? this.weights;
    const learned = { noise, operations: 0 };
    for (const { delay, places, learns } of this.#taps) {
      if (!learns) continue;
      const site = { matrix, places, rule, min, max, sources: this.#sources, targets: this.#targets, source, target };
      const { noise: after, operations } = learn(site, events.at(step, delay), learned.noise, lanes);
      learned.noise = after;
      learned.operations += operations;
    }
    return learned;
  }

  reward(negative: boolean): void {
    const { plasticity } = this.projection;
    if (!plasticity?.eligibility || !this.eligibilities) return;
    reward(this.weights, this.eligibilities, plasticity.eligibility, negative, this.rule ?? plasticity.rule);
  }

  setWeight(index: number, weight: number): void {
    const { plasticity } = this.projection;
    const { min, max } = plasticity && plasticity.enabled?.[index] !== 0 ? plasticity.rule : { min: -128, max: 127 };
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

/** Synapses of one delay. */
interface SimulatedTap {
  readonly delay: number;
  readonly deliver: Delivery;
  /** Of a plastic projection in which not every pair of neurons learns. */
  readonly places: Int32Array | undefined;
  readonly learns: boolean;
}

/** Leaves out the synapses that do not learn. */
function learningPlaces(places: Int32Array, enabled: Uint8Array | undefined): Int32Array {
  return enabled ? places.map((place) => (place >= 0 && enabled[place] === 0 ? -1 : place)) : places;
}
