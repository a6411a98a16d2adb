import type { ProgramShape } from "../../program/program.js";
import type { PoolPopulation, Population, Projection, SnnGraph, SpikingPopulation } from "../../snn/graph.js";

/**
 * What visits neurons on the core: a spiking population, with the pool that is merged into its passes, or a pool that
 * needs passes of its own.
 */
export interface Unit {
  /** Name of the population whose neurons are visited. */
  readonly name: string;
  readonly neurons: SpikingPopulation | undefined;
  readonly pool: PoolPopulation | undefined;
  /** Name under which others read it: the pool's, if there is one. */
  readonly output: string;
  /** Shape of what it emits. */
  readonly shape: ProgramShape;
  /** Projections that feed it; empty for a pool of its own. */
  readonly projections: readonly Projection[];
}

/** The spiking network as the core sees it. */
export interface Network {
  readonly graph: SnnGraph;
  /** Topological order. */
  readonly units: readonly Unit[];
  /** Shape of everything that has a spike list, by the name under which it is read. */
  readonly shapes: ReadonlyMap<string, ProgramShape>;
  /** Units that read a spike list. */
  readonly readers: ReadonlyMap<string, readonly Unit[]>;
}

/** Largest pool window that a pass can merge, each way. */
const maximumWindow = 15;

/**
 * Groups populations into units: a pool that is the only reader of its source is merged into the source's passes.
 *
 * @param visible Every spike must be seen in a list (to find out when the network is silent), so a pool of maxima, which
 *   hides spikes of the smaller members, is not merged.
 */
export function analyseNetwork(graph: SnnGraph, visible = false): Network {
  const merged = new Map<string, PoolPopulation>();
  for (const pool of graph.populations) {
    if (pool.kind === "pool" && !(visible && pool.op === "max") && canMerge(graph, pool)) merged.set(pool.source, pool);
  }
  const mergedNames = new Set([...merged.values()].map((pool) => pool.name));
  const units = graph.populations
    .filter((population) => !mergedNames.has(population.name))
    .map((population) => toUnit(graph, population, merged.get(population.name)));
  const shapes = new Map<string, ProgramShape>([[graph.input.name, graph.input.shape]]);
  for (const unit of units) shapes.set(unit.output, unit.shape);
  const readers = new Map([...shapes.keys()].map((name) => [name, units.filter((unit) => reads(unit, name))]));
  return { graph, units, shapes, readers };
}

/** Names that a unit reads, each once. */
export function sourcesOf(unit: Unit): readonly string[] {
  if (unit.neurons === undefined) return [unit.pool!.source];
  return [...new Set(unit.projections.map((projection) => projection.source))];
}

function reads(unit: Unit, name: string): boolean {
  return sourcesOf(unit).includes(name);
}

function toUnit(graph: SnnGraph, population: Population, pool: PoolPopulation | undefined): Unit {
  const { name } = population;
  if (population.kind === "pool")
    return { name, neurons: undefined, pool: population, output: name, shape: population.shape, projections: [] };
  const projections = graph.projections.filter((projection) => projection.target === name);
  const output = pool?.name ?? name;
  return { name, neurons: population, pool, output, shape: (pool ?? population).shape, projections };
}

function canMerge(graph: SnnGraph, pool: PoolPopulation): boolean {
  const source = graph.populations.find((population) => population.name === pool.source);
  if (source?.kind !== "spiking" || source.preset === "li" || graph.readout.population === source.name) return false;
  const otherReaders =
    graph.projections.some((projection) => projection.source === source.name) ||
    graph.populations.some((other) => other.kind === "pool" && other !== pool && other.source === source.name);
  const tiles = [0, 1].every(
    (axis) =>
      pool.stride[axis] === pool.window[axis] &&
      pool.padding[axis] === 0 &&
      pool.window[axis]! <= maximumWindow &&
      pool.shape[axis]! * pool.window[axis]! <= source.shape[axis]!,
  );
  return tiles && !otherReaders;
}
