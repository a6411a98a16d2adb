/**
 * Lets simulated cores learn through the link, then reads their weights back and compares them with the reference.
 *
 *   npm run build && node build/js/scripts/example/stdp-digits/learn-on-core.js [IMAGES [FOLDER [cycle|rtl]]]
 *
 * 100 neurons on `up5k-stdp-w8`: on the cycle-accurate simulator and on the Verilog of link and core. Exit code 3 if any
 * weight or threshold differs. A few hundred images take a minute, all 60,000 on the simulator alone some minutes.
 */
import { up5kStdpW8 } from "../../../src/arch/core-config.js";
import { DynamicsBoard, openDynamics } from "../../../src/index.js";
import { connect } from "../../../src/runtime/connect.js";
import { CycleLinkEngine, type LinkEngine } from "../../../src/sim/virtual/link-engine.js";
import { RtlLinkEngine } from "../../../src/sim/virtual/rtl-link-engine.js";
import { openVirtualTransport } from "../../../src/sim/virtual/virtual-board.js";
import { seededRandom } from "../../../src/support/random.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { type Images, readImages } from "./images.js";
import { initialWeights, type Learned, learnedThresholds, learningNetwork } from "./network.js";

const config = up5kStdpW8;
const neurons = 100;
const count = Number(process.argv[2] ?? 300);
const only = process.argv[4];
const train = await readImages(process.argv[3] ?? "../shared/material/mnist", "train");

const graph = learningNetwork(neurons, initialWeights(neurons, seededRandom(1)));
const simulator = openDynamics(graph, { lanes: config.lanes });
for (let n = 0; n < count; n++) simulator.runSample(train.image(n));
const wanted = simulator.weights("pixels->neurons");
const thresholds = learnedThresholds(simulator.state("neurons").adaptation);
const moved = wanted.filter((weight, k) => weight !== graph.projections[0]!.synapses.weights[k]).length;
console.log(`snn: ${count} images, ${moved} of ${wanted.length} weights changed`);

const engines: Record<string, () => Promise<LinkEngine>> = {
  cycle: async () => new CycleLinkEngine(config),
  rtl: () => RtlLinkEngine.open(config, coreSources("generic", ["core", "link"])),
};
for (const [name, open] of Object.entries(engines)) {
  if (only !== undefined && only !== name) continue;
  const { learned, cycles } = await learnThroughLink(await open(), train);
  const weightsOff = learned.weights.filter((weight, k) => weight !== wanted[k]).length;
  const thresholdsOff = learned.thresholds.filter((threshold, n) => threshold !== thresholds[n]).length;
  const perImage = (cycles / count).toFixed(0);
  console.log(`${name}: ${weightsOff} weights and ${thresholdsOff} thresholds differ, ${perImage} cycles an image`);
  if (weightsOff + thresholdsOff > 0) process.exitCode = 3;
}

async function learnThroughLink(engine: LinkEngine, images: Images): Promise<{ learned: Learned; cycles: number }> {
  const board = await DynamicsBoard.open(await connect(openVirtualTransport(config, engine)), graph);
  try {
    const samples = Array.from({ length: count }, (_, n) => images.image(n));
    const results = await board.device.runMany(samples);
    const adaptation = (await board.states("neurons")).map((state) => state.adaptation);
    const weights = await board.weights("pixels->neurons");
    const cycles = results.reduce((sum, result) => sum + result.cycles!, 0);
    return { learned: { weights, thresholds: learnedThresholds(adaptation) }, cycles };
  } finally {
    await board.device.close();
  }
}
