import type {
  AnnGraph,
  AnnNode,
  BipolarQuantNode,
  MultiThresholdNode,
  QuantNode,
  Rounding,
} from "../../../ann/graph.js";
import { blocked } from "../blocked.js";
import type { Builder } from "../builder.js";
import type { TrainedStaircase } from "../folded.js";
import { type LayerCore, type Value, wholeValue, withCores } from "../value.js";
import { asSums, scaledAndShifted } from "./affine.js";
import { affineOf } from "./linear.js";
import { clipOf } from "./staircase.js";

/** A quantiser that was trained into the model. */
export type Quantiser = QuantNode | BipolarQuantNode | MultiThresholdNode;

export function isQuantiser(node: AnnNode): node is Quantiser {
  return node.op === "quant" || node.op === "bipolar-quant" || node.op === "multi-threshold";
}

/** Most levels above or below 0: spikes carry a byte. */
const mostLevels = 255;

/** The staircase of a quantiser: its result is `staircase + offset`. */
interface Steps {
  readonly staircase: TrainedStaircase;
  readonly offset: number;
}

/** Real argument from which on level `k` is reached, in units of the scale, and whether it belongs to the level itself. */
const reaches: Readonly<Record<Rounding, (k: number, isEven: boolean) => readonly [at: number, inclusive: boolean]>> = {
  "half-even": (k, isEven) => [k - 0.5, isEven],
  "half-up": (k) => [k - 0.5, true],
  "half-away": (k) => [k - 0.5, k >= 1],
  "half-zero": (k) => [k - 0.5, k < 1],
  down: (k) => [k, true],
  up: (k) => [k - 1, false],
  zero: (k) => (k > 0 ? [k, true] : [k - 1, false]),
  away: (k) => (k > 0 ? [k - 1, false] : [k, true]),
};

function stepsOf(node: Quantiser): Steps {
  if (node.op === "quant") return quantSteps(node);
  if (node.op === "bipolar-quant") {
    const [s] = node.scale.data;
    if (node.scale.data.some((other) => other !== s) || !(s! > 0)) throw perChannel(node);
    const staircase = stairs(0, 1, 2 * s!, Float64Array.of(0), Uint8Array.of(1));
    return { staircase, offset: -s! };
  }
  const { outScale, outBias, thresholds } = node;
  const count = thresholds.shape[1]!;
  if (!(outScale > 0)) throw blocked(node, `out_scale ${outScale}`, "a scale above 0", "Turn the sign of the weights");
  const shift = outBias / outScale;
  const low = Number.isInteger(shift) && shift <= 0 && shift >= -count ? shift : 0;
  const inclusive = new Uint8Array(thresholds.data.length).fill(1);
  const staircase = stairs(low, low + count, outScale, Float64Array.from(thresholds.data), inclusive);
  return { staircase, offset: outBias - low * outScale };
}

function quantSteps(node: QuantNode): Steps {
  const { scale, zeroPoint, bitWidth, signed, narrow } = node;
  const [s, zero, bits] = [scale.data[0]!, zeroPoint.data[0]!, bitWidth.data[0]!];
  const one = (data: Float32Array): boolean => data.every((x) => x === data[0]);
  if (!one(scale.data) || !one(zeroPoint.data) || !one(bitWidth.data)) throw perChannel(node);
  if (!Number.isInteger(zero)) {
    throw blocked(node, `zero point ${zero}`, "a whole number", "Quantise with a whole zero point");
  }
  const below = signed ? -(2 ** (bits - 1)) : 0;
  const low = below + (signed && narrow ? 1 : 0) - zero;
  const high = below + 2 ** bits - 1 - (!signed && narrow ? 1 : 0) - zero;
  const count = Math.max(0, Math.min(high - low, 2 * mostLevels + 1));
  const thresholds = new Float64Array(count);
  const atEquality = new Uint8Array(count);
  for (let j = 0; j < count; j++) {
    const k = low + j + 1;
    // With the zero point inside, the rounding rule sees the level with it.
    const shift = node.shiftFirst ? zero : 0;
    const [at, inclusive] = reaches[node.rounding](k + shift, (k + shift) % 2 === 0);
    thresholds[j] = (at - shift) * s;
    atEquality[j] = inclusive ? 1 : 0;
  }
  const unit = node.result === "level" ? 1 : s;
  return { staircase: stairs(low, high, unit, thresholds, atEquality), offset: node.result === "level" ? zero : 0 };
}

function stairs(
  low: number,
  high: number,
  unit: number,
  thresholds: Float64Array,
  atEquality: Uint8Array,
): TrainedStaircase {
  return { kind: "levels", low, high, unit, min: low * unit, max: high * unit, thresholds, atEquality };
}

function perChannel(node: Quantiser): Error {
  return blocked(node, "a scale or width a channel", "one for the whole value", "Quantise activations a tensor");
}

/** Level of the real number `z` on row `row` of a staircase. */
export function levelOf({ low, high, thresholds, atEquality }: TrainedStaircase, row: number, z: number): number {
  const steps = high - low;
  const first = (row * steps) % thresholds.length;
  let level = low;
  for (let j = first; j < first + steps; j++) {
    const reached = atEquality[j] === 1 ? z >= thresholds[j]! : z > thresholds[j]!;
    if (!reached) break;
    level++;
  }
  return level;
}

/** The staircase behind a clip: levels that it cuts off are gone. */
function clipped(staircase: TrainedStaircase, min: number, max: number): TrainedStaircase {
  const { low, high, unit, thresholds, atEquality } = staircase;
  const steps = high - low;
  const rows = thresholds.length / steps;
  const each = Array.from({ length: rows }, (_, row) => row);
  const first = Math.min(...each.map((row) => levelOf(staircase, row, min)));
  const last = Math.max(...each.map((row) => levelOf(staircase, row, max)));
  if (rows > 1 || (first === low && last === high)) return staircase;
  const cut = [first - low, last - low] as const;
  return stairs(first, last, unit, thresholds.slice(...cut), atEquality.slice(...cut));
}

/**
 * Gives every sum behind a quantiser its levels.
 *
 * @param clip Bounds of an activation before it that waited for it.
 */
export function trained(
  node: Quantiser,
  value: Value,
  clip: { readonly min: number; readonly max: number } | undefined,
  builder: Builder,
): Value {
  const { staircase: whole, offset } = stepsOf(node);
  const staircase = clip === undefined ? whole : clipped(whole, clip.min, clip.max);
  const { low, high } = staircase;
  if (low < -mostLevels || high > mostLevels || low > 0 || high < 1) {
    throw blocked(node, `levels ${low}..${high} around 0`, "0 within, at most 255 each way", "Quantise to 8 bits");
  }
  const rows = staircase.thresholds.length / (high - low);
  if (rows > 1) checkRows(node, value, rows);
  const lift = builder.liftsLevels ? -low : 0;
  const { unit, thresholds, atEquality } = staircase;
  const emitted = stairs(low + lift, high + lift, unit, thresholds, atEquality);
  const sums = asSums(node.name, node.inputs[0]!, value);
  const leveled = withCores(sums, (core) => (core.kind === "pending" ? builder.materialise(core, emitted) : core));
  const as = lift === 0 ? "are those of the neurons" : `are levels 0..${high + lift} of the neurons`;
  builder.note(node, "folded", `its levels ${low}..${high} ${as}`);
  return shifted(node, leveled, offset - lift * unit, builder);
}

/**
 * Whether levels below 0 may be counted from 0, so that no neuron needs spikes of both signs: where a window never
 * reaches past a border, whose zeros would have to be lifted too, and no average is taken.
 */
export function mayLiftLevels(graph: AnnGraph): boolean {
  return graph.nodes.every((node) => {
    if (node.op === "conv") return node.padding.every(([before, after]) => before === 0 && after === 0);
    if (node.op === "pool" || node.op === "global-pool") return node.kind === "max";
    return node.op !== "pad" && node.op !== "reduce";
  });
}

function shifted(node: Quantiser, value: Value, offset: number, builder: Builder): Value {
  if (offset === 0) return value;
  return scaledAndShifted(
    node,
    value,
    () => 1,
    () => offset,
    builder,
  );
}

function checkRows(node: Quantiser, value: Value, rows: number): void {
  const isStraight = value.element.every((e, i) => e >= 0 && e % value.cores[value.coreOf[i]!]!.shape[2] === i % rows);
  if (isStraight && value.cores.every((core) => core.shape[2] === rows)) return;
  throw blocked(node, "thresholds a channel behind a reshape", "thresholds right after the layer", "Move the reshape");
}

/**
 * Makes a quantiser on the way from the input that of the input itself: its levels enter, in place of those that
 * calibration would choose.
 *
 * @returns undefined where scales or thresholds are not those of a plain rounding.
 */
export function trainedInput(node: Quantiser, value: Value, builder: Builder): Value | undefined {
  const { staircase, offset } = stepsOf(node);
  const { low, high, unit, thresholds } = staircase;
  const [core] = value.cores;
  if (value.cores.length !== 1 || (core!.kind === "pending" && core!.affine === undefined)) return undefined;
  const { of, scale, offset: shift } = affineOf(core!);
  const [a, o] = [scale[0]!, shift[0]!];
  const step = thresholds.length > 1 ? thresholds[1]! - thresholds[0]! : 1;
  const isPlain = thresholds.every((t, j) => Math.abs(t / step - (low + j + 0.5)) < 1e-6);
  const isUniform = scale.every((x) => x === a) && shift.every((x) => x === o);
  if (!isPlain || !isUniform || !(a > 0) || low > 0 || high < 0 || high - low > mostLevels) return undefined;
  builder.trainedInput = { unit, step, low, high, scale: a, offset: o };
  const bits = Math.max(1, Math.ceil(Math.log2(high - low + 1)));
  const open = 2 ** bits - 1 > high - low ? `; inputs that reach ${((high + 0.5) * step - o) / a} are not cut off` : "";
  builder.note(node, "folded", `its levels ${low}..${high} are those of the input${open}`);
  const entered: LayerCore = { ...of, nonNegative: low >= 0 };
  return shifted(node, { ...wholeValue(entered, value.shape), element: value.element }, offset, builder);
}

/** The quantiser that everything made from the input goes through, and through which nothing else passes. */
export function inputQuantiser(graph: AnnGraph, readers: ReadonlyMap<string, number>): AnnNode | undefined {
  for (let name = graph.inputs[0]?.name; name !== undefined && readers.get(name) === 1; ) {
    const node = graph.nodes.find((reader) => reader.inputs.includes(name!));
    if (node === undefined || node.outputs.length !== 1) return undefined;
    if (isQuantiser(node)) return node;
    const isAffine =
      ["reshape", "transpose", "identity", "batch-norm"].includes(node.op) ||
      (node.op === "elementwise" && node.inputs.length === 1) ||
      (node.op === "activation" && clipOf(node)?.min === -Infinity && clipOf(node)?.max === Infinity);
    if (!isAffine) return undefined;
    name = node.outputs[0];
  }
  return undefined;
}
