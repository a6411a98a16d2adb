import type { NeuronDynamics } from "../../../arch/dynamics/neuron.js";
import { parameterWord } from "../../../arch/dynamics/words.js";
import { type DynamicsGraph, delaysOf, memoryOf, neuronCount } from "../../../snn/dynamics/graph.js";

/** What has spike lists: an input, or a population that others listen to. */
export interface Source {
  readonly name: string;
  readonly size: number;
  /** Pixels of its lists: a pointer each, and one more. Windows walk pixels; everything else takes the list as one. */
  readonly pixels: number;
  /** Entries that a list may have. */
  readonly capacity: number;
  /** Steps that are remembered besides the one under way. */
  readonly memory: number;
  /** Pointers of so many lists, in turn; list k is that of steps k, k + lists, … */
  readonly lists: number;
  /** Room for the entries of so many lists, in turn. */
  readonly buffers: number;
}

/** Whether a convolution can be walked as such: nothing else reaches its target, and its source has pixels to spare. */
export function isWindowed(graph: DynamicsGraph, target: string): boolean {
  const only = graph.projections.find((p) => p.target === target);
  if (only?.synapses.kind !== "convolution" || hasSeveral(graph, target)) return false;
  const { shape, neurons } = graph.populations.find((p) => p.name === target)!;
  const channels = shape[2];
  // parameters are those of a channel
  const isUniform = neurons.every((neuron, n) => sameNeuron(neuron, neurons[n % channels]!));
  // who walks several sources, or learns, takes a list as one pixel
  const rivals = graph.projections.filter((p) => p.source === only.source && p.target !== target);
  return isUniform && !rivals.some((p) => p.plasticity || hasSeveral(graph, p.target));
}

/**
 * Every source of a network, with the size of its lists.
 *
 * @param lists Lists of a source that is remembered, and of those in `crowded`.
 * @param early Sources whose new list may be written over the oldest.
 */
export function sourcesOf(
  graph: DynamicsGraph,
  lists: number,
  crowded: ReadonlySet<string>,
  early: ReadonlySet<string>,
): readonly Source[] {
  return [...graph.inputs, ...graph.populations].flatMap((part) => {
    const readers = readersOf(graph, part.name);
    const isInput = "kind" in part;
    if (readers.length === 0 && !isInput) return [];
    const size = neuronCount(part.shape);
    const isWindow = readers.some((reader) => isWindowed(graph, reader));
    const pixels = isWindow ? part.shape[0] * part.shape[1] : 1;
    const isSingle = !isInput && part.winnerTakeAll !== undefined && pixels === 1;
    const memory = memoryOf(graph, part.name);
    const own = memory > 0 || crowded.has(part.name) ? lists : 1;
    const capacity = isSingle ? 1 : size;
    const buffers = divisorFrom(early.has(part.name) ? memory : memory + 1, own);
    return [{ name: part.name, size, pixels, capacity, memory, lists: own, buffers }];
  });
}

function sameNeuron(a: NeuronDynamics, b: NeuronDynamics): boolean {
  return parameterWord(a).every((half, i) => half === parameterWord(b)[i]);
}

function readersOf(graph: DynamicsGraph, source: string): readonly string[] {
  return graph.projections.filter((p) => p.source === source).map((p) => p.target);
}

/** Whether more than one projection, or one in several parts, reaches a population. */
function hasSeveral(graph: DynamicsGraph, target: string): boolean {
  const own = graph.projections.filter((p) => p.target === target);
  return own.length > 1 || own.some((p) => delaysOf(p).length > 1 || p.plasticity?.enabled);
}

/** The smallest divisor of `whole` that is not below `least`. */
function divisorFrom(least: number, whole: number): number {
  let divisor = Math.min(least, whole);
  while (whole % divisor !== 0) divisor++;
  return divisor;
}
