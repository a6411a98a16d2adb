import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CoreConfig, genericStdpW8, hx8kLifW8, up5kLifW4, up5kLifW8 } from "../../../src/arch/core-config.js";
import { readStateWord } from "../../../src/arch/dynamics/words.js";
import { type DynamicsMapping, mapDynamics } from "../../../src/map/dynamics/map.js";
import { readMatrix } from "../../../src/map/dynamics/shape/weights.js";
import { readBits } from "../../../src/program/memory-image.js";
import { CycleCore } from "../../../src/sim/cycle/core.js";
import { loadProgram } from "../../../src/sim/cycle/load.js";
import { openDynamics } from "../../../src/sim/dynamics/simulator.js";
import { type DynamicsGraph, delaysOf } from "../../../src/snn/dynamics/graph.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { randomDynamics, randomSample } from "../../random/dynamics-network.js";
import { randomSparse } from "../../random/sparse-network.js";
import { randomChain } from "./mapped-networks.js";

const isLong = process.env["SPIKEWRIGHT_LONG"] !== undefined;
/** Networks drawn, about two thirds of which fit, and steps of each. */
const [networks, total] = isLong ? [500, 200] : [100, 20];

/** Cores with room for long programs, so that most random networks fit. */
const configs = [genericStdpW8, up5kLifW4, hx8kLifW8].map((config) => ({
  ...config,
  programDepth: 1024,
  learning: 2 as const,
  scatter: 0 as const,
}));

const sparseConfigs = [up5kLifW8, up5kLifW4].map((config) => ({ ...config, programDepth: 1024, listDepth: 2048 }));

/** State, weights and eligibilities of everything, read from a core as a host would. */
function readCore(core: CycleCore, graph: DynamicsGraph, { placement }: DynamicsMapping): string {
  const { lanes, weightBits } = core.config;
  const states = placement.populations.map(({ state, size }) =>
    Array.from({ length: size }, (_, n) => {
      const bytes = core.read("state", state + n);
      return ordered(readStateWord([readBits(bytes, 0, 32), readBits(bytes, 32, 32)]));
    }),
  );
  const rows = new Int8Array(core.config.weightDepth * lanes);
  const parts = placement.projections.flatMap((projection) => projection.parts);
  const used = parts.flatMap(({ weights, eligibilities }) => [weights, ...(eligibilities ? [eligibilities] : [])]);
  for (const { base, groupRows, groups } of used)
    for (let row = base; row < base + groups * groupRows; row++) {
      const bytes = core.read("weights", row);
      for (let lane = 0; lane < lanes; lane++)
        rows[row * lanes + lane] =
          (readBits(bytes, lane * weightBits, weightBits) << (32 - weightBits)) >> (32 - weightBits);
    }
  const matrices = placement.projections.map(({ parts, lists }, p) => {
    const { length } = graph.projections[p]!.synapses.weights;
    const weights = new Int8Array(length);
    const eligibilities = new Int8Array(length);
    for (const part of parts) {
      const matrix = readMatrix(rows, part.weights, lanes);
      const own = part.eligibilities && readMatrix(rows, part.eligibilities, lanes);
      for (const [at, place] of part.places.entries()) {
        if (place >= 0) weights[place] = matrix[at]!;
        if (place >= 0 && own) eligibilities[place] = own[at]!;
      }
    }
    for (const { places, rowOf, bitOf } of lists)
      for (const [k, place] of places.entries())
        weights[place] = readBits(core.read("weights", rowOf[k]!), bitOf[k]!, 8);
    return [[...weights], graph.projections[p]!.plasticity?.eligibility ? [...eligibilities] : []];
  });
  return JSON.stringify([states, matrices, graph.name]);
}

function readReference(simulator: ReturnType<typeof openDynamics>, graph: DynamicsGraph): string {
  const states = graph.populations.map(({ name }) =>
    Array.from({ length: simulator.state(name).v.length }, (_, n) => ordered(simulator.neuronState(name, n))),
  );
  const matrices = graph.projections.map(({ name }) => [
    [...simulator.weights(name)],
    [...(simulator.eligibilities(name) ?? [])],
  ]);
  return JSON.stringify([states, matrices, graph.name]);
}

function ordered({ v, j, adaptation, refractory, fired, preTrace, postTrace }: ReturnType<typeof readStateWord>) {
  return [v, j, adaptation, refractory, fired, preTrace, postTrace];
}

function tryMap(graph: DynamicsGraph, config: CoreConfig): DynamicsMapping | undefined {
  try {
    return mapDynamics(graph, config);
  } catch (error) {
    if (error instanceof SpikewrightError) return undefined;
    throw error;
  }
}

/** Runs samples on both and compares everything after each. */
function expectEqual(graph: DynamicsGraph, config: CoreConfig, mapping: DynamicsMapping, samples: number): CycleCore {
  const core = new CycleCore(config);
  loadProgram(core, mapping.program);
  const simulator = openDynamics(graph, { lanes: config.lanes });
  for (let sample = 0; sample < samples; sample++) {
    const values = randomSample(graph, sample);
    const decision = simulator.runSample(values);
    expect(core.push(values)).toBe(values.length);
    expect(core.registers.state).toBe(1);
    expect(`${sample} ${readCore(core, graph, mapping)}`).toBe(`${sample} ${readReference(simulator, graph)}`);
    expect(core.registers.decision).toBe(decision);
    expect(core.registers.cycles).toBeLessThanOrEqual(mapping.program.worstCaseCycles);
  }
  return core;
}

describe("mapped networks with dynamics on the simulated core", () => {
  it("equal the reference simulator: states, weights, eligibilities, decisions", { timeout: 3_600_000 }, () => {
    let mapped = 0;
    let tried = 0;
    const seen = { delays: 0, masks: 0 };
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...configs), fc.constantFrom(1, 2, 7), (seed, config, steps) => {
        const graph = randomDynamics(seed, {
          graded: false,
          weightBits: config.weightBits,
          steps,
          populations: 4,
          incoming: 3,
        });
        tried++;
        const mapping = tryMap(graph, config);
        if (!mapping) return;
        mapped++;
        seen.delays += Number(graph.projections.some((p) => delaysOf(p).length > 1));
        seen.masks += Number(graph.projections.some((p) => p.plasticity?.enabled));
        expectEqual(graph, config, mapping, Math.ceil(total / steps));
      }),
      { numRuns: networks },
    );
    expect(mapped / tried).toBeGreaterThan(0.5);
    expect(Math.min(seen.delays, seen.masks)).toBeGreaterThan(networks / 50);
    if (isLong) console.info(`${mapped} networks, ${total} steps each`, seen);
  });

  it("equal it on cores that scatter, whatever the network", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...sparseConfigs), fc.constantFrom(1, 7), (seed, config, steps) => {
        const graph = randomDynamics(seed, {
          ...{ graded: false, plasticity: false, weightBits: config.weightBits, steps, incoming: 3 },
        });
        const mapping = tryMap(graph, config);
        if (mapping) expectEqual(graph, config, mapping, Math.ceil(total / steps));
      }),
      { numRuns: networks },
    );
  });

  it("equal it with lists of synapses", () => {
    let scattered = 0;
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...sparseConfigs), fc.constantFrom(1, 7), (seed, config, steps) => {
        const graph = randomSparse(seed, {
          ...{ steps, events: 20, neurons: [60, 90].slice(seed % 2), fanOut: 2 + (seed % 4), delay: 1 + (seed % 3) },
          ...{ reset: seed % 5 < 3 ? ("sample" as const) : ("never" as const), dense: seed % 3 === 0 },
        });
        const mapping = mapDynamics(graph, config);
        const core = expectEqual(graph, config, mapping, Math.ceil(total / steps));
        scattered += mapping.program.needs.scatter;
        expect(core.registers.operations).toBeGreaterThan(0);
      }),
      { numRuns: networks / 2 },
    );
    expect(scattered).toBeGreaterThan(networks / 3);
  });

  it("equal it when a layer takes many steps in one pass", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...configs), fc.integer({ min: 2, max: 90 }), (seed, config, steps) => {
        const graph = randomChain(seed, config.weightBits, steps);
        const mapping = mapDynamics(graph, config);
        expect(mapping.program.passes.some(({ visit }) => visit.rewind)).toBe(true);
        expectEqual(graph, config, mapping, 3);
      }),
      { numRuns: 60 },
    );
  });
});
