import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { halves, readDigits } from "../../scripts/example/lif-digits/samples.js";
import { trainDigits } from "../../scripts/example/lif-digits/train.js";
import { readImages } from "../../scripts/example/stdp-digits/images.js";
import { assignVotes, learnWithoutLabels } from "../../scripts/example/stdp-digits/learn.js";
import { initialWeights, learningNetwork, votingNetwork } from "../../scripts/example/stdp-digits/network.js";
import { type CoreConfig, up5kLifW4, up5kLifW8, up5kStdpW8 } from "../../src/arch/core-config.js";
import { DynamicsBoard, openDynamics, readDynamics } from "../../src/index.js";
import { mapDynamics } from "../../src/map/dynamics/map.js";
import { connect } from "../../src/runtime/connect.js";
import { CycleDevice } from "../../src/sim/cycle/device.js";
import { openVirtualTransport } from "../../src/sim/virtual/virtual-board.js";
import type { DynamicsGraph } from "../../src/snn/dynamics/graph.js";
import { seededRandom } from "../../src/support/random.js";

const digits = "../shared/material/digits8x8/digits.csv.gz";
const mnist = "../shared/material/mnist";
for (const path of [digits, mnist]) if (!existsSync(path)) console.warn(`tests skipped: ${path} is missing`);

function saved(file: string): DynamicsGraph {
  return readDynamics(new Uint8Array(readFileSync(file)), file)!.graph;
}

async function onCore(graph: DynamicsGraph, config: CoreConfig): Promise<CycleDevice> {
  const device = new CycleDevice(config);
  await device.load(mapDynamics(graph, config).program);
  return device;
}

/** Images of two kinds: the upper or the lower half is bright, with some noise. */
function halfImages(count: number) {
  const random = seededRandom(3);
  const labels = Array.from({ length: count }, (_, n) => n % 2);
  const images = labels.map((label) =>
    Uint8Array.from({ length: 784 }, (_, i) => (i < 392 === (label === 0) ? 200 : 0) + Math.floor(40 * random())),
  );
  return { count, labels, image: (n: number) => images[n]! };
}

describe("lif-digits", () => {
  it.runIf(existsSync(digits))("is right on 9 of 10 held-out samples, in as few cycles as it says", async () => {
    for (const [bits, config, most] of [
      [4, up5kLifW4, 1000],
      [8, up5kLifW8, 2000],
    ] as const) {
      const graph = saved(`examples/lif-digits/w${bits}.spk`);
      const { test } = halves(graph, await readDigits(digits));
      const device = await onCore(graph, config);
      const results = test.map(({ events, label }) => ({ label, ...device.runNow(events) }));
      expect(results.filter(({ decision, label }) => decision === label).length / test.length).toBeGreaterThan(0.9);
      expect(results.reduce((sum, { cycles }) => sum + cycles!, 0) / test.length).toBeLessThan(most);
    }
  });

  it("learns what a weight is worth", () => {
    // class n: only pixel n fires
    const samples = Array.from({ length: 40 }, (_, n) => ({
      events: Uint8Array.from({ length: 32 * 64 }, (_, k) => (k % 64 === n % 10 ? 1 : 0)),
      label: n % 10,
    }));
    const accuracies: number[] = [];
    const graph = trainDigits(samples, 4, (_, accuracy) => accuracies.push(accuracy));
    expect(accuracies[0]).toBeLessThan(0.5);
    expect(accuracies.at(-1)).toBe(1);
    const { synapses } = graph.projections[0]!;
    for (const weight of synapses.weights) expect(Math.abs(weight)).toBeLessThanOrEqual(7);
  });
});

describe("stdp-digits", () => {
  it("learns what images have in common, without labels", () => {
    const images = halfImages(300);
    const learned = learnWithoutLabels(4, images, () => {});
    const simulator = openDynamics(
      votingNetwork(
        learned,
        assignVotes(learned, images, () => {}),
      ),
    );
    const right = images.labels.filter((label, n) => simulator.runSample(images.image(n)) === label).length;
    expect(right).toBe(300);
    const mean = (first: number, j: number) =>
      Array.from({ length: 392 }, (_, i) => learned.weights[(first + i) * 4 + j]!).reduce((a, b) => a + b) / 392;
    const differences = [0, 1, 2, 3].map((j) => mean(0, j) - mean(392, j));
    expect(Math.max(...differences)).toBeGreaterThan(40);
    expect(Math.min(...differences)).toBeLessThan(-40);
  });

  it("learns the same on a core behind its link", async () => {
    const images = halfImages(12);
    const graph = learningNetwork(20, initialWeights(20, seededRandom(5)));
    const simulator = openDynamics(graph, { lanes: up5kStdpW8.lanes });
    for (let n = 0; n < images.count; n++) simulator.runSample(images.image(n));
    const board = await DynamicsBoard.open(await connect(openVirtualTransport(up5kStdpW8)), graph);
    try {
      await board.device.runMany(Array.from({ length: images.count }, (_, n) => images.image(n)));
      const weights = await board.weights("pixels->neurons");
      expect(weights).toEqual(simulator.weights("pixels->neurons"));
      expect(weights).not.toEqual(graph.projections[0]!.synapses.weights);
      const adaptation = (await board.states("neurons")).map((state) => state.adaptation);
      expect(adaptation).toEqual(Array.from(simulator.state("neurons").adaptation));
    } finally {
      await board.device.close();
    }
  });

  it.runIf(existsSync(mnist))("recognises handwritten digits", async () => {
    const test = await readImages(mnist, "t10k");
    const device = await onCore(saved("examples/stdp-digits/100.spk"), up5kLifW8);
    const order = Array.from({ length: 1000 }, (_, n) => 10 * n);
    const right = order.filter((n) => device.runNow(test.image(n)).decision === test.labels[n]).length;
    expect(right / order.length).toBeGreaterThan(0.8);
  });
});
