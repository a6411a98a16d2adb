import { readFile } from "node:fs/promises";
import type { Samples } from "../../frontend/data/samples.js";
import type { QuantInput } from "../../quantize/graph.js";
import { quantizeInput, rawShape } from "../../quantize/input.js";
import { isNetworkFile, type Network, readNetwork } from "../../snn/file.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import { type DataOptions, readSamples } from "../model/input.js";

/** Reads NET.spk. @throws `network-format-unknown`; the codes of `readNetwork`; system errors of reading. */
export async function openNetwork(path: string): Promise<Network> {
  const bytes = new Uint8Array(await readFile(path));
  if (isNetworkFile(bytes)) return readNetwork(bytes, path);
  throw failure({
    code: "network-format-unknown",
    message: `Cannot read "${path}": it is no network of spikewright`,
    place: { file: path },
    wanted: "a file made by: spikewright convert",
    hint: "Convert the model first: spikewright convert MODEL -o NET.spk --calibrate DATA",
  });
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

/** Shape of raw samples as the source model had it, without axes of extent 1. */
function sourceShape(input: QuantInput): readonly number[] {
  const shape = rawShape(input).filter((extent) => extent > 1);
  return shape.length > 0 ? shape : [1];
}
