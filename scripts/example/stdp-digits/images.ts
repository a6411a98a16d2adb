import { loadLabels, loadSamples } from "../../../src/frontend/data/load.js";
import { side } from "./network.js";

/** Images of 28 x 28 pixels 0..255, and what they show. */
export interface Images {
  readonly count: number;
  image(index: number): Uint8Array;
  readonly labels: ArrayLike<number>;
}

/** Reads a part of MNIST: `train` or `t10k`. */
export async function readImages(folder: string, part: "train" | "t10k"): Promise<Images> {
  const { count, data } = await loadSamples(`${folder}/${part}-images-idx3-ubyte.gz`);
  const labels = await loadLabels(`${folder}/${part}-labels-idx1-ubyte.gz`);
  const pixels = Uint8Array.from(data);
  const size = side * side;
  return { count, labels, image: (index) => pixels.subarray(index * size, (index + 1) * size) };
}
