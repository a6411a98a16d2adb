import type { PopulationTrace, SampleResult } from "./device.js";

/** The first place in which two engines differ on one sample. */
export interface Difference {
  /** Population, or the name of a result: `decision`, `cycles`. */
  readonly population: string;
  /** Neuron index in the population, `(y * width + x) * channels + channel`; absent for results of the whole sample. */
  readonly neuron?: number;
  readonly what: "spikes" | "potential" | "decision" | "cycles";
  readonly wanted: number;
  readonly found: number;
}

export interface Comparison {
  readonly neuronsCompared: number;
  /** Neurons whose spike count or membrane potential differ, plus one for a different decision. */
  readonly mismatches: number;
  readonly cycleMismatches: number;
  readonly first: Difference | undefined;
}

/**
 * Compares what two engines said about the same sample: spike count and membrane potential of every neuron that both
 * computed, or of the readout where one cannot be watched inside, the decision, and the clock cycles where both count them.
 *
 * @param order Population names in topological order, so that the first difference is the earliest.
 */
export function compareSamples(wanted: SampleResult, found: SampleResult, order: readonly string[]): Comparison {
  let [neuronsCompared, mismatches, cycleMismatches] = [0, 0, 0];
  let first: Difference | undefined;
  for (const population of order) {
    const [a, b] = [wanted.populations?.get(population), found.populations?.get(population)];
    if (!a || !b) continue;
    const result = compareTraces(population, a, b);
    neuronsCompared += result.neurons;
    mismatches += result.mismatches;
    first ??= result.first;
  }
  // an engine that cannot be watched inside still tells the potentials of its readout
  if (neuronsCompared === 0 && wanted.potentials && found.potentials) {
    const result = compareReadouts(order.at(-1) ?? "readout", wanted.potentials, found.potentials);
    neuronsCompared = result.neurons;
    mismatches = result.mismatches;
    first = result.first;
  }
  if (wanted.decision !== found.decision) {
    mismatches++;
    first ??= { population: "decision", what: "decision", wanted: wanted.decision, found: found.decision };
  }
  if (wanted.cycles !== undefined && found.cycles !== undefined && wanted.cycles !== found.cycles) {
    cycleMismatches++;
    first ??= { population: "cycles", what: "cycles", wanted: wanted.cycles, found: found.cycles };
  }
  return { neuronsCompared, mismatches, cycleMismatches, first };
}

function compareReadouts(population: string, a: Int32Array, b: Int32Array): ReturnType<typeof compareTraces> {
  const neurons = Math.max(a.length, b.length);
  const differing = Array.from({ length: neurons }, (_, n) => n).filter((n) => a[n] !== b[n]);
  const [neuron] = differing;
  const first: Difference | undefined =
    neuron === undefined
      ? undefined
      : { population, neuron, what: "potential", wanted: a[neuron] ?? Number.NaN, found: b[neuron] ?? Number.NaN };
  return { neurons, mismatches: differing.length, first };
}

function compareTraces(
  population: string,
  a: PopulationTrace,
  b: PopulationTrace,
): { neurons: number; mismatches: number; first: Difference | undefined } {
  let [neurons, mismatches] = [0, 0];
  let first: Difference | undefined;
  const differs = (neuron: number, what: "spikes" | "potential", wanted: number, found: number): void => {
    mismatches++;
    first ??= { population, neuron, what, wanted, found };
  };
  const size = Math.max(a.tracers.length, b.tracers.length);
  const hasPotentials = a.potentials.length > 0 && b.potentials.length > 0;
  for (let n = 0; n < size; n++) {
    if (a.computed?.[n] === 0 || b.computed?.[n] === 0) continue;
    neurons++;
    if (a.tracers[n] !== b.tracers[n]) differs(n, "spikes", a.tracers[n] ?? Number.NaN, b.tracers[n] ?? Number.NaN);
    else if (hasPotentials && a.potentials[n] !== b.potentials[n]) {
      differs(n, "potential", a.potentials[n]!, b.potentials[n]!);
    }
  }
  return { neurons, mismatches, first };
}
