import type { DynamicsState, NeuronDynamics, PopulationDynamics } from "../../arch/dynamics/neuron.js";
import type { PlasticityRule } from "../../arch/dynamics/plasticity.js";
import {
  type DynamicsGraph,
  type DynamicsPopulation,
  memoryOf,
  neuronCount,
  type Shape3,
} from "../../snn/dynamics/graph.js";
import { asFindings } from "../../snn/dynamics/verify/fault.js";
import { populationFaults } from "../../snn/dynamics/verify/population.js";
import { failure, SpikewrightError } from "../../support/diagnostic.js";
import { EventRing } from "./event-ring.js";
import { Neurons, type StateArrays } from "./neurons.js";
import { Projection } from "./projection.js";

/** The parts of a network under simulation: states, settings and weights, to be read and set between steps. */
export class SimulatedNetwork {
  readonly graph: DynamicsGraph;
  protected readonly populations: ReadonlyMap<string, Neurons>;
  protected readonly projections: ReadonlyMap<string, Projection>;
  /** Projections by the population that they reach. */
  protected readonly incoming: ReadonlyMap<string, readonly Projection[]>;
  /** Events of inputs and populations in their latest steps. */
  protected readonly rings: ReadonlyMap<string, EventRing>;

  constructor(graph: DynamicsGraph) {
    this.graph = graph;
    const sources = [...graph.inputs, ...graph.populations];
    const shapes = new Map<string, Shape3>(sources.map(({ name, shape }) => [name, shape]));
    this.populations = new Map(graph.populations.map((population) => [population.name, new Neurons(population)]));
    this.rings = new Map(
      sources.map(({ name, shape }) => [name, new EventRing(neuronCount(shape), memoryOf(graph, name))]),
    );
    this.projections = new Map(
      graph.projections.map((p) => [p.name, new Projection(p, shapes.get(p.source)!, shapes.get(p.target)!)]),
    );
    this.incoming = new Map(
      graph.populations.map(({ name }) => [
        name,
        [...this.projections.values()].filter(({ projection }) => projection.target === name),
      ]),
    );
  }

  /** State of a population, to read. */
  state(population: string): StateArrays {
    return this.#neurons(population).state;
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

  #neurons(name: string): Neurons {
    const found = this.populations.get(name);
    if (!found) throw unknownName(name);
    return found;
  }

  #projection(name: string): Projection {
    const found = this.projections.get(name);
    if (!found) throw unknownName(name);
    return found;
  }
}

/** No part of a network has this name. */
export function unknownName(name: string): SpikewrightError {
  return failure({
    code: "unknown-name",
    message: `No part of the network is called "${name}"`,
    place: { item: name },
  });
}
