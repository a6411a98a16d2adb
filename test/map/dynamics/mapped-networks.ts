import type { CoreConfig } from "../../../src/arch/core-config.js";
import { type DynamicsMapping, mapDynamics } from "../../../src/map/dynamics/map.js";
import type { DynamicsGraph } from "../../../src/snn/dynamics/graph.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
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
