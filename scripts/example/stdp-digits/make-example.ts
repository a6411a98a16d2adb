/**
 * Makes examples/stdp-digits: neurons learn MNIST without labels, by STDP and competition.
 *
 *   npm run build && node build/js/scripts/example/stdp-digits/make-example.js [NEURONS [FOLDER]]
 *
 * FOLDER holds the four files of MNIST; by default ../shared/material/mnist. 100 neurons take a minute, 400 a few; the same
 * data give the same files. Test images are looked at only to count how many are recognised.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openDynamics, writeDynamics } from "../../../src/index.js";
import { readImages } from "./images.js";
import { assignVotes, learnWithoutLabels } from "./learn.js";
import { votingNetwork } from "./network.js";

const folder = "examples/stdp-digits";
const neurons = Number(process.argv[2] ?? 100);
const data = process.argv[3] ?? "../shared/material/mnist";
const [train, test] = [await readImages(data, "train"), await readImages(data, "t10k")];

const learned = learnWithoutLabels(neurons, train, progress("learned"));
const votes = assignVotes(learned, train, progress("labelled"));
const graph = votingNetwork(learned, votes);
const simulator = openDynamics(graph);
let right = 0;
for (let n = 0; n < test.count; n++) right += simulator.runSample(test.image(n)) === test.labels[n] ? 1 : 0;
console.log(`${neurons} neurons: ${((100 * right) / test.count).toFixed(2)} % of ${test.count} test images`);

mkdirSync(folder, { recursive: true });
const encoding = { kind: "values", scale: 1, offset: 0 } as const;
const source = { format: "spikewright", producer: "scripts/example/stdp-digits" };
writeFileSync(join(folder, `${neurons}.spk`), writeDynamics({ graph, encoding, source }));

function progress(what: string): (done: number) => void {
  const start = performance.now();
  return (done) => {
    if (done % 10000 !== 0) return;
    console.log(`${done} images ${what}, ${((performance.now() - start) / 1000).toFixed(0)} s`);
  };
}
