import type { Synapses, SynapseWindow } from "./delivery.js";
import { kernelSynapses } from "./kernel.js";
import { loopSynapses } from "./loops.js";

export type { Synapses, SynapseWindow } from "./delivery.js";

/** Products of a whole pass over the source from which the kernel in WebAssembly is worth its memory. */
const kernelWork = 2 ** 14;
/** Taps for which the kernel keeps a table. */
const mostTaps = 2 ** 22;

/** Prepares a window for delivery; keeps a reference to `weights`. */
export function openSynapses(window: SynapseWindow): Synapses {
  const { source, target, kernel, weights } = window;
  const work = weights.length * target[0] * target[1];
  const taps = Math.min(source[0] * source[1], target[0] * target[1]) * kernel[0] * kernel[1];
  return work >= kernelWork && taps <= mostTaps ? kernelSynapses(window) : loopSynapses(window);
}
