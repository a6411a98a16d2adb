import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadLabels } from "../../src/frontend/data/load.js";
import type { Network } from "../../src/snn/file.js";
import { failure } from "../../src/support/diagnostic.js";
import { convert } from "../../src/verbs/model/convert.js";
import { openNetwork, readLevels } from "../../src/verbs/network/read-network.js";

const material = "../shared/material";
const keras = join(material, "keras/snn_toolbox");
const mnist = join(material, "mnist");

/** Models of the benchmark; they are not part of the project. */
const models = {
  mlp: { model: join(keras, "mlp_98.15.h5"), topology: join(keras, "mlp_98.15.json") },
  lenet5: { model: join(keras, "lenet5_98.96.h5"), topology: undefined },
} as const;

export type BenchModel = keyof typeof models;

export interface BenchNetwork {
  readonly network: Network;
  readonly levels: readonly Uint8Array[];
  readonly labels: Int32Array;
}

const prepared = new Map<BenchModel, Promise<BenchNetwork>>();

/** A model converted at W4A4 on 2,000 training images, with the MNIST test set as levels. */
export function benchNetwork(name: BenchModel): Promise<BenchNetwork> {
  const known = prepared.get(name) ?? prepare(name);
  prepared.set(name, known);
  return known;
}

async function prepare(name: BenchModel): Promise<BenchNetwork> {
  const { model, topology } = models[name];
  if (!existsSync(model)) {
    throw failure({
      code: "bench-material-missing",
      message: `Cannot measure on "${name}": no file "${model}"`,
      place: { file: model },
      hint: "Put the test material beside the project folder",
    });
  }
  const output = join("build/bench", `${name}-w4a4.spk`);
  await convert(model, {
    output,
    calibrate: join(mnist, "train-images-idx3-ubyte.gz"),
    weights: 4,
    activations: 4,
    ...(topology === undefined ? {} : { topology }),
  });
  const network = await openNetwork(output);
  const { levels } = await readLevels(join(mnist, "t10k-images-idx3-ubyte.gz"), network, {}, {});
  return { network, levels, labels: await loadLabels(join(mnist, "t10k-labels-idx1-ubyte.gz")) };
}
