import { mapConstant } from "../constant/arithmetic.js";

import { levelsOf, realsOf, widthOf } from "../constant/quantize.js";
import { elementInfo } from "../proto/element-type.js";
import { alignParameter, bitWidthOf, checkScale, noZeroPoint, quantizedType, roundingOf } from "../quant-parameters.js";
import { refuse } from "../refusal.js";
import type { Fold } from "./fold-call.js";
import { input } from "./input.js";

/** QONNX `Quant` (`IntQuant`): real numbers on a grid. One signed bit means -1 and 1. */
const quant: Fold = (call) => {
  const [x, scale, zeroPoint] = [input(call, 0), input(call, 1), input(call, 2)];
  checkScale(scale);
  const bits = bitWidthOf(input(call, 3));
  const signed = call.attributes.flag("signed", true);
  if (bits === 1 && signed) return bipolar(call);
  const narrow = call.attributes.flag("narrow");
  const rounding = roundingOf(call.attributes, "ROUND");
  const stairs = { scale, zeroPoint, bits, signed, narrow, rounding, shiftFirst: true };
  return [realsOf(levelsOf(x, stairs, "int32", call.workspace), stairs, call.workspace)];
};

const bipolar: Fold = (call) => {
  const [x, scale] = [input(call, 0), input(call, 1)];
  checkScale(scale);
  const levels = mapConstant(x, (v) => (v >= 0 ? 1 : -1), call.workspace, "int8");
  const grid = { scale, zeroPoint: noZeroPoint, bits: 1, signed: true, narrow: false };
  return [realsOf(levels, grid, call.workspace)];
};

/** Quantisation of constants: weights become real numbers that know their integers. */
export const quantizationFolds: Readonly<Record<string, Fold>> = {
  ":QuantizeLinear": (call) => {
    const x = input(call, 0);
    const type = quantizedType(call.inputs[2], call.attributes);
    const scale = alignParameter(input(call, 1), x.shape, call.attributes);
    const zeroPoint = alignParameter(call.inputs[2] ?? noZeroPoint, x.shape, call.attributes);
    checkScale(scale);
    const stairs = {
      scale,
      zeroPoint,
      ...widthOf(type),
      narrow: false,
      rounding: "half-even" as const,
      shiftFirst: false,
    };
    return [levelsOf(x, stairs, type, call.workspace)];
  },

  ":DequantizeLinear": (call) => {
    const x = input(call, 0);
    const scale = alignParameter(input(call, 1), x.shape, call.attributes);
    const zeroPoint = alignParameter(call.inputs[2] ?? noZeroPoint, x.shape, call.attributes);
    checkScale(scale);
    if (elementInfo(x.type).kind !== "float") {
      const reals = realsOf(x, { scale, zeroPoint, ...widthOf(x.type), narrow: false }, call.workspace);
      return [{ ...reals, type: scale.type }];
    }
    if (scale.data.length !== 1) throw refuse("element-type", `a per-axis scale of elements of type ${x.type}`);
    return [mapConstant(x, (v) => (v - zeroPoint.data[0]!) * scale.data[0]!, call.workspace, scale.type)];
  },

  "qonnx:Quant": quant,
  "qonnx:IntQuant": quant,
  "qonnx:BipolarQuant": bipolar,
};
