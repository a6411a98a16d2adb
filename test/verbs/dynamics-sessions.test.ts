import { describe, expect, it } from "vitest";
import { genericStdpW8 } from "../../src/arch/core-config.js";
import { gates, roundings } from "../../src/arch/dynamics/neuron.js";
import { openDynamics, SpikewrightError } from "../../src/index.js";
import type { DynamicsMapping } from "../../src/map/dynamics/map.js";
import { connect } from "../../src/runtime/connect.js";
import { CycleLinkEngine } from "../../src/sim/virtual/link-engine.js";
import { noisyTransport } from "../../src/sim/virtual/noisy-transport.js";
import { virtualTransport } from "../../src/sim/virtual/virtual-transport.js";
import type { DynamicsGraph } from "../../src/snn/dynamics/graph.js";
import { seededRandom } from "../../src/support/random.js";
import { DynamicsBoard } from "../../src/verbs/hardware/dynamics-board.js";
import { mappedNetworks } from "../map/dynamics/mapped-networks.js";
import { randomSample } from "../random/dynamics-network.js";

const isLong = process.env["SPIKEWRIGHT_LONG"] !== undefined;
const sessions = isLong ? 1000 : 12;
/** What is done in a session. */
const actions = 12;
/** One byte in so many is damaged, each way. */
const damageEvery = 2000;

type Reference = ReturnType<typeof openDynamics>;

/** One session: random settings, samples and read-backs over a bad line, against the reference. */
async function runSession(seed: number, graph: DynamicsGraph, mapping: DynamicsMapping): Promise<number> {
  const random = seededRandom(seed);
  const integer = (min: number, max: number) => min + Math.floor(random() * (max - min + 1));
  const pick = <T>(values: readonly T[]): T => values[integer(0, values.length - 1)]!;
  const line = virtualTransport("virtual", new CycleLinkEngine(genericStdpW8));
  // a damaged header looks like silence: on such a line that can come several times in a row
  const device = await connect(noisyTransport(line, { every: damageEvery, seed }), { silentAttempts: 20 });
  const board = await DynamicsBoard.open(device, graph);
  const reference: Reference = openDynamics(graph);
  try {
    for (let action = 0; action < actions; action++) {
      const { name: population, size, parameterCount } = pick(mapping.placement.populations);
      const neuron = integer(0, size - 1);
      const projection = pick(graph.projections);
      switch (integer(0, 5)) {
        case 0:
        case 1: {
          const values = randomSample(graph, seed + action);
          expect((await board.run(values)).decision).toBe(reference.runSample(values));
          break;
        }
        case 2: {
          const state = { v: integer(-500, 500), refractory: integer(0, 15), postTrace: integer(0, 255) };
          await board.setNeuronState(population, neuron, state);
          reference.setNeuronState(population, neuron, state);
          break;
        }
        case 3: {
          // a word that several neurons share would change them all
          if (parameterCount !== size) break;
          const own = { vThreshold: integer(0, 800), bias: integer(-50, 50), leak: integer(0, 4095) };
          await board.setNeuron(population, neuron, own);
          reference.setNeuron(population, neuron, own);
          expect(await board.neuron(population, neuron)).toEqual(reference.neuron(population, neuron));
          break;
        }
        case 4: {
          const { synapses, plasticity } = projection;
          const placed = mapping.placement.projections.find((p) => p.name === projection.name)!;
          const { weights, places } = pick(placed.parts);
          const at = pick([...places.keys()]);
          if (places[at]! < 0 || synapses.kind === "convolution" || synapses.weights.length === 1) break;
          const isFixed = plasticity?.enabled?.[places[at]!] === 0;
          const { min, max } = plasticity && !isFixed ? plasticity.rule : { min: -127, max: 127 };
          const weight = integer(min, max);
          await board.setWeight(projection.name, Math.floor(at / weights.targets), at % weights.targets, weight);
          reference.setWeight(projection.name, places[at]!, weight);
          break;
        }
        default: {
          const changes = { gate: pick(gates), leakRounding: pick(roundings), currentLoss: integer(0, 4096) };
          await board.setDynamics(population, changes);
          reference.setDynamics(population, changes);
        }
      }
      await compare(board, reference, graph);
    }
    return board.device.statistics.linkErrors;
  } finally {
    await board.device.close();
  }
}

async function compare(board: DynamicsBoard, reference: Reference, graph: DynamicsGraph): Promise<void> {
  for (const { name } of graph.populations) {
    const wanted = Array.from({ length: reference.state(name).v.length }, (_, n) => reference.neuronState(name, n));
    expect(await board.states(name)).toEqual(wanted);
  }
  for (const { name } of graph.projections) {
    expect(await board.weights(name)).toEqual(reference.weights(name));
    expect(await board.eligibilities(name)).toEqual(reference.eligibilities(name));
  }
}

describe("sessions over a bad line", () => {
  it(
    `${sessions} random ones leave the core in the state of the reference, always`,
    async () => {
      let seed = 500;
      let errors = 0;
      for (const [graph, mapping] of mappedNetworks(seed, sessions, genericStdpW8)) {
        try {
          errors += await runSession(seed, graph, mapping);
        } catch (error) {
          const codes = error instanceof SpikewrightError ? error.diagnostics.map(({ code }) => code) : [];
          throw new Error(`session ${seed} of ${graph.name} ${codes}`, { cause: error });
        }
        seed++;
      }
      expect(errors).toBeGreaterThan(sessions / 4);
    },
    isLong ? 3_600_000 : 120_000,
  );
});
