import { readFile } from "node:fs/promises";
import type { Samples } from "../../frontend/data/samples.js";
import type { QuantInput } from "../../quantize/graph.js";
import { quantizeInput } from "../../quantize/input.js";
import { type Network, readNetwork } from "../../snn/file.js";
import type { VerbContext } from "../context.js";
import { type DataOptions, readSamples } from "../model/input.js";

/** Reads NET.spk. @throws the codes of `readNetwork`; system errors of reading. */
export async function openNetwork(path: string): Promise<Network> {
  return readNetwork(new Uint8Array(await readFile(path)), path);
}

/** Reads samples for a network: raw values and their quantised levels. */
export async function readLevels(
  path: string,
  network: Network,
  options: DataOptions,
  context: VerbContext,
): Promise<{ readonly samples: Samples; readonly levels: readonly Uint8Array[] }> {
  const { input } = network.quant;
  const samples = await readSamples(path, sourceShape(input), options, context);
  const scaling: QuantInput = {
    ...input,
    ...(options.inputScale === undefined ? {} : { inputScale: options.inputScale }),
    ...(options.inputOffset === undefined ? {} : { inputOffset: options.inputOffset }),
  };
  const all = quantizeInput(samples.data, scaling);
  const size = all.length / samples.count;
  const levels = Array.from({ length: samples.count }, (_, n) => all.subarray(n * size, (n + 1) * size));
  return { samples, levels };
}

/** Shape of raw samples as the source model had it. */
function sourceShape({ shape: [height, width, channels], layout }: QuantInput): readonly number[] {
  const pixels = height === 1 ? [width] : [height, width];
  if (channels === 1) return pixels;
  if (height === 1 && width === 1) return [channels];
  return layout === "channels-first" ? [channels, ...pixels] : [...pixels, channels];
}
