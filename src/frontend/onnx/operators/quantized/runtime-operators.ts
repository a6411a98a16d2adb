import type { Constant } from "../../constant/constant.js";
import { type Call, constantInput, type Operator, optionalConstant } from "../../import/call.js";
import type { Runtime, Value } from "../../import/value.js";
import { noZeroPoint } from "../../quant-parameters.js";
import { refuse } from "../../refusal.js";
import { activationOperators } from "../activation.js";
import { arrangementOperators } from "../arrangement.js";
import { elementwiseOperators } from "../elementwise.js";
import { linearOperators } from "../linear/matrix.js";

import { poolOperators } from "../pool/pool.js";
import { reduceOperators } from "../reduce.js";
import { type Affine, dequantize, perTensorOrAxis, quantize, realBias, realWeights, scalars } from "./qdq.js";

/** Scale at input `k` and zero point behind it. */
function affineAt(call: Call, k: number): Affine {
  return {
    scale: constantInput(call, k, "the scale"),
    zeroPoint: optionalConstant(call, k + 1, "the zero point") ?? noZeroPoint,
  };
}

/** The real value of input `k`, whose scale and zero point are the two inputs behind it. */
function realAt(call: Call, k: number, part: string): Runtime | Constant {
  const value = call.inputs[k];
  if (!value || value.kind === "unknown") throw refuse("input", `input ${k} is missing`);
  const affine = scalars(affineAt(call, k + 1));
  return value.kind === "constant" ? realWeights(call, value, affine) : dequantize(call, value, affine, part);
}

/** Levels of the result of `work`, with the scale at input `k`. */
function quantizedResult(call: Call, k: number, work: () => Value | undefined): readonly Value[] {
  const result = call.build.within("real", work);
  if (result?.kind !== "runtime") throw refuse("parameter-not-constant", "a result that is a constant");
  const output = affineAt(call, k);
  return [quantize(call, result, scalars(output), optionalConstant(call, k + 1, "")?.type ?? "uint8")];
}

/** An operator of one value: dequantise, compute, quantise. */
const unary =
  (operator: Operator): Operator =>
  (call) => {
    const x = realAt(call, 0, "real");
    return quantizedResult(call, 3, () => operator({ ...call, inputs: [x] })[0]);
  };

/** An operator of two values. */
const binary =
  (operator: Operator): Operator =>
  (call) => {
    const inputs = [realAt(call, 0, "first"), realAt(call, 3, "second")];
    return quantizedResult(call, 6, () => operator({ ...call, inputs, isSole: () => false })[0]);
  };

/** Pools of values with channels last are not those of ONNX. */
const pool = (operator: Operator): Operator => {
  const convert = unary(operator);
  return (call) => {
    if (call.attributes.flag("channels_last")) throw refuse("attribute", "a pool of channels last");
    return convert(call);
  };
};

/** `QLinearConcat`: scale and zero point of the result, then value, scale and zero point of each part. */
const concat: Operator = (call) => {
  const parts = Array.from({ length: (call.inputs.length - 2) / 3 }, (_, k) => realAt(call, 2 + 3 * k, `part${k}`));
  return quantizedResult(call, 0, () => arrangementOperators[":Concat"]!({ ...call, inputs: parts })[0]);
};

/** `QGemm`: factors with scales and zero points, a bias of int32, and the scale of the result, without which it is real. */
const gemm: Operator = (call) => {
  const a = realAt(call, 0, "real");
  const weights = constantInput(call, 3, "the array of weights");
  const axis = call.attributes.flag("transB") ? 0 : 1;
  const { scale, zeroPoint } = affineAt(call, 4);
  const filter = { scale: perTensorOrAxis(scale, 2, axis), zeroPoint: perTensorOrAxis(zeroPoint, 2, axis) };
  const bias = optionalConstant(call, 6, "the bias");
  const b = realWeights(call, weights, filter);
  // The bias of QGemm is not scaled by beta, which it has not.
  const c = bias && realBias(call, bias, affineAt(call, 1), filter);
  const multiply = () => linearOperators[":Gemm"]!({ ...call, inputs: [a, b, c] })[0];
  return call.inputs[7] ? quantizedResult(call, 7, multiply) : [multiply()!];
};

const runtimeOperators: Readonly<Record<string, Operator>> = {
  QLinearAdd: binary(elementwiseOperators[":Add"]!),
  QLinearMul: binary(elementwiseOperators[":Mul"]!),
  QLinearAveragePool: pool(poolOperators[":AveragePool"]!),
  QLinearGlobalAveragePool: pool(poolOperators[":GlobalAveragePool"]!),
  QLinearLeakyRelu: unary(activationOperators[":LeakyRelu"]!),
  QLinearSigmoid: unary(activationOperators[":Sigmoid"]!),
  QLinearSoftmax: (call) => unary(reduceOperators[":Softmax"]!)({ ...call, version: call.attributes.int("opset", 13) }),
  QLinearConcat: concat,
  QGemm: gemm,
};

/** Quantised operators that ONNX Runtime adds to those of ONNX, when it quantises a model in its own form. */
export const runtimeQuantizedOperators: Readonly<Record<string, Operator>> = Object.fromEntries(
  Object.entries(runtimeOperators).map(([name, operator]) => [`com.microsoft:${name}`, operator]),
);
