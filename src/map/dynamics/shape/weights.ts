import type { CoreConfig } from "../../../arch/core-config.js";
import { noSynapse } from "../../../arch/dynamics/plasticity.js";
import { parameterWord } from "../../../arch/dynamics/words.js";
import { type DynamicsGraph, neuronOf, type Shape3 } from "../../../snn/dynamics/graph.js";
import { groupRowsOf } from "./group-rows.js";
import type { NeuronLayout } from "./layout.js";
import type { WalkRow } from "./walk-rows.js";

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

/** Where a matrix of weights lies: source i and group g in row `base + g * groupRows + i`. */
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

/** Rows of one row of the walk in its block. A window's weights are a matrix of taps and channels. */
export function rowsOfWalk(block: WeightBlock, row: WalkRow): ProjectionRows {
  const { groupRows, groups, target } = block;
  if (target.isWindowed)
    return { base: block.base, groupRows, groups, sources: groupRows, targets: target.population.shape[2] };
  const base = block.base + block.walk.indexOf(row) * block.rowStep;
  return { base, groupRows, groups, sources: row.size, targets: target.size };
}

/** Writes the weights of a block into the rows of the weight memory; where there is no synapse, 0 or what never learns. */
export function writeWeights(
  memory: Int8Array,
  graph: DynamicsGraph,
  block: WeightBlock,
  { lanes, weightBits }: Pick<CoreConfig, "lanes" | "weightBits">,
): void {
  for (const row of block.walk) {
    if (row.projection === undefined) continue;
    const { weights } = graph.projections.find((p) => p.name === row.projection)!.synapses;
    const none = row.learns ? noSynapse(weightBits) : 0;
    const matrix = Int8Array.from(row.places, (place) => (place < 0 ? none : weights[place]!));
    writeMatrix(memory, rowsOfWalk(block, row), matrix, lanes);
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
