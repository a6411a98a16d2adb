import { decide } from "../../arch/decision.js";
import { seedNoise } from "../../arch/dynamics/noise.js";
import type { DynamicsGraph } from "../../snn/dynamics/graph.js";
import { type SampleLayout, sampleLayout } from "../../snn/dynamics/sample.js";
import { verifyDynamicsGraph } from "../../snn/dynamics/verify/verify.js";
import { SpikewrightError } from "../../support/diagnostic.js";
import { type EventRing, fillEvents } from "./event-ring.js";
import { SimulatedNetwork, unknownName } from "./network.js";
import type { Projection } from "./projection.js";
import { checkedValues, type ValuesByName, wrongCount } from "./values.js";

export interface DynamicsOptions {
  /** Instead of the network's. */
  readonly seed?: number;
  /** Neurons that a core updates at a time; matters only for the order of draws of stochastic learning. Default 8. */
  readonly lanes?: number;
}

/** What a simulator has counted since it was opened. */
export interface DynamicsCounters {
  steps: number;
  spikes: number;
  /** Weights added, and weights that learning visited. */
  operations: number;
}

/**
 * Opens a network for simulation step by step.
 *
 * @throws SpikewrightError with every finding of `verifyDynamicsGraph`.
 */
export function openDynamics(graph: DynamicsGraph, options: DynamicsOptions = {}): DynamicsSimulator {
  const findings = verifyDynamicsGraph(graph);
  if (findings.length > 0) throw new SpikewrightError(findings);
  return new DynamicsSimulator(graph, options);
}

/** A network with dynamics under simulation: its steps and samples. Everything can be read and set between steps. */
export class DynamicsSimulator extends SimulatedNetwork {
  readonly layout: SampleLayout;
  readonly counters: DynamicsCounters = { steps: 0, spikes: 0, operations: 0 };
  readonly #lanes: number;
  readonly #observers: ((simulator: DynamicsSimulator) => void)[] = [];
  #seed: number;
  #noise: number;
  #time = 0;

  constructor(graph: DynamicsGraph, { seed = graph.seed, lanes = 8 }: DynamicsOptions = {}) {
    super(graph);
    this.layout = sampleLayout(graph);
    this.#lanes = lanes;
    this.#seed = seed;
    this.#noise = seedNoise(seed);
  }

  /** Calls `observer` after every step. */
  observe(observer: (simulator: DynamicsSimulator) => void): void {
    this.#observers.push(observer);
  }

  /** All neurons at 0, no spikes under way, the generator at its seed. Weights stay. */
  reset(): void {
    for (const neurons of this.populations.values()) neurons.restart();
    for (const ring of this.rings.values()) ring.clear();
    this.#noise = seedNoise(this.#seed);
  }

  /** Begins a sample: resets as the network says, and takes the values of encoders and `current` inputs. */
  begin(values: ValuesByName = {}): void {
    if (this.graph.reset === "sample") this.reset();
    for (const { name, size, max } of this.layout.begin) {
      const given = checkedValues(name, values[name] ?? new Uint8Array(size), size, max);
      const encoder = this.populations.get(name);
      if (encoder) encoder.restart(given);
      else fillEvents(this.rings.get(name)!.at(0, 0), given);
    }
  }

  /** One step with the events of its inputs. */
  step(events: ValuesByName = {}): void {
    for (const { name, size, max } of this.layout.step) {
      const list = this.rings.get(name)!.at(this.#time, 0);
      const given = events[name];
      if (given) fillEvents(list, checkedValues(name, given, size, max));
      else list.count = 0;
    }
    for (const [name, neurons] of this.populations) {
      for (const projection of this.incoming.get(name)!)
        this.counters.operations += projection.deliver(this.#eventsOf(projection), this.#time, neurons.sums);
      const spikes = this.rings.get(name)!.at(this.#time, 0);
      this.#noise = neurons.step(this.#noise, spikes);
      this.counters.spikes += spikes.count;
    }
    for (const projection of this.projections.values()) this.#learn(projection);
    this.counters.steps++;
    this.#time++;
    for (const observer of this.#observers) observer(this);
  }

  /** Several steps, with the same events in each. */
  run(steps: number, events: ValuesByName = {}): void {
    for (let t = 0; t < steps; t++) this.step(events);
  }

  /**
   * A whole sample.
   *
   * @param values In the order of `layout`.
   * @returns The decision.
   * @throws SpikewrightError `wrong-shape`, `value-out-of-range`.
   */
  runSample(values: Uint8Array): number {
    const { size, begin, step, firstStep, stepSize, rewards } = this.layout;
    if (values.length !== size) throw wrongCount("sample", values.length, size);
    if (rewards > 0) {
      if (values[0]! > 0) this.reward("positive");
      if (values[1]! > 0) this.reward("negative");
    }
    const part = (first: number, parts: typeof begin): ValuesByName =>
      Object.fromEntries(
        parts.map(({ name, offset, size: count }) => [name, values.subarray(first + offset, first + offset + count)]),
      );
    this.begin(part(0, begin));
    for (let t = 0; t < this.graph.steps; t++) this.step(part(firstStep + t * stepSize, step));
    return this.decision;
  }

  /** Index of the largest of the readout now; ties go to the lowest. */
  get decision(): number {
    const { population, kind } = this.graph.readout;
    const { v, postTrace } = this.state(population);
    return decide(kind === "potential" ? v : postTrace);
  }

  /** A reward moves the eligibilities of every projection that has them into its weights. */
  reward(sign: "positive" | "negative"): void {
    for (const projection of this.projections.values()) projection.reward(sign === "negative");
  }

  /** Neurons of a population that fired in the latest step, or events of an input. */
  spikes(source: string): Int32Array {
    const ring = this.rings.get(source);
    if (!ring) throw unknownName(source);
    const { indices, count } = ring.at(this.#time - 1, 0);
    return indices.slice(0, count);
  }

  /** Word of the noise generator. */
  get noise(): number {
    return this.#noise;
  }

  /** Restarts the generator, now and with every reset. */
  setSeed(seed: number): void {
    this.#seed = seed;
    this.#noise = seedNoise(seed);
  }

  #eventsOf({ projection }: Projection): EventRing {
    return this.rings.get(projection.source)!;
  }

  #learn(projection: Projection): void {
    if (!projection.rule) return;
    const { source, target } = projection.projection;
    const states = [this.populations.get(source)?.state, this.state(target)] as const;
    const events = this.#eventsOf(projection);
    const { noise, operations } = projection.learn(events, this.#time, ...states, this.#noise, this.#lanes);
    this.#noise = noise;
    this.counters.operations += operations;
  }
}
