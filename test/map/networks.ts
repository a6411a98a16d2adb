import type { PoolPopulation, Population, Projection, SnnGraph, SpikingPopulation } from "../../src/snn/graph.js";
import { seededRandom } from "../../src/support/random.js";

type Shape = readonly [height: number, width: number, channels: number];

/** Spiking population with counts `0..max`. */
export function spiking(name: string, shape: Shape, max = 15, theta = 40): SpikingPopulation {
  const channels = shape[2];
  const vThreshold = new Int32Array(channels).map((_, c) => theta + (c % 7));
  return {
    kind: "spiking",
    name,
    shape,
    preset: "st-bif",
    vThreshold,
    vInit: vThreshold.map((t) => t >> 1),
    tracerMin: 0,
    tracerMax: max,
    membraneBits: 20,
  };
}

/** Population that is read out. */
export function readout(name: string, channels: number): SpikingPopulation {
  return {
    ...spiking(name, [1, 1, channels]),
    preset: "li",
    vThreshold: new Int32Array(0),
    vInit: new Int32Array(channels),
    tracerMax: 0,
  };
}

/** Pool whose windows do not overlap. */
export function pool(name: string, source: Population, op: "max" | "sum", window: number): PoolPopulation {
  const [height, width, channels] = source.shape;
  const shape = [Math.floor(height / window), Math.floor(width / window), channels] as const;
  const cells = op === "sum" ? window * window : 1;
  const tracerMax = source.tracerMax * cells;
  const square = [window, window] as const;
  return {
    kind: "pool",
    name,
    shape,
    source: source.name,
    op,
    window: square,
    stride: square,
    padding: [0, 0],
    tracerMin: 0,
    tracerMax,
  };
}

/** Convolution or, when the kernel is the source, dense layer; small random weights of `bits` bits. */
export function projection(
  source: { readonly name: string; readonly shape: Shape },
  target: { readonly name: string; readonly shape: Shape },
  kernel: readonly [number, number] = [source.shape[0], source.shape[1]],
  padding: readonly [number, number] = [0, 0],
  bits = 4,
): Projection {
  const random = seededRandom(source.name.length * 31 + target.name.length);
  const limit = 2 ** (bits - 1);
  const weights = new Int32Array(kernel[0] * kernel[1] * source.shape[2] * target.shape[2]).map(
    () => Math.floor(random() * 2 * limit) - limit,
  );
  return {
    source: source.name,
    target: target.name,
    kernel,
    stride: [1, 1],
    padding,
    groups: 1,
    weights,
    weightBits: bits,
  };
}

/** A graph that reads out its last population. */
export function graphOf(
  name: string,
  input: SnnGraph["input"],
  populations: readonly Population[],
  projections: readonly Projection[],
): SnnGraph {
  return { name, input, populations, projections, readout: { population: populations.at(-1)!.name, kind: "membrane" } };
}

/** Shapes of LeNet-5 with 4-bit weights and activations. */
export function lenet(): SnnGraph {
  const input = { name: "input", shape: [28, 28, 1] as const, max: 15 };
  const conv1 = spiking("conv1", [24, 24, 6]);
  const pool1 = pool("pool1", conv1, "max", 2);
  const conv2 = spiking("conv2", [8, 8, 16]);
  const pool2 = pool("pool2", conv2, "max", 2);
  const conv3 = spiking("conv3", [4, 4, 120]);
  const dense1 = spiking("dense1", [1, 1, 84]);
  const dense2 = readout("dense2", 10);
  return graphOf(
    "lenet",
    input,
    [conv1, pool1, conv2, pool2, conv3, dense1, dense2],
    [
      projection(input, conv1, [5, 5]),
      projection(pool1, conv2, [5, 5]),
      projection(pool2, conv3, [5, 5], [2, 2]),
      projection(conv3, dense1),
      projection(dense1, dense2),
    ],
  );
}

/** A perceptron with the given layer sizes. */
export function perceptron(sizes: readonly number[], max = 15): SnnGraph {
  const input = { name: "input", shape: [1, 1, sizes[0]!] as const, max };
  const populations = sizes
    .slice(1)
    .map((size, i) => (i === sizes.length - 2 ? readout("out", size) : spiking(`hidden${i}`, [1, 1, size], max)));
  const projections = populations.map((target, i) => projection(i === 0 ? input : populations[i - 1]!, target));
  return graphOf("perceptron", input, populations, projections);
}
