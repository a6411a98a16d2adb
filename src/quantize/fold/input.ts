import type { AnnGraph } from "../../ann/graph.js";
import { elements } from "../../support/tensor.js";
import type { FoldedInput } from "./folded.js";
import { featureShape, type LayerCore, type Value, wholeValue } from "./value.js";

/**
 * Chooses the shape in which levels enter: that of the feature map which the first layers read. Reshapes of the input
 * are looked through, and so is a transposition from channels first, which `quantizeInput` then does.
 *
 * @returns undefined when the input has more than three axes.
 */
export function openInput(
  graph: AnnGraph,
  shapes: ReadonlyMap<string, readonly number[]>,
): { readonly input: FoldedInput; readonly value: Value } | undefined {
  const { name, shape: declared } = graph.inputs[0]!;
  let shape = declared;
  let layout: FoldedInput["layout"] = "channels-last";
  for (let value: string | undefined = name; value !== undefined; ) {
    const readers = graph.nodes.filter((node) => node.inputs.includes(value!));
    const [reader] = readers;
    value = undefined;
    if (readers.length !== 1 || reader === undefined) break;
    if (reader.op === "transpose" && isToChannelsLast(reader.permutation)) {
      layout = "channels-first";
      shape = shapes.get(reader.outputs[0]!)!;
    } else if (reader.op === "identity" || reader.op === "reshape") {
      const next = shapes.get(reader.outputs[0]!)!;
      if (next.length <= 3) shape = next;
      value = reader.outputs[0];
    }
  }
  const feature = featureShape(shape);
  if (feature === undefined) return undefined;
  const core: LayerCore = { kind: "layer", name, shape: feature, nonNegative: false };
  const whole = wholeValue(core, declared);
  const input = { name, shape: feature, layout };
  return {
    input,
    value:
      layout === "channels-last" ? whole : { ...whole, element: channelsFirstOrder(feature[2], elements(declared)) },
  };
}

/** `[channels, height, width]` or `[channels, length]` to channels last. */
function isToChannelsLast(permutation: readonly number[]): boolean {
  return ["1,2,0", "1,0"].includes(permutation.join());
}

/** Element `i` of a channels-first value as index into the channels-last one. */
function channelsFirstOrder(channels: number, count: number): Int32Array {
  const pixels = count / channels;
  return Int32Array.from({ length: count }, (_, i) => (i % pixels) * channels + Math.floor(i / pixels));
}
