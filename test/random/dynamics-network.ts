import {
  gates,
  type NeuronDynamics,
  type PopulationDynamics,
  resets,
  roundings,
} from "../../src/arch/dynamics/neuron.js";
import type { PlasticityRule, PostRule, PreRule } from "../../src/arch/dynamics/plasticity.js";
import { traceDecays } from "../../src/arch/dynamics/registers.js";
import { noTrace, type TraceRule } from "../../src/arch/dynamics/trace.js";
import {
  type Delays,
  type DynamicsGraph,
  type DynamicsInput,
  type DynamicsPopulation,
  type DynamicsProjection,
  delaysOf,
  neuronCount,
  type Shape3,
  type SynapseMatrix,
} from "../../src/snn/dynamics/graph.js";
import { sampleLayout } from "../../src/snn/dynamics/sample.js";
import { seededRandom } from "../../src/support/random.js";

export interface RandomDynamicsOptions {
  /** Largest number of populations. */
  readonly populations?: number;
  /** Largest number of neurons of a population. */
  readonly neurons?: number;
  readonly steps?: number;
  readonly weightBits?: number;
  readonly plasticity?: boolean;
  /** Inputs may have values above 1. Default true. */
  readonly graded?: boolean;
  /** Largest number of projections into a population. */
  readonly incoming?: number;
}

/** A random network that draws from all options of neurons, topology and learning. */
export function randomDynamics(seed: number, options: RandomDynamicsOptions = {}): DynamicsGraph {
  const {
    populations: most = 3,
    neurons: largest = 20,
    steps = 12,
    weightBits = 8,
    plasticity = true,
    graded = true,
  } = options;
  const random = seededRandom(seed);
  const integer = (min: number, max: number): number => min + Math.floor(random() * (max - min + 1));
  const pick = <T>(values: readonly T[]): T => values[integer(0, values.length - 1)]!;
  const chance = (p: number): boolean => random() < p;
  const limit = 2 ** (weightBits - 1);

  const shape = (): Shape3 =>
    chance(0.3) ? [integer(2, 3), integer(2, 3), integer(1, 3)] : [1, 1, integer(1, largest)];
  const trace = (): TraceRule =>
    chance(0.25)
      ? noTrace
      : { decay: pick(traceDecays), shift: integer(1, 7), increment: integer(0, 255), sets: chance(0.5) };
  const neuron = (): NeuronDynamics => ({
    vThreshold: chance(0.1) ? integer(0, 3) : integer(1, 8 * limit),
    bias: chance(0.5) ? 0 : integer(-limit, limit),
    vReset: integer(-limit, limit),
    leak: chance(0.3) ? 0 : integer(0, 4095),
    refractory: chance(0.5) ? 0 : integer(0, 15),
  });
  const dynamics = (): PopulationDynamics => {
    const reset = pick(resets);
    return {
      leakRounding: pick(roundings),
      currentLoss: chance(0.4) ? 4096 : integer(0, 4096),
      currentRounding: pick(roundings),
      reset,
      delayedReset: reset === "none" && chance(0.7),
      gate: pick(gates),
      noise: chance(0.3),
      adaptation: chance(0.5)
        ? { increment: 0, decay: 0, scale: 0 }
        : { increment: integer(0, 2047), decay: integer(0, 15), scale: integer(0, 4) },
      preTrace: trace(),
      postTrace: trace(),
    };
  };

  const inputs: DynamicsInput[] = [
    { name: "in0", shape: shape(), kind: "events", max: graded && chance(0.2) ? integer(2, 255) : 1 },
    ...(chance(0.2) ? [{ name: "in1", shape: shape(), kind: "events" as const, max: 1 }] : []),
    ...(chance(0.2)
      ? [{ name: "still", shape: shape(), kind: "current" as const, max: graded ? integer(1, 15) : 1 }]
      : []),
  ];
  const populations: DynamicsPopulation[] = Array.from({ length: integer(1, most) }, (_, p) => {
    const own = shape();
    const size = neuronCount(own);
    const isWinnerTakeAll = chance(0.25);
    const settings = dynamics();
    return {
      name: `p${p}`,
      shape: own,
      neurons: Array.from({ length: chance(0.4) ? 1 : size }, neuron),
      dynamics: isWinnerTakeAll ? { ...settings, noise: false } : settings,
      ...(chance(0.2) && { values: { max: integer(1, 255) } }),
      ...(isWinnerTakeAll && { winnerTakeAll: { inhibition: integer(0, 500), block: integer(0, 15) } }),
    };
  });

  // a core with learning takes the lowest for no synapse
  const weight = (): number => integer(plasticity ? 1 - limit : -limit, limit - 1);
  const weights = (count: number): Int8Array => Int8Array.from({ length: count }, weight);
  const synapses = (source: Shape3, target: Shape3): SynapseMatrix => {
    const [from, to] = [neuronCount(source), neuronCount(target)];
    const kind = random();
    const same = source[0] === target[0] && source[1] === target[1];
    if (kind < 0.3 && same && source[0] > 1)
      return {
        kind: "convolution",
        kernel: [3, 3],
        stride: [1, 1],
        padding: [1, 1],
        weights: weights(9 * source[2] * target[2]),
      };
    if (kind < 0.5 && from === to) return { kind: "one-to-one", weights: weights(chance(0.5) ? 1 : from) };
    if (kind < 0.6) {
      const pairs = Array.from({ length: from * to }, (_, k) => k).filter(() => chance(0.3));
      return {
        kind: "sparse",
        sources: Int32Array.from(pairs, (k) => Math.floor(k / to)),
        targets: Int32Array.from(pairs, (k) => k % to),
        weights: weights(pairs.length),
      };
    }
    return { kind: "dense", weights: weights(from * to) };
  };
  const delays = (own: SynapseMatrix, sources: number, least: number): Delays => {
    const of = own.kind === "sparse" && chance(0.5) ? "synapse" : "source";
    const choices = Array.from({ length: integer(1, 3) }, () => integer(0, Math.min(4, 15 - least)));
    const steps = Uint8Array.from({ length: of === "source" ? sources : own.weights.length }, () => pick(choices));
    return { of, steps };
  };
  const preRule = (): PreRule =>
    pick<PreRule>([
      { kind: "none" },
      { kind: "rectangular", amount: integer(0, 20) },
      { kind: "trace", shift: integer(0, 7), stochastic: chance(0.5) },
      {
        kind: "spike-driven",
        amount: integer(0, 20),
        vTheta: integer(-200, 500),
        up: [integer(0, 100), integer(50, 256)],
        down: [integer(0, 100), integer(50, 256)],
      },
    ]);
  const postRule = (): PostRule =>
    pick<PostRule>([
      { kind: "none" },
      { kind: "rectangular", amount: integer(0, 20), offset: integer(0, 5) },
      { kind: "trace", shift: integer(0, 7), stochastic: chance(0.5), offset: integer(0, 5) },
    ]);
  const rule = (hasTraces: boolean): PlasticityRule => {
    const min = integer(1 - limit, 0);
    return { pre: preRule(), post: hasTraces ? postRule() : { kind: "none" }, min, max: integer(min, limit - 1) };
  };

  const projections: DynamicsProjection[] = [];
  for (const [p, { name: target, shape: to }] of populations.entries()) {
    for (let k = integer(1, options.incoming ?? 2); k > 0; k--) {
      const source = pick([...inputs, ...populations]);
      const order = populations.findIndex(({ name }) => name === source.name);
      const isCurrent = "kind" in source && source.kind === "current";
      const least = order >= p ? 1 : 0;
      const delay = isCurrent ? 0 : chance(0.7) ? least : integer(least, chance(0.1) ? 15 : 3);
      const name = `${source.name}>${target}#${projections.length}`;
      const own = synapses(source.shape, to);
      const more = isCurrent || chance(0.75) ? undefined : delays(own, neuronCount(source.shape), delay);
      const ends = { name, source: source.name, target, delay, ...(more && { delays: more }), synapses: own };
      const mine = delaysOf(ends);
      if (
        projections.some(
          (q) => q.source === source.name && q.target === target && delaysOf(q).some((d) => mine.includes(d)),
        )
      )
        continue;
      const isOwn = own.kind !== "convolution" && own.weights.length >= neuronCount(source.shape);
      if (plasticity && isOwn && !isCurrent && chance(0.5)) {
        const learned = rule(order >= 0);
        const enabled = chance(0.3) ? Uint8Array.from(own.weights, () => integer(0, 1)) : undefined;
        for (const [w, weight] of own.weights.entries())
          if (enabled?.[w] !== 0) own.weights[w] = Math.min(Math.max(weight, learned.min), learned.max);
        const eligibility = {
          min: integer(1 - limit, 0),
          max: integer(0, limit - 1),
          shift: integer(0, 7),
          decay: integer(0, 7),
        };
        projections.push({
          ...ends,
          plasticity: { rule: learned, ...(enabled && { enabled }), ...(chance(0.3) && { eligibility }) },
        });
      } else projections.push(ends);
    }
  }
  return {
    name: `random-${seed}`,
    steps,
    reset: chance(0.6) ? "sample" : "never",
    seed: integer(0, 2 ** 22 - 1),
    inputs,
    populations,
    projections,
    readout: { population: pick(populations).name, kind: "potential" },
  };
}

/** Values of a random sample of a network; many are 0. */
export function randomSample(graph: DynamicsGraph, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const { size, rewards, begin, step, firstStep, stepSize } = sampleLayout(graph);
  const values = new Uint8Array(size);
  const draw = (max: number, density: number): number => (random() < density ? 1 + Math.floor(random() * max) : 0);
  for (let k = 0; k < rewards; k++) values[k] = draw(1, 0.5);
  for (const { offset, size: count, max } of begin) for (let k = 0; k < count; k++) values[offset + k] = draw(max, 0.7);
  for (let t = 0; t < graph.steps; t++)
    for (const { offset, size: count, max } of step)
      for (let k = 0; k < count; k++) values[firstStep + t * stepSize + offset + k] = draw(max, 0.4);
  return values;
}
