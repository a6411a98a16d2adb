import type { Rounding } from "../../../../ann/graph.js";
import type { Tensor } from "../../../../support/tensor.js";
import { type Constant, scalarOf, toTensor } from "../../constant/constant.js";
import { alignConstant, arrange, runtimeOf } from "../../import/arrange.js";
import { type Call, constantInput, likeValue, type Operator, runtimeInput } from "../../import/call.js";
import type { Runtime } from "../../import/value.js";
import { bitWidthOf, checkScale, roundingOf, singleScale } from "../../quant-parameters.js";
import { refuse } from "../../refusal.js";
import { activate } from "../activation.js";
import { combineValues, scalar } from "../elementwise.js";

/** A parameter that broadcasts to `x`, as it is stored. */
function aligned(call: Call, x: Runtime, c: Constant): Tensor {
  return alignConstant(c, x.shape.length, x.axes, call.workspace);
}

/** `Quant` (`IntQuant`): real values on a grid. One signed bit means -1 and 1. */
const quant: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const scale = constantInput(call, 1, "the scale");
  checkScale(scale);
  const bits = bitWidthOf(constantInput(call, 3, "the bit width"));
  const signed = call.attributes.flag("signed", true);
  if (bits === 1 && signed) return bipolar(call);
  const stored = call.build.emit({
    op: "quant",
    inputs: [x.stored],
    scale: aligned(call, x, scale),
    zeroPoint: aligned(call, x, constantInput(call, 2, "the zero point")),
    bitWidth: { shape: [], data: Float32Array.of(bits) },
    signed,
    narrow: call.attributes.flag("narrow"),
    rounding: roundingOf(call.attributes, "ROUND"),
    shiftFirst: true,
    result: "real",
  })[0]!;
  return [likeValue(x, stored)];
};

const bipolar: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const scale = constantInput(call, 1, "the scale");
  checkScale(scale);
  const stored = call.build.emit({ op: "bipolar-quant", inputs: [x.stored], scale: aligned(call, x, scale) })[0]!;
  return [likeValue(x, stored)];
};

const roundingFunctions: Partial<Record<Rounding, "round" | "floor" | "ceil" | "trunc">> = {
  "half-even": "round",
  down: "floor",
  up: "ceil",
  zero: "trunc",
};

/**
 * `Trunc`: levels with fewer bits. Version 1 (5 inputs) divides by `2^(bits in - bits out)` and keeps the scale; version
 * 2 (7 inputs) divides by the ratio of the scales and holds the result in the range of the new width.
 */
const trunc: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const scale = singleScale(constantInput(call, 1, "the scale"), "the scale");
  const zeroPoint = scalarOf(constantInput(call, 2, "the zero point"), "the zero point");
  const inBits = bitWidthOf(constantInput(call, 3, "the input width"));
  const isNew = call.inputs.length >= 7;
  const rule = roundingOf(call.attributes, "FLOOR");
  const round = roundingFunctions[rule];
  if (!round) throw refuse("rounding", `rounding ${rule} of a truncation`);
  const op = (kind: "divide" | "add" | "subtract" | "multiply", v: Runtime, c: number, part?: string) =>
    combineValues(call, { op: "elementwise", kind }, [v, scalar(c)], "float32", part);
  const shift = (v: Runtime, c: number, kind: "add" | "subtract") =>
    c === 0 ? v : op(kind, v, c, `${kind}-zero-point`);
  const level = activate(call, shift(op("divide", x, scale, "levels"), zeroPoint, "add"), { kind: "round" }, "nearest");
  if (!isNew) {
    const outBits = bitWidthOf(constantInput(call, 4, "the output width"));
    const less = activate(call, op("divide", level, 2 ** (inBits - outBits), "fewer"), { kind: round }, "rounded");
    return [op("multiply", shift(less, zeroPoint, "subtract"), scale)];
  }
  const outScale = singleScale(constantInput(call, 4, "the output scale"), "the output scale");
  const ratio = 2 ** Math.round(Math.log2(outScale / scale));
  const stored = call.build.emit(
    {
      op: "quant",
      inputs: [level.stored],
      scale: { shape: [], data: Float32Array.of(ratio) },
      zeroPoint: { shape: [], data: new Float32Array(1) },
      bitWidth: { shape: [], data: Float32Array.of(bitWidthOf(constantInput(call, 6, "the output width"))) },
      signed: call.attributes.flag("signed", true),
      narrow: call.attributes.flag("narrow"),
      rounding: rule,
      result: "level",
    },
    "rounded",
  )[0]!;
  return [op("multiply", shift(likeValue(level, stored), zeroPoint / ratio, "subtract"), outScale)];
};

/** `MultiThreshold`: counts thresholds that the value reaches. */
const multiThreshold: Operator = (call) => {
  const x = runtimeInput(call, 0);
  const rank = x.shape.length;
  const thresholds = toTensor(constantInput(call, 1, "the thresholds"));
  if (thresholds.shape.length !== 2) throw refuse("shape", `thresholds of shape [${thresholds.shape}]`);
  const isChannelsLast = call.attributes.string("data_layout", "NCHW").endsWith("C") || (rank !== 2 && rank !== 4);
  const channel = isChannelsLast ? rank - 1 : 1;
  const axes = [...x.axes.filter((axis) => axis !== channel), channel];
  const width = thresholds.shape[1]!;
  const data = Float32Array.from(thresholds.data);
  for (let start = 0; start < data.length; start += width) data.subarray(start, start + width).sort();
  const stored = call.build.emit({
    op: "multi-threshold",
    inputs: [arrange(call.build, x, axes)],
    thresholds: { shape: thresholds.shape, data },
    outScale: call.attributes.float("out_scale", 1),
    outBias: call.attributes.float("out_bias", 0),
  })[0]!;
  return [runtimeOf(call.build, stored, axes, rank, x.type)];
};

/** Operators of QONNX and FINN. */
export const qonnxOperators: Readonly<Record<string, Operator>> = {
  "qonnx:Quant": quant,
  "qonnx:IntQuant": quant,
  "qonnx:BipolarQuant": bipolar,
  "qonnx:Trunc": trunc,
  "qonnx:MultiThreshold": multiThreshold,
};
