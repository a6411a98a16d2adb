import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type CoreConfig, up5kLifW4, up5kLifW8, up5kStdpW8 } from "../../src/arch/core-config.js";
import {
  type DynamicsGraph,
  type DynamicsNetwork,
  lif,
  network,
  type PlasticityRule,
  readDynamics,
} from "../../src/index.js";
import { mapDynamics } from "../../src/map/dynamics/map.js";
import { CycleDevice } from "../../src/sim/cycle/device.js";
import { failure } from "../../src/support/diagnostic.js";
import { seededRandom } from "../../src/support/random.js";
import { halves, readDigits } from "../example/lif-digits/samples.js";
import { readImages } from "../example/stdp-digits/images.js";
import type { Figure } from "./figures.js";

const digitsFile = "../shared/material/digits8x8/digits.csv.gz";
const mnistFolder = "../shared/material/mnist";

/** The 64-10 network on the second half of the 8 x 8 digits, on the simulated core. */
async function digits(bits: 4 | 8): Promise<{ readonly accuracy: number; readonly cycles: number }> {
  const { graph } = await example(`examples/lif-digits/w${bits}.spk`);
  wantMaterial(digitsFile);
  const { test } = halves(graph, await readDigits(digitsFile));
  const device = await onCore(graph, bits === 4 ? up5kLifW4 : up5kLifW8);
  let [right, cycles] = [0, 0];
  for (const { events, label } of test) {
    const result = device.runNow(events);
    right += result.decision === label ? 1 : 0;
    cycles += result.cycles!;
  }
  return { accuracy: (100 * right) / test.length, cycles: cycles / test.length };
}

/** Test images of MNIST that the saved network of 100 neurons recognises, on the simulated core. */
async function stdpAccuracy(): Promise<number> {
  const { graph } = await example("examples/stdp-digits/100.spk");
  wantMaterial(mnistFolder);
  const test = await readImages(mnistFolder, "t10k");
  const device = await onCore(graph, up5kLifW8);
  let right = 0;
  for (let n = 0; n < test.count; n++) right += device.runNow(test.image(n)).decision === test.labels[n] ? 1 : 0;
  return (100 * right) / test.count;
}

/**
 * 256 neurons, each with a synapse to every one, of which nearly half fire in every step: synaptic operations a cycle by the
 * core's own counters. An operation is a weight added to a sum, or visited by learning; the fewer neurons fire, the more of
 * the time goes into walking.
 */
async function recurrentOperations(rule?: PlasticityRule): Promise<number> {
  const neurons = 256;
  const random = seededRandom(1);
  // pairs of spikes within three steps of each other
  const trace = { decay: "timer", shift: 1, increment: 3, sets: true } as const;
  const bias = Array.from({ length: neurons }, (_, n) => 90 + (n % 57));
  const builder = network("all-to-all", { steps: 100 })
    .input("start", 1)
    .population("neurons", neurons, lif({ loss: 16, threshold: 256, bias, preTrace: trace, postTrace: trace }))
    .connect("start", "neurons", 1)
    .connect(
      "neurons",
      "neurons",
      Int8Array.from({ length: neurons * neurons }, () => Math.floor(3 * random()) - 1),
      { name: "recurrent", delay: 1 },
    );
  const graph = (rule ? builder.learn("recurrent", rule) : builder).build();
  const device = await onCore(graph, rule ? up5kStdpW8 : up5kLifW8);
  const { operations, cycles } = device.runNow(new Uint8Array(graph.steps).fill(1));
  return operations! / cycles!;
}

/** Pair-based STDP in every synapse, that keeps the activity where it is. */
const pairRule: PlasticityRule = {
  pre: { kind: "rectangular", amount: 1 },
  post: { kind: "rectangular", amount: 1, offset: 0 },
  min: -1,
  max: 1,
};

async function onCore(graph: DynamicsGraph, config: CoreConfig): Promise<CycleDevice> {
  const device = new CycleDevice(config);
  await device.load(mapDynamics(graph, config).program);
  return device;
}

async function example(file: string): Promise<DynamicsNetwork> {
  const found = readDynamics(new Uint8Array(await readFile(file)), file);
  if (!found) throw new Error(`${file} holds no network with dynamics`);
  return found;
}

function wantMaterial(path: string): void {
  if (existsSync(path)) return;
  throw failure({
    code: "bench-material-missing",
    message: `Cannot measure: no "${path}"`,
    place: { file: path },
    hint: "Put the test material beside the project folder",
  });
}

/** Figures of networks with dynamics. */
export const dynamicsFigures: readonly Figure[] = [
  { name: "digits-cycles-w4", unit: "cycles a sample", measure: async () => (await digits(4)).cycles },
  { name: "digits-cycles-w8", unit: "cycles a sample", measure: async () => (await digits(8)).cycles },
  { name: "digits-accuracy", unit: "percent", measure: async () => (await digits(4)).accuracy },
  { name: "stdp-100-accuracy", unit: "percent", measure: stdpAccuracy },
  {
    name: "recurrent-synaptic-operations-per-cycle",
    unit: "operations a cycle",
    measure: () => recurrentOperations(),
  },
  {
    name: "learning-synaptic-operations-per-cycle",
    unit: "operations a cycle",
    measure: () => recurrentOperations(pairRule),
  },
];
