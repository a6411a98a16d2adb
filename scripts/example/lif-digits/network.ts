import { type DynamicsGraph, lif, network } from "../../../src/index.js";

/** Steps of a sample, pixels of an image, classes. */
export const [steps, pixels, classes] = [32, 64, 10] as const;

/** Widths of weights that the example is trained for, and the threshold that suits each, lsb. */
export const thresholds = { 4: 64, 8: 1024 } as const;
export type WeightBits = keyof typeof thresholds;

/** 4096ths of the potential that are lost in a step. */
export const leak = 256;

/** 64 inputs, 10 leaky neurons with a bias each; the one that fires most often is the answer. */
export function digitsNetwork(bits: WeightBits, weights: ArrayLike<number>, bias: readonly number[]): DynamicsGraph {
  return network(`lif-digits-w${bits}`, { steps })
    .input("pixels", pixels)
    .population("classes", classes, lif({ loss: leak, threshold: thresholds[bits], bias }))
    .connect("pixels", "classes", weights)
    .readout("classes", "count")
    .build();
}
