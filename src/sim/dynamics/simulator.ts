import { decide } from "../../arch/decision.js";
import type { DynamicsState, NeuronDynamics, PopulationDynamics } from "../../arch/dynamics/neuron.js";
import { seedNoise } from "../../arch/dynamics/noise.js";
import type { PlasticityRule } from "../../arch/dynamics/plasticity.js";
import {
  type DynamicsGraph,
  type DynamicsPopulation,
  memoryOf,
  neuronCount,
  type Shape3,
} from "../../snn/dynamics/graph.js";
import { type SampleLayout, sampleLayout } from "../../snn/dynamics/sample.js";
import { asFindings } from "../../snn/dynamics/verify/fault.js";
import { populationFaults } from "../../snn/dynamics/verify/population.js";
import { verifyDynamicsGraph } from "../../snn/dynamics/verify/verify.js";
import { failure, SpikewrightError } from "../../support/diagnostic.js";
import { EventRing, fillEvents } from "./event-ring.js";
import { Neurons, type StateArrays } from "./neurons.js";
import { Projection } from "./projection.js";

export interface DynamicsOptions {
  /** Instead of the network's. */
  readonly seed?: number;
  /** Neurons that a core updates at a time; matters only for the order of draws of stochastic learning. Default 8. */
  readonly lanes?: number;
}

/** Values by name of an input or encoder, neurons by index. What is left out is 0. */
export type ValuesByName = Readonly<Record<string, ArrayLike<number>>>;

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

/** A network with dynamics under simulation. Everything can be read and set between steps. */
export class DynamicsSimulator {
  readonly graph: DynamicsGraph;
  readonly layout: SampleLayout;
  readonly counters: DynamicsCounters = { steps: 0, spikes: 0, operations: 0 };
  readonly #lanes: number;
  readonly #populations: ReadonlyMap<string, Neurons>;
  readonly #projections: ReadonlyMap<string, Projection>;
  readonly #incoming: ReadonlyMap<string, readonly Projection[]>;
  readonly #rings: ReadonlyMap<string, EventRing>;
  readonly #observers: ((simulator: DynamicsSimulator) => void)[] = [];
  #seed: number;
  #noise: number;
  #time = 0;

  constructor(graph: DynamicsGraph, { seed = graph.seed, lanes = 8 }: DynamicsOptions = {}) {
    this.graph = graph;
    this.layout = sampleLayout(graph);
    this.#lanes = lanes;
    this.#seed = seed;
    this.#noise = seedNoise(seed);
    const sources = [...graph.inputs, ...graph.populations];
    const shapes = new Map<string, Shape3>(sources.map(({ name, shape }) => [name, shape]));
    this.#populations = new Map(graph.populations.map((population) => [population.name, new Neurons(population)]));
    this.#rings = new Map(
      sources.map(({ name, shape }) => [name, new EventRing(neuronCount(shape), memoryOf(graph, name))]),
    );
    this.#projections = new Map(
      graph.projections.map((p) => [p.name, new Projection(p, shapes.get(p.source)!, shapes.get(p.target)!)]),
    );
    this.#incoming = new Map(
      graph.populations.map(({ name }) => [
        name,
        [...this.#projections.values()].filter(({ projection }) => projection.target === name),
      ]),
    );
  }

  /** Calls `observer` after every step. */
  observe(observer: (simulator: DynamicsSimulator) => void): void {
    this.#observers.push(observer);
  }

  /** All neurons at 0, no spikes under way, the generator at its seed. Weights stay. */
  reset(): void {
    for (const neurons of this.#populations.values()) neurons.restart();
    for (const ring of this.#rings.values()) ring.clear();
    this.#noise = seedNoise(this.#seed);
  }

  /** Begins a sample: resets as the network says, and takes the values of encoders and `current` inputs. */
  begin(values: ValuesByName = {}): void {
    if (this.graph.reset === "sample") this.reset();
    for (const { name, size, max } of this.layout.begin) {
      const given = checked(name, values[name] ?? new Uint8Array(size), size, max);
      const encoder = this.#populations.get(name);
      if (encoder) encoder.restart(given);
      else fillEvents(this.#rings.get(name)!.at(0, 0), given);
    }
  }

  /** One step with the events of its inputs. */
  step(events: ValuesByName = {}): void {
    for (const { name, size, max } of this.layout.step) {
      const list = this.#rings.get(name)!.at(this.#time, 0);
      const given = events[name];
      if (given) fillEvents(list, checked(name, given, size, max));
      else list.count = 0;
    }
    for (const [name, neurons] of this.#populations) {
      for (const projection of this.#incoming.get(name)!)
        this.counters.operations += projection.deliver(this.#eventsOf(projection), this.#time, neurons.sums);
      const spikes = this.#rings.get(name)!.at(this.#time, 0);
      this.#noise = neurons.step(this.#noise, spikes);
      this.counters.spikes += spikes.count;
    }
    for (const projection of this.#projections.values()) this.#learn(projection);
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
    for (const projection of this.#projections.values()) projection.reward(sign === "negative");
  }

  /** State of a population, to read. */
  state(population: string): StateArrays {
    return this.#neurons(population).state;
  }

  /** Neurons of a population that fired in the latest step, or events of an input. */
  spikes(source: string): Int32Array {
    const ring = this.#rings.get(source);
    if (!ring) throw unknownName(source);
    const { indices, count } = ring.at(this.#time - 1, 0);
    return indices.slice(0, count);
  }

  neuronState(population: string, neuron: number): DynamicsState {
    return this.#neurons(population).neuronState(neuron);
  }

  setNeuronState(population: string, neuron: number, state: Partial<DynamicsState>): void {
    this.#neurons(population).setNeuronState(neuron, state);
  }

  neuron(population: string, neuron: number): NeuronDynamics {
    return this.#neurons(population).neuron(neuron);
  }

  /** @throws SpikewrightError as `verifyDynamicsGraph`. */
  setNeuron(population: string, neuron: number, own: Partial<NeuronDynamics>): void {
    const neurons = this.#neurons(population);
    this.#check(population, { neurons: [{ ...neurons.neuron(neuron), ...own }] });
    neurons.setNeuron(neuron, own);
  }

  dynamics(population: string): PopulationDynamics {
    return this.#neurons(population).dynamics;
  }

  /** @throws SpikewrightError as `verifyDynamicsGraph`. */
  setDynamics(population: string, changes: Partial<PopulationDynamics>): void {
    const neurons = this.#neurons(population);
    const dynamics = { ...neurons.dynamics, ...changes };
    this.#check(population, { dynamics });
    neurons.dynamics = dynamics;
  }

  /** Weights of a projection, in the order of its synapses; to read. */
  weights(projection: string): Int8Array {
    return this.#projection(projection).weights;
  }

  /** Eligibilities of a projection that learns from rewards; to read. */
  eligibilities(projection: string): Int8Array | undefined {
    return this.#projection(projection).eligibilities;
  }

  /** @throws SpikewrightError `value-out-of-range`: beyond -128..127, or beyond the bounds of a plastic projection. */
  setWeight(projection: string, index: number, weight: number): void {
    this.#projection(projection).setWeight(index, weight);
  }

  /** Changes how a plastic projection learns; undefined: it stops learning. */
  setRule(projection: string, rule: PlasticityRule | undefined): void {
    this.#projection(projection).rule = rule;
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

  /** The network as it is now: with the weights that it learned. */
  snapshot(): DynamicsGraph {
    const projections = this.graph.projections.map((p) => ({
      ...p,
      synapses: { ...p.synapses, weights: this.weights(p.name).slice() },
    }));
    return { ...this.graph, projections };
  }

  #check(name: string, changes: Partial<DynamicsPopulation>): void {
    const population = this.graph.populations.find((p) => p.name === name)!;
    const findings = asFindings(populationFaults({ ...population, ...changes }));
    if (findings.length > 0) throw new SpikewrightError(findings);
  }

  #eventsOf({ projection }: Projection) {
    return this.#rings.get(projection.source)!;
  }

  #learn(projection: Projection): void {
    if (!projection.rule) return;
    const { source, target } = projection.projection;
    const states = [this.#populations.get(source)?.state, this.state(target)] as const;
    const events = this.#eventsOf(projection);
    const { noise, operations } = projection.learn(events, this.#time, ...states, this.#noise, this.#lanes);
    this.#noise = noise;
    this.counters.operations += operations;
  }

  #neurons(name: string): Neurons {
    const found = this.#populations.get(name);
    if (!found) throw unknownName(name);
    return found;
  }

  #projection(name: string): Projection {
    const found = this.#projections.get(name);
    if (!found) throw unknownName(name);
    return found;
  }
}

function checked(name: string, values: ArrayLike<number>, size: number, max: number): ArrayLike<number> {
  if (values.length !== size) throw wrongCount(name, values.length, size);
  for (let i = 0; i < size; i++) {
    const value = values[i]!;
    if (value >= 0 && value <= max && Number.isInteger(value)) continue;
    throw failure({
      code: "value-out-of-range",
      message: `Cannot run the network: "${name}" got ${value} for neuron ${i}, wanted a whole number 0..${max}`,
      place: { item: name },
      found: String(value),
      wanted: `0..${max}`,
    });
  }
  return values;
}

function wrongCount(item: string, found: number, wanted: number): SpikewrightError {
  return failure({
    code: "wrong-shape",
    message: `Cannot run the network: "${item}" got ${found} values, wanted ${wanted}`,
    place: { item },
    found: String(found),
    wanted: String(wanted),
  });
}

function unknownName(name: string): SpikewrightError {
  return failure({
    code: "unknown-name",
    message: `No part of the network is called "${name}"`,
    place: { item: name },
  });
}
