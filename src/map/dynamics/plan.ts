import type { CoreConfig } from "../../arch/core-config.js";
import { type DynamicsGraph, memoryOf, neuronCount } from "../../snn/dynamics/graph.js";
import type { Reached } from "./scatter/choice.js";
import { earlyReaders } from "./scatter/early-readers.js";
import { layOutLists, type SynapseLists } from "./scatter/synapse-lists.js";
import { groupRowsOf } from "./shape/group-rows.js";
import { type Layouts, layOutNeurons } from "./shape/layout.js";
import type { PointerPlan } from "./shape/pointer-plan.js";
import { planPointers } from "./shape/pointers.js";
import { type Source, sourcesOf } from "./shape/sources.js";
import type { SynapseRow, WalkRow } from "./shape/walk-rows.js";
import { type ProjectionRows, parameterWords, rowsOfWalk, type WeightBlock, weightBlock } from "./shape/weights.js";

/** Everything that the code of a network refers to: what lies where. */
export interface DynamicsPlan {
  readonly graph: DynamicsGraph;
  readonly config: CoreConfig;
  /** Lists of a source that is remembered: the steps after which everything is in the same place again. */
  readonly lists: number;
  readonly sources: ReadonlyMap<string, PlacedSource>;
  readonly pointers: PointerPlan;
  readonly layouts: Layouts;
  /** By population; those that nothing reaches have none. */
  readonly blocks: ReadonlyMap<string, WeightBlock>;
  /** Rows that are no part of a walk, but lists of synapses. */
  readonly synapseLists: ReadonlyMap<SynapseRow, SynapseLists>;
  /** Rows that learn, in the order in which they do. */
  readonly learning: readonly SynapseRow[];
  /** Rows of eligibilities. */
  readonly eligibilities: ReadonlyMap<WalkRow, ProjectionRows>;
  /** Parameter word of `lanes` neurons that do not fire with potential 0. */
  readonly quietParameters: number;
  readonly parameters: readonly (readonly [low: number, high: number])[];
  readonly reward: RewardPlan | undefined;
  readonly used: Used;
}

export interface PlacedSource extends Source {
  /** List memory of list 0. */
  readonly list: number;
}

/** What tells a reward from none: two neurons that fire on a value each. */
export interface RewardPlan {
  /** Row of a weight 1 in lane 0. */
  readonly row: number;
  /** Parameter word of threshold 1. */
  readonly parameters: number;
  /** Two entries of values and one of a spike. */
  readonly list: number;
  /** Three pointers of values and two of a spike. */
  readonly pointer: number;
}

/** Words used of each memory, but for the program. */
export interface Used {
  readonly weights: number;
  readonly list: number;
  readonly pointers: number;
  readonly parameters: number;
  readonly state: number;
}

/**
 * Lays everything out. Nothing is checked against the sizes of the memories.
 *
 * @param reached Rows that a population walks in its pass.
 * @param scattered Further rows, as lists of synapses.
 * @returns The population whose sources cannot be walked in one pass, otherwise.
 */
export function drawPlan(
  graph: DynamicsGraph,
  config: CoreConfig,
  reached: Reached,
  scattered: ReadonlySet<SynapseRow>,
): DynamicsPlan | string {
  const walks = new Map([...reached].filter(([, rows]) => rows.length > 0));
  const crowded = new Set(
    [...walks.values()]
      .filter((rows) => rows.length > 2)
      .flat()
      .map(({ source }) => source),
  );
  const found = placePointers(graph, config, walks, crowded, earlyReaders(graph, walks));
  if (typeof found === "string") return found;
  const { lists, unplaced, pointers } = found;
  const layouts = layOutNeurons(graph, config.lanes, config.parameterDepth);
  const learning = graph.projections.flatMap(({ name, target }) =>
    (walks.get(target) ?? []).filter((row) => row.projection === name && row.learns),
  );
  const dense = placeWeights(graph, layouts, walks, pointers, learning);
  const weights = { ...dense, ...placeLists(scattered, dense.used) };
  const parameters = [...layouts.populations.values()]
    .sort((a, b) => a.parameters - b.parameters)
    .flatMap((layout) => parameterWords(layout));
  const quietParameters = quietRun(parameters, config.lanes);
  let list = 0;
  const sources = new Map<string, PlacedSource>();
  for (const source of unplaced) {
    sources.set(source.name, { ...source, list });
    list += source.capacity * source.buffers;
  }
  const hasReward = graph.projections.some((p) => p.plasticity?.eligibility);
  const reward = hasReward
    ? { row: weights.used, parameters: quietParameters, list, pointer: pointers.used }
    : undefined;
  return {
    graph,
    config,
    lists,
    sources,
    pointers,
    layouts,
    blocks: weights.blocks,
    synapseLists: weights.synapseLists,
    learning,
    eligibilities: weights.eligibilities,
    quietParameters,
    parameters,
    reward: reward && { ...reward, parameters: rewardWord(parameters) },
    used: {
      weights: weights.used + (reward ? 1 : 0),
      list: list + (reward ? 3 : 0),
      pointers: pointers.used + (reward ? 5 : 0),
      parameters: parameters.length,
      state: layouts.stateWords,
    },
  };
}

/** Slots that a ring of pointers may have: as many steps are unrolled. */
const mostLists = 32;

/** Pointers for the fewest lists that serve all walks; the population whose sources cannot be walked in one pass, otherwise. */
function placePointers(
  graph: DynamicsGraph,
  { pointerDepth, weightDepth, lanes }: CoreConfig,
  walks: ReadonlyMap<string, readonly WalkRow[]>,
  crowded: ReadonlySet<string>,
  early: ReadonlySet<string>,
) {
  const memory = Math.max(0, ...[...graph.inputs, ...graph.populations].map(({ name }) => memoryOf(graph, name)));
  const constant = graph.inputs.find(({ kind, name }) => kind === "current" && crowded.has(name));
  const attempt = (lists: number) => {
    // values that stay where they are for a sample cannot go round
    if (constant && lists > 1)
      return [...walks].find(([, rows]) => rows.some(({ source }) => source === constant.name))![0];
    const unplaced = sourcesOf(graph, lists, crowded, early);
    const pointers = planPointers(unplaced, walks, lists, pointerDepth);
    return typeof pointers === "string" ? pointers : { lists, unplaced, pointers };
  };
  if (crowded.size === 0) return attempt(listsOf(graph, memory));
  // rows of pointers have to close a ring
  let lists = 2 ** Math.ceil(Math.log2(memory + 1));
  let found = attempt(lists);
  const isLarge = () => typeof found === "string" || weightRows(graph, found.pointers, lanes) > weightDepth;
  while (isLarge() && lists < mostLists) {
    lists *= 2;
    // with more slots there are fewer rows of weights from which nothing is wanted, but more steps to unroll
    const longer = attempt(lists);
    if (typeof longer !== "string") found = longer;
  }
  return found;
}

function weightRows({ populations }: DynamicsGraph, { orders }: PointerPlan, lanes: number): number {
  return populations.reduce((sum, { name, shape }) => {
    const groups = Math.ceil(neuronCount(shape) / lanes);
    return sum + groups * groupRowsOf(orders.get(name) ?? []).rows;
  }, 0);
}

/** Lists of a source with memory: one more than its steps. */
function listsOf(graph: DynamicsGraph, memory: number): number {
  if (graph.reset === "sample") return memory + 1;
  // a sample that ends where it began needs no second copy of its code
  for (let lists = memory + 1; lists <= Math.min(graph.steps, memory + 4); lists++)
    if (graph.steps % lists === 0) return lists;
  return memory + 1;
}

function placeWeights(
  graph: DynamicsGraph,
  { populations }: Layouts,
  walks: ReadonlyMap<string, readonly SynapseRow[]>,
  { orders }: PointerPlan,
  learning: readonly SynapseRow[],
) {
  const blocks = new Map<string, WeightBlock>();
  const eligibilities = new Map<WalkRow, ProjectionRows>();
  let used = 0;
  for (const target of walks.keys()) {
    const block = weightBlock(graph, populations.get(target)!, orders.get(target)!, used);
    blocks.set(target, block);
    used += block.groups * block.groupRows;
  }
  for (const row of learning) {
    const { target, plasticity } = graph.projections.find((p) => p.name === row.projection)!;
    if (!plasticity?.eligibility) continue;
    const own = rowsOfWalk(blocks.get(target)!, row);
    eligibilities.set(row, { ...own, base: used, groupRows: own.sources });
    used += own.groups * own.sources;
  }
  return { blocks, eligibilities, used };
}

function placeLists(scattered: ReadonlySet<SynapseRow>, from: number) {
  const synapseLists = new Map<SynapseRow, SynapseLists>();
  let used = from;
  for (const row of scattered) {
    const own = layOutLists(row, used);
    synapseLists.set(row, own);
    used += own.rows;
  }
  return { synapseLists, used };
}

/** First of so many words in a row whose thresholds are above 0; appends them where there are none. */
function quietRun(parameters: (readonly [number, number])[], lanes: number): number {
  for (let at = 0; at + lanes <= parameters.length; at++)
    if (parameters.slice(at, at + lanes).every(([low]) => (low & 0xffff) > 0)) return at;
  for (let lane = 0; lane < lanes; lane++) parameters.push([1, 0]);
  return parameters.length - lanes;
}

/** A word of threshold 1 and nothing else; appends one where there is none. */
function rewardWord(parameters: (readonly [number, number])[]): number {
  const found = parameters.findIndex(([low, high]) => low === 1 && high === 0);
  return found >= 0 ? found : parameters.push([1, 0]) - 1;
}
