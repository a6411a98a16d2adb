import { afterEach, describe, expect, it } from "vitest";
import { type CoreConfig, genericStdpW8, up5kLifW8 } from "../../src/arch/core-config.js";
import {
  type DynamicsGraph,
  lif,
  network,
  oneToOne,
  openDynamics,
  rateRandom,
  type SpikewrightError,
  sparse,
} from "../../src/index.js";
import { connect } from "../../src/runtime/connect.js";
import { CycleLinkEngine } from "../../src/sim/virtual/link-engine.js";
import { virtualTransport } from "../../src/sim/virtual/virtual-transport.js";
import { seededRandom } from "../../src/support/random.js";
import { DynamicsBoard } from "../../src/verbs/hardware/dynamics-board.js";
import { randomSample } from "../random/dynamics-network.js";

const random = seededRandom(3);
const integers = (length: number, min: number, max: number): Int8Array =>
  Int8Array.from({ length }, () => min + Math.floor(random() * (max - min + 1)));
const trace = { decay: "exponential", shift: 2, increment: 90, sets: false } as const;
const rule = {
  pre: { kind: "rectangular", amount: 2 },
  post: { kind: "trace", shift: 3, stochastic: true, offset: 2 },
  min: -60,
  max: 60,
} as const;

const graphOf = (reset: "sample" | "never"): DynamicsGraph =>
  network("session", { steps: 2, reset })
    .input("in", 5)
    .encoder("code", 6, rateRandom({ preTrace: trace }))
    .population("a", 11, lif({ tau: 8, threshold: 70, preTrace: trace, postTrace: trace }))
    .connect("code", "a", integers(66, -20, 60))
    .connect("a", "a", integers(121, -30, 30))
    .population("b", 11, lif({ tau: 12, threshold: 60, refractory: 1, gate: "no-fire" }))
    .connect("a", "b", oneToOne(integers(11, 10, 90)))
    .connect("in", "b", integers(55, -20, 60), { delay: reset === "sample" ? 2 : 1 })
    .learn("code->a", rule)
    .learn("a->a@1", rule, { eligibility: { min: -100, max: 100, shift: 1, decay: 2 } })
    .build();

let board: DynamicsBoard | undefined;
afterEach(async () => {
  await board?.device.close();
  board = undefined;
});

async function open(graph: DynamicsGraph, config: CoreConfig = genericStdpW8): Promise<DynamicsBoard> {
  await board?.device.close();
  const device = await connect(virtualTransport("virtual", new CycleLinkEngine(config)));
  board = await DynamicsBoard.open(device, graph);
  return board;
}

describe("a network with dynamics behind the link", () => {
  it.each(["sample", "never"] as const)("has the state of the reference through a session, reset %s", async (reset) => {
    const graph = graphOf(reset);
    const session = await open(graph);
    const reference = openDynamics(graph);
    for (let sample = 0; sample < 14; sample++) {
      const values = randomSample(graph, sample);
      expect((await session.run(values)).decision).toBe(reference.runSample(values));
      for (const name of ["code", "a", "b"]) {
        const wanted = Array.from({ length: reference.state(name).v.length }, (_, n) => reference.neuronState(name, n));
        expect(await session.states(name), `sample ${sample}, ${name}`).toEqual(wanted);
      }
      for (const { name } of graph.projections) {
        expect(await session.weights(name), name).toEqual(reference.weights(name));
        expect(await session.eligibilities(name), name).toEqual(reference.eligibilities(name));
      }
      if (sample % 2 === 0) continue;
      await change(session, reference, sample);
    }
    const synapsesOf = (now: DynamicsGraph) => now.projections.map(({ synapses }) => synapses);
    expect(synapsesOf(await session.snapshot())).toEqual(synapsesOf(reference.snapshot()));
  });

  async function change(session: DynamicsBoard, reference: ReturnType<typeof openDynamics>, sample: number) {
    const neuron = sample % 11;
    await session.setNeuron("b", neuron, { vThreshold: 30 + sample, refractory: 0 });
    reference.setNeuron("b", neuron, { vThreshold: 30 + sample, refractory: 0 });
    expect(await session.neuron("b", neuron)).toEqual(reference.neuron("b", neuron));
    await session.setNeuronState("a", neuron, { v: -sample, postTrace: 7 });
    reference.setNeuronState("a", neuron, { v: -sample, postTrace: 7 });
    await session.setWeight("code->a", 3, neuron, sample);
    reference.setWeight("code->a", 3 * 11 + neuron, sample);
    const dynamics = { reset: sample % 4 === 1 ? ("value" as const) : ("subtract" as const) };
    await session.setDynamics("a", dynamics);
    reference.setDynamics("a", dynamics);
    const changed = { ...rule, post: { ...rule.post, offset: sample % 5 } };
    await session.setRule("code->a", changed);
    reference.setRule("code->a", changed);
  }

  it("reads and sets synapses in lists, as long as no current can leave 16 bits", async () => {
    const synapses = Array.from({ length: 24 }, (_, k): [number, number, number, number] => [
      ...([k >> 2, (7 * k) % 100, 10 + k] as const),
      k & 1,
    ]);
    const model = lif({ loss: 400, threshold: 30 });
    const graph = network("lists", { steps: 3 })
      .input("in", 6)
      .population("a", 100, { ...model, dynamics: { ...model.dynamics, currentLoss: 3000 } })
      .connect("in", "a", sparse(synapses))
      .build();
    const session = await open(graph, up5kLifW8);
    const reference = openDynamics(graph);
    for (let sample = 0; sample < 10; sample++) {
      const values = randomSample(graph, sample);
      expect((await session.run(values)).decision).toBe(reference.runSample(values));
      const wanted = Array.from({ length: 100 }, (_, n) => reference.neuronState("a", n));
      expect(await session.states("a"), `sample ${sample}`).toEqual(wanted);
      const at = (5 * sample) % 24;
      await session.setWeight("in->a", synapses[at]![0], synapses[at]![1], sample - 100);
      reference.setWeight("in->a", at, sample - 100);
      expect(await session.weights("in->a")).toEqual(reference.weights("in->a"));
    }
    expect((await session.snapshot()).projections[0]!.synapses.weights).toEqual(reference.weights("in->a"));
    await session.setDynamics("a", { currentLoss: 4096 });
    const codeOf = (action: Promise<unknown>) =>
      action.then(
        () => "",
        (error: unknown) => (error as SpikewrightError).diagnostics[0]!.code,
      );
    expect(await codeOf(session.setWeight("in->a", 0, 99, 1))).toBe("unknown-name");
    // its neurons have one synapse each, of at most 33
    await session.setNeuronState("a", 0, { j: 32000 });
    const most = Math.max(...reference.weights("in->a"));
    await session.setNeuronState("a", 1, { j: 32767 - most });
    expect(await codeOf(session.setNeuronState("a", 1, { j: 32768 - most }))).toBe("current-overflow");
    expect(await codeOf(session.setNeuronState("a", 1, { j: -32768 }))).toBe("current-overflow");
    // a sample of three steps is short enough for any loss; one that goes on is not
    const lasting = await open({ ...graph, reset: "never" }, up5kLifW8);
    expect(await codeOf(lasting.setDynamics("a", { currentLoss: 0 }))).toBe("needs-reload");
  });

  it("says when a change needs another program, and what does not exist", async () => {
    const session = await open(
      network("small", { reset: "never" })
        .input("in", 2)
        .population("a", 2, lif({ loss: 0, threshold: 9 }))
        .connect("in", "a", 3)
        .build(),
    );
    const codeOf = async (action: Promise<unknown>) =>
      action.then(
        () => "",
        (error: unknown) => (error as SpikewrightError).diagnostics[0]!.code,
      );
    expect(await codeOf(session.setDynamics("a", { noise: true }))).toBe("needs-reload");
    expect(await codeOf(session.states("b"))).toBe("unknown-name");
    expect(await codeOf(session.setNeuron("a", 2, {}))).toBe("unknown-name");
  });
});
