/**
 * Makes examples/lif-digits: trains the 64-10 network at 4 and at 8 bits.
 *
 *   npm run build && node build/js/scripts/example/lif-digits/make-example.js [DIGITS.csv.gz]
 *
 * The data are the 8 x 8 digits of the UCI repository as scikit-learn has them (`sklearn/datasets/data/digits.csv.gz`);
 * by default those in ../shared/material. Takes a minute; the same data give the same files.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDynamics, writeDynamics } from "../../../src/index.js";
import { classes, digitsNetwork, pixels, type WeightBits } from "./network.js";
import { encoding, halves, readDigits } from "./samples.js";
import { trainDigits } from "./train.js";

const folder = "examples/lif-digits";
const data = await readDigits(process.argv[2] ?? "../shared/material/digits8x8/digits.csv.gz");
const untrained = digitsNetwork(4, new Int8Array(pixels * classes), new Array(classes).fill(0));
const { train, test } = halves(untrained, data);
const spikes = test.reduce((sum, { events }) => sum + events.reduce((a, b) => a + b, 0), 0) / test.length;
console.log(`${train.length} samples to train, ${test.length} to test, ${spikes.toFixed(1)} input spikes a sample`);
mkdirSync(folder, { recursive: true });

for (const bits of [4, 8] as WeightBits[]) {
  const graph = trainDigits(train, bits, (epoch, accuracy) => {
    if (epoch % 10 === 0)
      console.log(`${bits} bits, epoch ${epoch}: ${(100 * accuracy).toFixed(2)} % right in training`);
  });
  const simulator = openDynamics(graph);
  const right = test.filter(({ events, label }) => simulator.runSample(events) === label).length;
  console.log(`${bits} bits: ${((100 * right) / test.length).toFixed(2)} % of ${test.length} test samples`);
  const network = { graph, encoding, source: { format: "spikewright", producer: "scripts/example/lif-digits" } };
  writeFileSync(join(folder, `w${bits}.spk`), writeDynamics(network));
}
