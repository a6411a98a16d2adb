import { failure } from "../../support/diagnostic.js";
import type { FoldedGraph, FoldedInput, FoldedLayer, TrainedInput } from "../fold/folded.js";
import type { QuantInput } from "../graph.js";
import type { ResolvedOptions } from "../options.js";
import { chooseScale } from "./range.js";

/** The input's levels, and the layers that read them. */
export interface InputLevels {
  readonly input: QuantInput;
  readonly layers: readonly FoldedLayer[];
  /** Real value of one level to the layers that read it, and the level that stands for 0 to them. */
  readonly scale: number;
  readonly zero: number;
}

/**
 * Chooses how raw values become levels. Where values below 0 occur, level `zero` stands for 0; a layer that pads the
 * input with zeros then gets a margin of that level around the input instead.
 *
 * @param values Calibration values as the network sees them.
 * @throws `signed-input-padding`: several layers pad an input that has values below 0.
 */
export function chooseInput(folded: FoldedGraph, values: Float32Array, options: ResolvedOptions): InputLevels {
  if (folded.input.trained !== undefined) return trainedLevels(folded, folded.input.trained, options);
  const { inputBits: bits, inputScale, inputOffset } = options;
  const last = 2 ** bits - 1;
  let least = 0;
  let most = 0;
  for (const x of values) {
    if (x < least) least = x;
    if (x > most) most = x;
  }
  const { name, layout } = folded.input;
  const common = { name, layout, shape: folded.input.shape, bits, inputScale, inputOffset };
  if (least === 0) {
    const scale = chooseScale(values, { kind: "clip", min: 0, max: Infinity }, { min: 0, max: last }, options.method);
    return { input: { ...common, scale, zero: 0, margin: noMargin }, layers: folded.layers, scale, zero: 0 };
  }
  const scale = (most - least) / last;
  const zero = Math.min(last, Math.max(0, Math.round(-least / scale)));
  const { margin, layers } = zero === 0 ? { margin: noMargin, layers: folded.layers } : replacePadding(folded);
  const [height, width, channels] = folded.input.shape;
  const shape = [height + margin[0] + margin[2], width + margin[1] + margin[3], channels] as const;
  return { input: { ...common, shape, scale, zero, margin }, layers, scale, zero };
}

/** The levels of a quantiser that was trained into the model: nothing to choose. */
function trainedLevels(folded: FoldedGraph, trained: TrainedInput, options: ResolvedOptions): InputLevels {
  const { name, layout, shape: inner } = folded.input;
  const { unit, step, low, high, scale: gain, offset } = trained;
  const bits = Math.max(1, Math.ceil(Math.log2(high - low + 1)));
  const { margin, layers } = low === 0 ? { margin: noMargin, layers: folded.layers } : replacePadding(folded);
  const shape = [inner[0] + margin[0] + margin[2], inner[1] + margin[1] + margin[3], inner[2]] as const;
  const common = { name, layout, shape, bits, margin };
  const zero = offset / step - low;
  const { inputScale, inputOffset } = options;
  // A zero level for the raw input keeps `--input-scale` as it was given; padding wants the level of 0 behind the quantiser.
  const isPlain = Number.isInteger(zero) && zero >= 0 && zero < 2 ** bits && margin.every((m) => m === 0);
  const input: QuantInput = isPlain
    ? { ...common, scale: step / gain, zero, inputScale, inputOffset }
    : { ...common, scale: step, zero: -low, inputScale: inputScale * gain, inputOffset: inputOffset * gain + offset };
  return { input, layers, scale: unit, zero: -low };
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
