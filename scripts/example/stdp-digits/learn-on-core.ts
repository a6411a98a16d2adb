/**
 * Lets simulated cores learn through the link, then reads their weights back and compares them with the reference.
 *
 *   npm run build && node build/js/scripts/example/stdp-digits/learn-on-core.js [IMAGES [FOLDER [cycle|rtl]]]
 *
 * 100 neurons on `up5k-lif-w8`: on the cycle-accurate simulator and on the Verilog of link and core. Exit code 3 if any
 * weight differs. A few hundred images take a minute, all 60,000 on the simulator alone some minutes.
 */
import { up5kLifW8 } from "../../../src/arch/core-config.js";
import { openDynamics } from "../../../src/index.js";
import { mapDynamics } from "../../../src/map/dynamics/map.js";
import { readMatrix } from "../../../src/map/dynamics/shape/weights.js";
import { connect } from "../../../src/runtime/connect.js";
import { CycleLinkEngine, type LinkEngine } from "../../../src/sim/virtual/link-engine.js";
import { RtlLinkEngine } from "../../../src/sim/virtual/rtl-link-engine.js";
import { openVirtualTransport } from "../../../src/sim/virtual/virtual-board.js";
import { seededRandom } from "../../../src/support/random.js";
import { coreSources } from "../../../src/verbs/hardware/core-sources.js";
import { type Images, readImages } from "./images.js";
import { initialWeights, learningNetwork } from "./network.js";

const config = up5kLifW8;
const neurons = 100;
const count = Number(process.argv[2] ?? 300);
const only = process.argv[4];
const train = await readImages(process.argv[3] ?? "../shared/material/mnist", "train");

const graph = learningNetwork(neurons, initialWeights(neurons, seededRandom(1)));
const simulator = openDynamics(graph, { lanes: config.lanes });
for (let n = 0; n < count; n++) simulator.runSample(train.image(n));
const wanted = simulator.weights("pixels->neurons");
const moved = wanted.filter((weight, k) => weight !== graph.projections[0]!.synapses.weights[k]).length;
console.log(`snn: ${count} images, ${moved} of ${wanted.length} weights changed`);

const engines: Record<string, () => Promise<LinkEngine>> = {
  cycle: async () => new CycleLinkEngine(config),
  rtl: () => RtlLinkEngine.open(config, coreSources("generic", ["core", "link"])),
};
for (const [name, open] of Object.entries(engines)) {
  if (only !== undefined && only !== name) continue;
  const { weights, cycles } = await learnThroughLink(await open(), train);
  const differences = weights.filter((weight, k) => weight !== wanted[k]).length;
  console.log(`${name}: ${differences} weights differ, ${(cycles / count).toFixed(0)} cycles an image`);
  if (differences > 0) process.exitCode = 3;
}

async function learnThroughLink(engine: LinkEngine, images: Images): Promise<{ weights: Int8Array; cycles: number }> {
  const { program, placement } = mapDynamics(graph, config);
  const board = await connect(openVirtualTransport(config, engine));
  try {
    await board.load(program, { force: true });
    const samples = Array.from({ length: count }, (_, n) => images.image(n));
    const results = await board.runMany(samples);
    const rows = new Int8Array(await board.link.read("weights", 0, config.weightDepth));
    const cycles = results.reduce((sum, result) => sum + result.cycles!, 0);
    return { weights: readMatrix(rows, placement.projections[0]!.weights, placement.lanes), cycles };
  } finally {
    await board.close();
  }
}
