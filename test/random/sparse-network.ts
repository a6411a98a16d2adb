import type { PopulationDynamics } from "../../src/arch/dynamics/neuron.js";
import { noTrace } from "../../src/arch/dynamics/trace.js";
import type { DynamicsGraph, DynamicsPopulation, DynamicsProjection } from "../../src/snn/dynamics/graph.js";
import { seededRandom } from "../../src/support/random.js";

export interface SparseOptions {
  readonly steps: number;
  /** Events of a step, and neurons of each population. */
  readonly events: number;
  readonly neurons: readonly number[];
  /** Synapses of a neuron in each projection, on average. */
  readonly fanOut: number;
  /** Largest delay of a synapse. */
  readonly delay: number;
  /** Shortest and longest delay of each projection; undefined: there is none. Default: all that can be, some left out. */
  readonly reach?: (source: string, target: string) => readonly [least: number, most: number] | undefined;
  readonly reset: "sample" | "never";
  /** Beside the lists dense projections, which take a step longer. */
  readonly dense?: boolean;
}

/** A random network of an input and populations that reach each other and themselves by few synapses, each with its delay. */
export function randomSparse(seed: number, options: SparseOptions): DynamicsGraph {
  const { steps, events, neurons, fanOut, delay, reset, dense = false } = options;
  const anyReach = (source: string, target: string) =>
    source === "in" || chance(0.6) ? ([Number(source !== "in" && source >= target), delay] as const) : undefined;
  const reach = options.reach ?? anyReach;
  const random = seededRandom(seed);
  const integer = (min: number, max: number): number => min + Math.floor(random() * (max - min + 1));
  const chance = (p: number): boolean => random() < p;
  const dynamics = (): PopulationDynamics => ({
    leakRounding: chance(0.5) ? "floor" : "away",
    currentLoss: chance(0.4) ? 4096 : integer(1500, 4096),
    currentRounding: chance(0.5) ? "away" : "nearest",
    reset: chance(0.5) ? "subtract" : "value",
    delayedReset: false,
    gate: chance(0.5) ? "hold" : "no-fire",
    noise: chance(0.3),
    adaptation: { increment: integer(0, 20), decay: integer(0, 6), scale: integer(0, 2) },
    preTrace: noTrace,
    postTrace: noTrace,
  });
  const populations = neurons.map((size, p): DynamicsPopulation => {
    const isWinnerTakeAll = chance(0.2);
    const shared = dynamics();
    const own = { vThreshold: integer(40, 200), bias: integer(-5, 20), vReset: 0, leak: integer(100, 1000) };
    return {
      name: `p${p}`,
      shape: [1, 1, size],
      neurons: [{ ...own, refractory: integer(0, 3) }],
      dynamics: isWinnerTakeAll ? { ...shared, noise: false } : shared,
      ...(isWinnerTakeAll && { winnerTakeAll: { inhibition: integer(0, 50), block: 1 } }),
    };
  });
  const sizes = new Map<string, number>([["in", events], ...neurons.map((size, p) => [`p${p}`, size] as const)]);
  const sparse = (
    source: string,
    target: string,
    [least, most]: readonly [least: number, most: number],
  ): DynamicsProjection => {
    const [from, to] = [sizes.get(source)!, sizes.get(target)!];
    const pairs = new Set(Array.from({ length: from * fanOut }, () => integer(0, from - 1) * to + integer(0, to - 1)));
    const keys = [...pairs];
    return {
      name: `${source}>${target}`,
      source,
      target,
      delay: least,
      delays: { of: "synapse", steps: Uint8Array.from(keys, () => integer(0, most - least)) },
      synapses: {
        kind: "sparse",
        sources: Int32Array.from(keys, (k) => Math.floor(k / to)),
        targets: Int32Array.from(keys, (k) => k % to),
        weights: Int8Array.from(keys, () => integer(-100, 127)),
      },
    };
  };
  const projections: DynamicsProjection[] = [];
  for (const target of populations.map(({ name }) => name))
    for (const source of ["in", ...populations.map(({ name }) => name)]) {
      const range = reach(source, target);
      if (range) projections.push(sparse(source, target, range));
    }
  if (dense) {
    const all = (source: string): DynamicsProjection => {
      const weights = Int8Array.from({ length: sizes.get(source)! * neurons[0]! }, () => integer(-8, 7));
      const synapses = { kind: "dense" as const, weights };
      return { name: `all ${source}`, source, target: "p0", delay: delay + 1, synapses };
    };
    projections.push(...[all("in"), all("p0")].filter(() => chance(0.7)));
  }
  return {
    name: `sparse-${seed}`,
    steps,
    reset,
    seed: integer(0, 2 ** 22 - 1),
    inputs: [{ name: "in", shape: [1, 1, events], kind: "events", max: 1 }],
    populations,
    projections,
    readout: { population: populations.at(-1)!.name, kind: "potential" },
  };
}
