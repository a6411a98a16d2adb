import { type DynamicsGraph, type DynamicsPopulation, neuronCount } from "../../../snn/dynamics/graph.js";
import { isWindowed } from "./sources.js";

/** How a pass visits the neurons of a population, and where they lie. Neurons are visited by index. */
export interface NeuronLayout {
  readonly population: DynamicsPopulation;
  readonly size: number;
  /** Positions in x and y. Of a dense population they are groups of lanes with the same parameters, or there is one. */
  readonly columns: number;
  readonly rows: number;
  /** Groups of lanes at each position. */
  readonly groups: number;
  /** Lanes of a visit, and of one to the last group. */
  readonly lanes: number;
  readonly lastLanes: number;
  /** Its one projection is walked as a window. */
  readonly isWindowed: boolean;
  /** Parameter word of the first neuron, and words. */
  readonly parameters: number;
  readonly parameterCount: number;
  /** State word of the first neuron. */
  readonly state: number;
}

export interface Layouts {
  readonly populations: ReadonlyMap<string, NeuronLayout>;
  readonly parameterWords: number;
  readonly stateWords: number;
  /** First state word of the encoders, whose states are set by their values; all before are the neurons'. */
  readonly encoderState: number;
}

/**
 * Lays out all populations. Parameters are words of each neuron; where there are too few words, populations whose neurons
 * are all alike and fill their lanes have one word for each lane, the largest first.
 */
export function layOutNeurons(graph: DynamicsGraph, lanes: number, parameterDepth: number): Layouts {
  const { populations } = graph;
  const own = new Map(populations.map((population) => [population.name, plainLayout(graph, population, lanes)]));
  const total = () => [...own.values()].reduce((sum, { parameterCount }) => sum + parameterCount, 0);
  const shared = [...own.values()]
    .filter((l) => !l.isWindowed && l.population.neurons.length === 1 && l.size > lanes && l.size % lanes === 0)
    .sort((a, b) => b.size - a.size);
  for (const layout of shared) {
    if (total() <= parameterDepth) break;
    const columns = layout.size / lanes;
    own.set(layout.population.name, { ...layout, columns, groups: 1, lastLanes: lanes, parameterCount: lanes });
  }
  const neurons = populations.filter(({ values }) => !values);
  const encoders = populations.filter(({ values }) => values);
  const placed = new Map<string, NeuronLayout>();
  let [parameters, state] = [0, 0];
  const place = ({ name }: DynamicsPopulation) => {
    const layout = own.get(name)!;
    placed.set(name, { ...layout, parameters, state });
    parameters += layout.parameterCount;
    state += layout.size;
  };
  neurons.forEach(place);
  // the words of neurons are cleared by whole visits
  const encoderState = Math.ceil(state / lanes) * lanes;
  state = encoderState;
  encoders.forEach(place);
  return { populations: placed, parameterWords: parameters, stateWords: state, encoderState };
}

function plainLayout(graph: DynamicsGraph, population: DynamicsPopulation, lanes: number): NeuronLayout {
  const { name, shape } = population;
  const size = neuronCount(shape);
  const windowed = isWindowed(graph, name);
  const channels = windowed ? shape[2] : size;
  const groups = Math.ceil(channels / lanes);
  return {
    population,
    size,
    columns: windowed ? shape[1] : 1,
    rows: windowed ? shape[0] : 1,
    groups,
    lanes: Math.min(lanes, channels),
    lastLanes: channels - (groups - 1) * lanes,
    isWindowed: windowed,
    parameters: 0,
    parameterCount: channels,
    state: 0,
  };
}
