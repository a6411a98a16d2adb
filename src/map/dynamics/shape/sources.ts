import type { NeuronDynamics } from "../../../arch/dynamics/neuron.js";
import { parameterWord } from "../../../arch/dynamics/words.js";
import { type DynamicsGraph, memoryOf, neuronCount } from "../../../snn/dynamics/graph.js";

/** What has spike lists: an input, or a population that others listen to. */
export interface Source {
  readonly name: string;
  readonly size: number;
  /** Pixels of its lists: a pointer each, and one more. Windows walk pixels; everything else takes the list as one. */
  readonly pixels: number;
  /** Entries that a list may have. */
  readonly capacity: number;
  /** Lists: one a step that is remembered, in turn; list k is that of steps k, k + lists, … */
  readonly lists: number;
}

/** A projection as a row of the walk: one source, some steps ago. */
export interface WalkRow {
  readonly projection: string;
  readonly source: string;
  readonly delay: number;
  readonly size: number;
}

/** Whether a convolution can be walked as such: nothing else reaches its target, and its source has pixels to spare. */
export function isWindowed(graph: DynamicsGraph, target: string): boolean {
  const own = graph.projections.filter((p) => p.target === target);
  const [only] = own;
  if (own.length !== 1 || only!.synapses.kind !== "convolution") return false;
  const { shape, neurons } = graph.populations.find((p) => p.name === target)!;
  const channels = shape[2];
  // parameters are those of a channel
  const isUniform = neurons.every((neuron, n) => sameNeuron(neuron, neurons[n % channels]!));
  // who walks several sources, or learns, takes a list as one pixel
  const rivals = graph.projections.filter((p) => p.source === only!.source && p.target !== target);
  return isUniform && !rivals.some((p) => p.plasticity || hasSeveral(graph, p.target));
}

/**
 * Every source of a network, with the size of its lists.
 *
 * @param lists Lists of a source that is remembered, and of those in `crowded`.
 */
export function sourcesOf(graph: DynamicsGraph, lists: number, crowded: ReadonlySet<string>): readonly Source[] {
  return [...graph.inputs, ...graph.populations].flatMap((part) => {
    const readers = readersOf(graph, part.name);
    const isInput = "kind" in part;
    if (readers.length === 0 && !isInput) return [];
    const size = neuronCount(part.shape);
    const isWindow = readers.some((reader) => isWindowed(graph, reader));
    const pixels = isWindow ? part.shape[0] * part.shape[1] : 1;
    const isSingle = !isInput && part.winnerTakeAll !== undefined && pixels === 1;
    const own = memoryOf(graph, part.name) > 0 || crowded.has(part.name) ? lists : 1;
    return [{ name: part.name, size, pixels, capacity: isSingle ? 1 : size, lists: own }];
  });
}

/** Rows of the walk into a population, in the order of its projections. */
export function walkRowsOf(graph: DynamicsGraph, target: string): readonly WalkRow[] {
  const shapes = new Map([...graph.inputs, ...graph.populations].map(({ name, shape }) => [name, shape]));
  return graph.projections
    .filter((p) => p.target === target)
    .map(({ name, source, delay }) => ({ projection: name, source, delay, size: neuronCount(shapes.get(source)!) }));
}

function sameNeuron(a: NeuronDynamics, b: NeuronDynamics): boolean {
  return parameterWord(a).every((half, i) => half === parameterWord(b)[i]);
}

function readersOf(graph: DynamicsGraph, source: string): readonly string[] {
  return graph.projections.filter((p) => p.source === source).map((p) => p.target);
}

function hasSeveral(graph: DynamicsGraph, target: string): boolean {
  return graph.projections.filter((p) => p.target === target).length > 1;
}
