import type { CoreConfig } from "../../../src/arch/core-config.js";
import { type DynamicsMapping, mapDynamics } from "../../../src/map/dynamics/map.js";
import { type DynamicsGraph, neuronCount } from "../../../src/snn/dynamics/graph.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { seededRandom } from "../../../src/support/random.js";
import { randomDynamics } from "../../random/dynamics-network.js";

/** Random networks that fit a core. */
export function* mappedNetworks(
  first: number,
  count: number,
  config: CoreConfig,
): Generator<readonly [DynamicsGraph, DynamicsMapping]> {
  let found = 0;
  for (let seed = first; found < count; seed++) {
    const steps = [1, 4, 9][seed % 3]!;
    const { weightBits } = config;
    const graph = randomDynamics(seed, { steps, incoming: 2, populations: 2, graded: false, weightBits });
    try {
      yield [graph, mapDynamics(graph, config)];
      found++;
    } catch (error) {
      if (!(error instanceof SpikewrightError)) throw error;
    }
  }
}

/** A random network whose populations follow each other. */
export function randomChain(seed: number, weightBits: number, steps: number): DynamicsGraph {
  const graph = randomDynamics(seed, { graded: false, weightBits, steps, populations: 4, plasticity: false });
  const input = { ...graph.inputs[0]!, kind: "events" as const };
  const chain = [input, ...graph.populations];
  const random = seededRandom(seed);
  return {
    ...graph,
    inputs: [input],
    populations: graph.populations.map(({ values: _, winnerTakeAll: __, dynamics, ...rest }) => ({
      ...rest,
      dynamics: { ...dynamics, noise: false },
    })),
    projections: graph.populations.map(({ name, shape }, p) => {
      const count = neuronCount(chain[p]!.shape) * neuronCount(shape);
      const weights = Int8Array.from({ length: count }, () => Math.floor((random() - 0.4) * 2 ** (weightBits - 1)));
      const synapses = { kind: "dense" as const, weights };
      return { name: `to ${name}`, source: chain[p]!.name, target: name, delay: 0, synapses };
    }),
  };
}
