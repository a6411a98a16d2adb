import { failure } from "../../support/diagnostic.js";
import type { FoldedNeurons, TrainedStaircase } from "../fold/folded.js";
import type { LinearTerm, NeuronLayer, QuantActivation } from "../graph.js";
import type { Draft, LayerRounding } from "./draft.js";
import { matchedMembranes } from "./means.js";
import { chooseScale, type Levels, type RangeMethod } from "./range.js";
import { bitsOfTerm } from "./round/columns.js";
import { compensate } from "./round/compensate.js";
import { chooseGrids } from "./round/grid.js";

/** Most charges looked at when a range is chosen. */
const mostCharges = 2 ** 19;

/**
 * Rounds a layer of neurons to integers: real value of a level, thresholds, weights and initial membranes.
 *
 * @param data What the layer reads in integers and what it computes in the source model, for all calibration samples.
 * @returns The layer without proven membrane width (32).
 */
export function roundNeurons(
  layer: FoldedNeurons,
  data: Pick<Draft, "sources" | "charges" | "samples">,
  method: RangeMethod,
  rounding: LayerRounding,
): NeuronLayer {
  if (layer.staircase.kind === "levels") return roundToLevels(layer, layer.staircase, data, rounding);
  const levels = levelsOf(layer, data.charges, rounding.activationBits);
  const isReadout = layer.staircase.kind === "none";
  const unit = isReadout ? 1 : chooseScale(spread(data.charges), layer.staircase, levels, method);
  const activation = isReadout ? undefined : { ...levels, scale: unit };
  return roundWith(layer, data, rounding, unit, activation);
}

/** A layer of real weights with the levels of a quantiser that was trained into the model. */
function roundToLevels(
  layer: FoldedNeurons,
  staircase: TrainedStaircase,
  data: Pick<Draft, "sources" | "charges" | "samples">,
  rounding: LayerRounding,
): NeuronLayer {
  const channels = layer.shape[2];
  const { low, high, unit } = staircase;
  const spacing = spacingOf(staircase);
  if (spacing === undefined) {
    throw failure({
      code: "unsupported-layer",
      message: `Cannot convert layer "${layer.name}": thresholds at uneven distances with weights that are no integers, wanted even distances`,
      place: { item: layer.name },
      found: "thresholds at uneven distances",
      wanted: "even distances, or integer weights",
      hint: "Export the weights as integers with their scale",
    });
  }
  // Levels of the integer network begin half a level below: what the thresholds are off goes into the bias.
  const steps = high - low;
  const offset = Float64Array.from(layer.bias, (_, c) => {
    const first = staircase.thresholds[(c * steps) % staircase.thresholds.length]!;
    return first - (low + 0.5) * spacing;
  });
  const bias = layer.bias.map((b, c) => b - offset[c]!);
  const charges = data.charges.map((z, i) => z - offset[i % channels]!);
  return roundWith({ ...layer, bias }, { ...data, charges }, rounding, spacing, { min: low, max: high, scale: unit });
}

/** The distance of all thresholds, where it is the same. */
function spacingOf({ thresholds, low, high }: TrainedStaircase): number | undefined {
  const steps = high - low;
  if (steps === 1) return 1;
  const spacing = thresholds[1]! - thresholds[0]!;
  const isEven = thresholds.every(
    (t, i) => i % steps === 0 || Math.abs(t - thresholds[i - 1]! - spacing) <= 1e-3 * spacing,
  );
  return isEven && spacing > 0 ? spacing : undefined;
}

/** @param unit Charge of one level. @param levels Absent for the readout. */
function roundWith(
  layer: FoldedNeurons,
  data: Pick<Draft, "sources" | "charges" | "samples">,
  rounding: LayerRounding,
  unit: number,
  levels: (Levels & { readonly scale: number }) | undefined,
): NeuronLayer {
  const draft: Draft = {
    layer,
    ...data,
    unit,
    ...chooseGrids({ layer, sources: data.sources, unit }, rounding.weightBits),
  };
  if (rounding.compensate) compensate(draft, rounding);
  const { grid } = draft;
  const terms = layer.terms.map(({ from, kernel, stride, padding, groups, ...term }, k): LinearTerm => {
    const weightBits = bitsOfTerm(term, rounding.weightBits);
    return { from, kernel, stride, padding, groups, weights: draft.weights[k]!, weightBits };
  });
  const activation: QuantActivation =
    levels === undefined
      ? { kind: "none", scale: 1 / grid[0]! }
      : { kind: "quantize", theta: Int32Array.from(grid), ...levels };
  const v0 = Int32Array.from(layer.bias, (bias, c) => Math.round((bias / unit) * grid[c]!));
  const rounded: NeuronLayer = {
    kind: "neurons",
    name: layer.name,
    shape: layer.shape,
    terms,
    v0,
    activation,
    membraneBits: 32,
  };
  return { ...rounded, v0: matchedMembranes(rounded, draft) };
}

/** Levels from 0, or of both signs where the source model has charges below 0 and does not cut them off. */
function levelsOf({ staircase }: FoldedNeurons, charges: Float32Array, bits: number): Levels {
  if (staircase.kind === "none") return { min: 0, max: 0 };
  const signed = staircase.min < 0 && charges.some((z) => z < 0);
  if (!signed) return { min: 0, max: 2 ** bits - 1 };
  // One bit would leave the sign only.
  const half = 2 ** (Math.max(2, bits) - 1);
  return { min: -half, max: half - 1 };
}

/** At most `mostCharges` of the charges, evenly spread. */
function spread(charges: Float32Array): Float32Array {
  const stride = charges.length / mostCharges;
  if (stride <= 1) return charges;
  return Float32Array.from({ length: mostCharges }, (_, i) => charges[Math.floor(i * stride)]!);
}
