import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DynamicsState } from "../../../src/arch/dynamics/neuron.js";
import { openDynamics } from "../../../src/sim/dynamics/simulator.js";
import { verifyDynamicsGraph } from "../../../src/snn/dynamics/verify/verify.js";
import { randomDynamics, randomSample } from "../../random/dynamics-network.js";
import { SlowModel } from "./slow-model.js";

/** Runs both models; returns the first step and item that differ. */
function firstDifference(seed: number, lanes: number): string | undefined {
  const graph = randomDynamics(seed, { populations: 4, steps: 15 });
  const fast = openDynamics(graph, { lanes });
  const slow = new SlowModel(graph, lanes);
  for (let sample = 0; sample < 3; sample++) {
    const values = randomSample(graph, seed + sample);
    const wanted: string[] = [];
    slow.sample(values, () => wanted.push(JSON.stringify([slow.states, slow.noise, slow.weights, slow.eligibilities])));
    const found: string[] = [];
    let isWatching = true;
    fast.observe(() => {
      if (isWatching) found.push(snapshotOf(graph, fast));
    });
    fast.runSample(values);
    isWatching = false;
    const step = wanted.findIndex((text, t) => text !== found[t]);
    if (step >= 0)
      return `sample ${sample} step ${step}: ${found[step]?.slice(0, 300)}\n${wanted[step]!.slice(0, 300)}`;
  }
  return undefined;
}

function snapshotOf(graph: ReturnType<typeof randomDynamics>, fast: ReturnType<typeof openDynamics>): string {
  const states = Object.fromEntries(
    graph.populations.map(({ name }) => {
      const size = fast.state(name).v.length;
      return [name, Array.from({ length: size }, (_, n) => ordered(fast.neuronState(name, n)))];
    }),
  );
  const weights = Object.fromEntries(graph.projections.map(({ name }) => [name, [...fast.weights(name)]]));
  const eligibilities = Object.fromEntries(
    graph.projections.map(({ name }) => [name, [...(fast.eligibilities(name) ?? fast.weights(name).map(() => 0))]]),
  );
  return JSON.stringify([states, fast.noise, weights, eligibilities]);
}

function ordered({ v, j, adaptation, refractory, fired, preTrace, postTrace }: DynamicsState) {
  return { v, j, adaptation, refractory, fired, preTrace, postTrace };
}

describe("reference simulator of dynamics", () => {
  it("has something to compare: most random networks spike and learn", () => {
    let spiking = 0;
    let learning = 0;
    for (let seed = 0; seed < 60; seed++) {
      const graph = randomDynamics(seed, { populations: 4, steps: 15 });
      const simulator = openDynamics(graph);
      simulator.runSample(randomSample(graph, seed));
      spiking += Number(simulator.counters.spikes > 0);
      const isChanged = ({ name, synapses }: (typeof graph.projections)[number]) =>
        synapses.weights.some((weight, i) => weight !== simulator.weights(name)[i]) ||
        simulator.eligibilities(name)?.some((e) => e !== 0);
      learning += Number(graph.projections.some(isChanged));
    }
    expect(spiking).toBeGreaterThan(45);
    expect(learning).toBeGreaterThan(10);
  });

  it("equals the definition on random networks: states, generator, weights, eligibilities in every step", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(4, 8, 16), (seed, lanes) => {
        expect(verifyDynamicsGraph(randomDynamics(seed, { populations: 4, steps: 15 }))).toEqual([]);
        expect(firstDifference(seed, lanes)).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });
});
