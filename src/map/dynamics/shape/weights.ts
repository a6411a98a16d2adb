import { parameterWord } from "../../../arch/dynamics/words.js";
import { type DynamicsGraph, neuronOf, type Shape3 } from "../../../snn/dynamics/graph.js";
import { denseWeights } from "../../../snn/dynamics/synapse-list.js";
import type { NeuronLayout } from "./layout.js";
import { groupRowsOf } from "./pointers.js";
import type { WalkRow } from "./sources.js";

/** Rows of weights of what reaches a population, group by group; those of each source lie together. */
export interface WeightBlock {
  readonly target: NeuronLayout;
  readonly walk: readonly WalkRow[];
  /** First row. */
  readonly base: number;
  /** From kernel row to kernel row: source to source, or rows of a window. */
  readonly rowStep: number;
  /** Rows of a group. */
  readonly groupRows: number;
  /** Groups, or columns, with rows of their own. */
  readonly groups: number;
}

/** Where the weights of a dense projection lie: source i and group g in row `base + g * groupRows + i`. */
export interface ProjectionRows {
  readonly base: number;
  readonly groupRows: number;
  readonly groups: number;
  readonly sources: number;
  readonly targets: number;
}

/** Rows that a population needs, without their place. */
export function weightBlock(
  graph: DynamicsGraph,
  target: NeuronLayout,
  walk: readonly WalkRow[],
  base: number,
): WeightBlock {
  const groups = target.isWindowed ? target.groups : Math.max(target.groups, target.columns);
  if (!target.isWindowed) {
    const { step, rows } = groupRowsOf(walk);
    return { target, walk, base, rowStep: step, groupRows: rows, groups };
  }
  const { synapses, source } = graph.projections.find((p) => p.name === walk[0]!.projection)!;
  if (synapses.kind !== "convolution") throw new Error("a window that is none");
  const [, width, channels] = shapeOf(graph, source);
  const [kernelHeight, kernelWidth] = synapses.kernel;
  const groupRows = kernelHeight * kernelWidth * channels;
  return { target, walk, base, rowStep: (kernelWidth - width) * channels, groupRows, groups };
}

/** Rows of one projection in its block. A window's weights are a matrix of taps and channels. */
export function projectionRows(block: WeightBlock, projection: string): ProjectionRows {
  if (block.target.isWindowed) {
    const { base, groupRows, groups, target } = block;
    return { base, groupRows, groups, sources: groupRows, targets: target.population.shape[2] };
  }
  const place = block.walk.findIndex((row) => row.projection === projection);
  const { groupRows, groups } = block;
  const base = block.base + place * block.rowStep;
  return { base, groupRows, groups, sources: block.walk[place]!.size, targets: block.target.size };
}

/** Writes the weights of a block into the rows of the weight memory. */
export function writeWeights(memory: Int8Array, graph: DynamicsGraph, block: WeightBlock, lanes: number): void {
  for (const { projection } of block.walk) {
    const { synapses, source, target } = graph.projections.find((p) => p.name === projection)!;
    const matrix = block.target.isWindowed
      ? synapses.weights
      : denseWeights(synapses, shapeOf(graph, source), shapeOf(graph, target));
    writeMatrix(memory, projectionRows(block, projection), matrix, lanes);
  }
}

/** Reads a matrix `[source][target]` from rows of weights; the twin of `writeMatrix`. */
export function readMatrix(memory: Int8Array, rows: ProjectionRows, lanes: number): Int8Array {
  const matrix = new Int8Array(rows.sources * rows.targets);
  for (let i = 0; i < rows.sources; i++)
    for (let j = 0; j < rows.targets; j++) matrix[i * rows.targets + j] = memory[placeOf(rows, i, j, lanes)]!;
  return matrix;
}

function writeMatrix(memory: Int8Array, rows: ProjectionRows, matrix: Int8Array, lanes: number): void {
  for (let i = 0; i < rows.sources; i++)
    for (let j = 0; j < rows.targets; j++) memory[placeOf(rows, i, j, lanes)] = matrix[i * rows.targets + j]!;
}

function placeOf({ base, groupRows }: ProjectionRows, i: number, j: number, lanes: number): number {
  return (base + Math.floor(j / lanes) * groupRows + i) * lanes + (j % lanes);
}

/** Words of the parameter memory of a population, as low and high halves. */
export function parameterWords(layout: NeuronLayout): readonly (readonly [low: number, high: number])[] {
  return Array.from({ length: layout.parameterCount }, (_, n) => parameterWord(neuronOf(layout.population, n)));
}

function shapeOf(graph: DynamicsGraph, name: string): Shape3 {
  return [...graph.inputs, ...graph.populations].find((part) => part.name === name)!.shape;
}
