import type { NeuronLayer } from "../graph.js";
import type { Draft } from "./draft.js";
import { openReplay } from "./replay.js";

/** Samples over which means are compared. */
const mostSamples = 512;

/**
 * Initial membranes with which the mean charge of each channel is that of the source model: makes up for what rounding
 * the weights and the earlier layers shifted on average.
 *
 * @param layer The rounded layer, with initial membranes from the bias alone.
 */
export function matchedMembranes(layer: NeuronLayer, { charges, sources, samples, unit, grid }: Draft): Int32Array {
  const channels = layer.shape[2];
  const neurons = charges.length / samples;
  const replay = openReplay(layer, sources, samples);
  const missing = new Float64Array(channels);
  const used = Math.min(samples, mostSamples);
  for (let k = 0; k < used; k++) {
    const sample = Math.floor((k * samples) / used);
    replay.run(sample);
    for (let n = 0, c = 0; n < neurons; n++) {
      missing[c]! += (charges[sample * neurons + n]! / unit) * grid[c]! - replay.layer.charges[n]!;
      if (++c === channels) c = 0;
    }
  }
  const positions = (used * neurons) / channels;
  const { activation } = layer;
  const half = (c: number): number => (activation.kind === "none" ? 0 : Math.floor(activation.theta[c]! / 2));
  return layer.v0.map((v, c) => v + half(c) + Math.round(missing[c]! / positions));
}
