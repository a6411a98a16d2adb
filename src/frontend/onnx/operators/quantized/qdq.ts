import type { QuantNode } from "../../../../ann/graph.js";
import { type Constant, constant } from "../../constant/constant.js";
import { levelRange, realsOf, widthOf } from "../../constant/quantize.js";
import { alignConstant } from "../../import/arrange.js";
import {
  type Call,
  constantInput,
  likeValue,
  type Operator,
  optionalConstant,
  runtimeInput,
} from "../../import/call.js";
import type { Runtime } from "../../import/value.js";
import { type ElementType, isInteger } from "../../proto/element-type.js";
import { alignParameter, checkScale, narrowedRange, noZeroPoint, quantizedType } from "../../quant-parameters.js";
import { refuse } from "../../refusal.js";
import { activate } from "../activation.js";
import { combineValues, scalar } from "../elementwise.js";
import { convolve } from "../linear/convolution.js";
import { matMul } from "../linear/matrix.js";
import { reduceValue } from "../reduce.js";

/** Scale and zero point that broadcast to the value they belong to. */
export interface Affine {
  readonly scale: Constant;
  readonly zeroPoint: Constant;
}

/** Emit the levels of a real value. */
export function quantize(call: Call, x: Runtime, affine: Affine, type: ElementType): Runtime {
  checkScale(affine.scale);
  const { bits, signed } = widthOf(type);
  if (bits > 16) throw refuse("element-type", `quantisation to ${type}`, "Quantise to at most 16 bits");
  const align = (c: Constant) => alignConstant(c, x.shape.length, x.axes, call.workspace);
  const stored = call.build.emit({
    op: "quant",
    inputs: [x.stored],
    scale: align(affine.scale),
    zeroPoint: align(affine.zeroPoint),
    bitWidth: { shape: [], data: Float32Array.of(bits) },
    signed,
    narrow: false,
    rounding: "half-even",
    result: "level",
  })[0]!;
  return likeValue(x, stored, type);
}

/** Emit the reals of levels. Levels that come straight from a quantiser with the same parameters make one node of both. */
export function dequantize(call: Call, levels: Runtime, affine: Affine, part?: string): Runtime {
  checkScale(affine.scale);
  const merged = mergeWithQuantizer(call, levels, affine, part);
  if (merged) return merged;
  const centred = affine.zeroPoint.data.every((x) => x === 0)
    ? levels
    : combineValues(call, { op: "elementwise", kind: "subtract" }, [levels, affine.zeroPoint], "float32", "centred");
  return combineValues(call, { op: "elementwise", kind: "multiply" }, [centred, affine.scale], "float32", part);
}

function mergeWithQuantizer(call: Call, levels: Runtime, affine: Affine, part?: string): Runtime | undefined {
  const maker = call.build.producerOf(levels.stored);
  const clip = maker?.op === "activation" ? maker : undefined;
  const source = clip ? call.build.producerOf(clip.inputs[0]!) : maker;
  if (source?.op !== "quant" || source.result !== "level") return undefined;
  const same = (c: Constant, tensor: QuantNode["scale"]) => {
    const own = alignConstant(c, levels.shape.length, levels.axes, call.workspace).data;
    return own.length === tensor.data.length && own.every((x, k) => x === tensor.data[k]);
  };
  if (!same(affine.scale, source.scale) || !same(affine.zeroPoint, source.zeroPoint)) return undefined;
  let range: { readonly bits: number; readonly signed: boolean; readonly narrow: boolean } | undefined;
  if (clip) {
    const f = clip.function;
    const bounds =
      f.kind === "clip" ? [f.min, f.max] : f.kind === "relu" && f.negativeSlope === 0 ? [0, f.maxValue] : [];
    const [low, high] = levelRange(source.bitWidth.data[0]!, source.signed, false);
    if (bounds[0] === undefined) return undefined;
    range = narrowedRange(levels.type, Math.max(low, bounds[0]), Math.min(high, bounds[1] ?? high));
    if (!range) return undefined;
  } else range = { bits: source.bitWidth.data[0]!, signed: source.signed, narrow: source.narrow };
  const { name: _name, sourceOp: _op, outputs: _outputs, ...fields } = source;
  const bitWidth = { shape: [], data: Float32Array.of(range.bits) };
  const { signed, narrow } = range;
  const stored = call.build.emit({ ...fields, bitWidth, signed, narrow, result: "real" }, part)[0]!;
  return likeValue(levels, stored, "float32");
}

function affineOf(call: Call, scale: number, zeroPoint: number, shape: readonly number[]): Affine {
  return {
    scale: alignParameter(constantInput(call, scale, "the scale"), shape, call.attributes),
    zeroPoint: alignParameter(
      optionalConstant(call, zeroPoint, "the zero point") ?? noZeroPoint,
      shape,
      call.attributes,
    ),
  };
}

const quantizeLinear: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const type = quantizedType(optionalConstant(call, 2, "the zero point"), call.attributes);
  return [quantize(call, x, affineOf(call, 1, 2, x.shape), type)];
};

const dequantizeLinear: Operator = (call) => {
  const x = runtimeInput(call, 0);
  if (!isInteger(x.type)) throw refuse("element-type", `levels of type ${x.type}`);
  const affine = affineOf(call, 1, 2, x.shape);
  return [{ ...dequantize(call, x, affine), type: affine.scale.type }];
};

/** One number, or one number an output channel (along `axis` of a weight of `rank` axes). */
export function perTensorOrAxis(c: Constant, rank: number, axis: number): Constant {
  if (c.data.length === 1) return { ...c, shape: [] };
  if (c.shape.length === rank) return c;
  const shape = Array.from({ length: rank }, (_, k) => (k === axis ? c.data.length : 1));
  return { ...c, shape };
}

/** Real weights with their integers. */
export function realWeights(call: Call, weights: Constant, affine: Affine): Constant {
  checkScale(affine.scale);
  return realsOf(weights, { ...affine, ...widthOf(weights.type), narrow: false }, call.workspace);
}

/** `QLinearConv`: dequantise, convolve, quantise. */
const qLinearConv: Operator = (call) => {
  const get = (k: number, what: string) => constantInput(call, k, what);
  const x = runtimeInput(call, 0);
  const input: Affine = { scale: get(1, "the scale"), zeroPoint: get(2, "the zero point") };
  const weights = get(3, "the array of weights");
  const rank = weights.shape.length;
  const filter = {
    scale: perTensorOrAxis(get(4, "the weight scale"), rank, 0),
    zeroPoint: perTensorOrAxis(get(5, "the weight zero point"), rank, 0),
  };
  const output = { scale: get(6, "the scale"), zeroPoint: get(7, "the zero point") };
  const bias = optionalConstant(call, 8, "the bias");
  const real = dequantize(call, x, input, "real");
  const kernel = realWeights(call, weights, filter);
  const y = call.build.within("conv", () => convolve(call, real, kernel, bias && realBias(call, bias, input, filter)));
  return [quantize(call, y, scalars(output), get(7, "the zero point").type)];
};

/** The bias of a quantised convolution: integers with the product of the scales of value and weights. */
export function realBias(call: Call, bias: Constant, input: Affine, filter: Affine): Constant {
  const scales = Float32Array.from(filter.scale.data, (s) => s * input.scale.data[0]!);
  const scale = constant("float32", scales.length === 1 ? [] : [scales.length], scales);
  return realWeights(call, bias, { scale, zeroPoint: noZeroPoint });
}

/** `QLinearMatMul`: dequantise, multiply, quantise. One factor may be a constant. */
const qLinearMatMul: Operator = (call) => {
  const factor = (k: number) => {
    const value = call.inputs[k];
    if (!value || value.kind === "unknown") throw refuse("input", `input ${k} is missing`);
    const rank = value.shape.length;
    const axis = k === 0 ? rank - 2 : rank - 1;
    const affine = {
      scale: perTensorOrAxis(constantInput(call, k + 1, "a scale"), rank, axis),
      zeroPoint: perTensorOrAxis(constantInput(call, k + 2, "a zero point"), rank, axis),
    };
    if (value.kind === "constant") return realWeights(call, value, affine);
    return dequantize(call, value, affine, "real");
  };
  const inputs = [factor(0), factor(3)];
  const [product] = call.build.within("product", () => matMul({ ...call, inputs }));
  const zeroPoint = constantInput(call, 7, "the zero point");
  const output = scalars({ scale: constantInput(call, 6, "the scale"), zeroPoint });
  return [quantize(call, product as Runtime, output, zeroPoint.type)];
};

export function scalars(affine: Affine): Affine {
  if (affine.scale.data.length !== 1 || affine.zeroPoint.data.length !== 1) throw refuse("shape", "a scale an axis");
  return { scale: { ...affine.scale, shape: [] }, zeroPoint: { ...affine.zeroPoint, shape: [] } };
}

/** Levels less their zero point, as numbers. */
function centred(call: Call, k: number, zero: number, axis: number): Runtime | Constant {
  const value = call.inputs[k];
  if (!value || value.kind === "unknown") throw refuse("input", `input ${k} is missing`);
  const zeroPoint = optionalConstant(call, zero, "the zero point");
  const one = constant("float32", [], Float32Array.of(1));
  const aligned = perTensorOrAxis(zeroPoint ?? noZeroPoint, value.shape.length, axis);
  if (value.kind === "constant") return realWeights(call, value, { scale: one, zeroPoint: aligned });
  if (aligned.data.every((x) => x === 0)) return value;
  return combineValues(call, { op: "elementwise", kind: "subtract" }, [value, aligned], "float32", "centred");
}

const convInteger: Operator = (call) => {
  const x = centred(call, 0, 2, 1);
  const weights = centred(call, 1, 3, 0);
  if (x.kind === "constant" || weights.kind !== "constant") {
    throw refuse("parameter-not-constant", "the weights depend on the input of the network");
  }
  return [{ ...convolve(call, x, weights, undefined), type: "int32" as const }];
};

const matMulInteger: Operator = (call) => {
  const [a, b] = call.inputs;
  const rank = (v: typeof a) => (v && v.kind !== "unknown" ? v.shape.length : 0);
  const inputs = [centred(call, 0, 2, rank(a) - 2), centred(call, 1, 3, rank(b) - 1)];
  return [{ ...(matMul({ ...call, inputs })[0] as Runtime), type: "int32" as const }];
};

/** Scale and zero point from the range of the value; eight bits, unsigned. */
const dynamicQuantize: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const all = [...x.shape.keys()];
  const op = (
    kind: "subtract" | "divide" | "minimum" | "maximum" | "add",
    values: readonly (Runtime | Constant)[],
    part?: string,
  ) => combineValues(call, { op: "elementwise", kind }, values, "float32", part);
  const high = op("maximum", [reduceValue(call, x, "max", all, false, "max"), scalar(0)], "high");
  const low = op("minimum", [reduceValue(call, x, "min", all, false, "min"), scalar(0)], "low");
  const scale = op("divide", [op("subtract", [high, low], "range"), scalar(255)], "scale");
  const offset = activate(call, op("divide", [low, scale], "offset"), { kind: "neg" }, "negated");
  const rounded = activate(call, offset, { kind: "round" }, "rounded");
  const zeroPoint = activate(call, rounded, { kind: "clip", min: 0, max: 255 }, "zero-point");
  const quotient = activate(call, op("divide", [x, scale], "quotient"), { kind: "round" }, "nearest");
  const y = activate(call, op("add", [quotient, zeroPoint], "shifted"), { kind: "clip", min: 0, max: 255 });
  return [{ ...y, type: "uint8" }, scale, { ...zeroPoint, type: "uint8" }];
};

export const quantizedOperators: Readonly<Record<string, Operator>> = {
  ":QuantizeLinear": quantizeLinear,
  ":DequantizeLinear": dequantizeLinear,
  ":QLinearConv": qLinearConv,
  ":QLinearMatMul": qLinearMatMul,
  ":ConvInteger": convInteger,
  ":MatMulInteger": matMulInteger,
  ":DynamicQuantizeLinear": dynamicQuantize,
};
