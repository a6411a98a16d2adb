import type { NirTensor } from "../../frontend/nir/graph.js";
import type { LinearTerm, Shape3 } from "../../quantize/graph.js";
import type { PaddedWindow } from "./square-kernel.js";

/** `[out, in]` of the only window, with the inputs in the order channel, row, column. */
export function denseWeight(term: LinearTerm, source: Shape3, outputs: number, scale: Float32Array): NirTensor {
  const [height, width, channels] = source;
  const window = { kernel: [height, width], lead: [-term.padding[0], -term.padding[1]] } as const;
  const data = placedWeights(term, window, channels, outputs, scale);
  return { shape: [outputs, channels * height * width], data };
}

/**
 * Weights `[out, in, height, width]` in a window of another size, in which the kernel starts at `lead`. What lies outside
 * is left out; channels of other groups get zeros.
 */
export function placedWeights(
  term: LinearTerm,
  window: Pick<PaddedWindow, "kernel" | "lead">,
  inputs: number,
  outputs: number,
  scale: Float32Array,
): Float32Array {
  const [rows, columns] = term.kernel;
  const [height, width] = window.kernel;
  const [ownInputs, ownOutputs] = [inputs / term.groups, outputs / term.groups];
  const data = new Float32Array(outputs * inputs * height * width);
  for (let o = 0; o < outputs; o++) {
    const first = Math.floor(o / ownOutputs) * ownInputs;
    for (let i = 0; i < ownInputs; i++) {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [row, column] = [y - window.lead[0], x - window.lead[1]];
          if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
          const weight = term.weights[((row * columns + column) * ownInputs + i) * outputs + o]!;
          data[((o * inputs + first + i) * height + y) * width + x] = weight * scale[o]!;
        }
      }
    }
  }
  return data;
}
