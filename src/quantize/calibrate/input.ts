import { failure } from "../../support/diagnostic.js";
import type { FoldedGraph, FoldedInput, FoldedLayer } from "../fold/folded.js";
import type { QuantInput } from "../graph.js";
import type { ResolvedOptions } from "../options.js";
import { chooseScale } from "./range.js";

/** The input's levels, and the layers that read them. */
export interface InputLevels {
  readonly input: QuantInput;
  readonly layers: readonly FoldedLayer[];
}

/**
 * Chooses how raw values become levels. Where values below 0 occur, level `zero` stands for 0; a layer that pads the
 * input with zeros then gets a margin of that level around the input instead.
 *
 * @param values Calibration values as the network sees them.
 * @throws `signed-input-padding`: several layers pad an input that has values below 0.
 */
export function chooseInput(folded: FoldedGraph, values: Float32Array, options: ResolvedOptions): InputLevels {
  const { inputBits: bits, inputScale, inputOffset } = options;
  const last = 2 ** bits - 1;
  let least = 0;
  let most = 0;
  for (const x of values) {
    if (x < least) least = x;
    if (x > most) most = x;
  }
  const common = { ...folded.input, bits, inputScale, inputOffset };
  if (least === 0) {
    const scale = chooseScale(values, { kind: "clip", min: 0, max: Infinity }, { min: 0, max: last }, options.method);
    return { input: { ...common, scale, zero: 0, margin: [0, 0, 0, 0] }, layers: folded.layers };
  }
  const scale = (most - least) / last;
  const zero = Math.min(last, Math.max(0, Math.round(-least / scale)));
  const { margin, layers } = zero === 0 ? { margin: noMargin, layers: folded.layers } : replacePadding(folded);
  const [height, width, channels] = folded.input.shape;
  const shape = [height + margin[0] + margin[2], width + margin[1] + margin[3], channels] as const;
  return { input: { ...common, shape, scale, zero, margin }, layers };
}

type Margin = QuantInput["margin"];

const noMargin: Margin = [0, 0, 0, 0];

/** Zero padding of the input as a margin of the input: needs that one layer reads it, or none pads. */
function replacePadding({ input, layers }: FoldedGraph): { margin: Margin; layers: readonly FoldedLayer[] } {
  const readers = layers.flatMap((layer) => readsOf(layer, input));
  const margins = readers.map((reader) => reader.margin);
  const most = margins[0] ?? noMargin;
  if (margins.every((margin) => margin.every((pixels) => pixels === 0))) return { margin: noMargin, layers };
  if (readers.length > 1 || readers[0]!.layer.kind === "pool") {
    throw failure({
      code: "signed-input-padding",
      message: `Cannot pad input "${input.name}" with zeros: it has values below 0 and is read by ${readers.length} layers, wanted one convolution`,
      place: { item: input.name },
      hint: "Give inputs that are not below 0, or let one layer without padding read them",
    });
  }
  const changed = layers.map((layer): FoldedLayer => {
    if (layer.kind === "pool") return layer;
    return {
      ...layer,
      terms: layer.terms.map((term) => (term.from === input.name ? { ...term, padding: [0, 0] } : term)),
    };
  });
  return { margin: most, layers: changed };
}

/** How far each window over the input reaches past its border. */
function readsOf(
  layer: FoldedLayer,
  input: FoldedInput,
): readonly { readonly layer: FoldedLayer; readonly margin: Margin }[] {
  const windows =
    layer.kind === "pool"
      ? [{ from: layer.from, kernel: layer.window, stride: layer.stride, padding: layer.padding }]
      : layer.terms;
  return windows
    .filter((window) => window.from === input.name)
    .map(({ kernel, stride, padding }) => {
      const past = (axis: 0 | 1): number =>
        Math.max(0, (layer.shape[axis] - 1) * stride[axis] + kernel[axis] - padding[axis] - input.shape[axis]);
      return { layer, margin: [padding[0], padding[1], past(0), past(1)] };
    });
}
