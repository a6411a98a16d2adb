import type { SnnGraph } from "./graph.js";

/** Spikes of one step: address and signed count of each neuron that emits. */
export interface InputEvents {
  readonly addresses: Int32Array;
  readonly payloads: Int32Array;
}

/**
 * Encodes one sample for the first step: each level is injected once, as one event with the level as payload; level 0
 * is silence. The same for every schedule.
 *
 * @param levels Input levels, `0 .. input.max`, channels last (`quantizeInput` makes them).
 */
export function encodeInput(graph: SnnGraph, levels: ArrayLike<number>): InputEvents {
  const [height, width, channels] = graph.input.shape;
  if (levels.length !== height * width * channels) {
    throw new Error(`${levels.length} levels, wanted ${height * width * channels}`);
  }
  const addresses: number[] = [];
  const payloads: number[] = [];
  for (let n = 0; n < levels.length; n++) {
    if (levels[n] === 0) continue;
    addresses.push(n);
    payloads.push(levels[n]!);
  }
  return { addresses: Int32Array.from(addresses), payloads: Int32Array.from(payloads) };
}
