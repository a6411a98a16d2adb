import type { Operator } from "../import/call.js";
import { activationOperators } from "./activation.js";
import { arrangementOperators } from "./arrangement.js";
import { elementwiseOperators } from "./elementwise.js";
import { convolutionOperators } from "./linear/convolution.js";
import { linearOperators } from "./linear/matrix.js";
import { normalizationOperators } from "./normalization.js";
import { poolOperators } from "./pool/pool.js";
import { resizeOperators } from "./pool/resize.js";
import { quantizedOperators } from "./quantized/qdq.js";
import { qonnxOperators } from "./quantized/qonnx.js";
import { runtimeQuantizedOperators } from "./quantized/runtime-operators.js";
import { recurrentOperators } from "./recurrent/recurrent.js";
import { reduceOperators } from "./reduce.js";
import { refusedOperators } from "./refused.js";

/** Operators that become nodes, by `domain:operator`; the standard domain is "", those of QONNX and FINN are `qonnx`, those of ONNX Runtime `com.microsoft`. */
export const operators: ReadonlyMap<string, Operator> = new Map([
  ...Object.entries(activationOperators),
  ...Object.entries(arrangementOperators),
  ...Object.entries(convolutionOperators),
  ...Object.entries(elementwiseOperators),
  ...Object.entries(linearOperators),
  ...Object.entries(normalizationOperators),
  ...Object.entries(poolOperators),
  ...Object.entries(qonnxOperators),
  ...Object.entries(quantizedOperators),
  ...Object.entries(recurrentOperators),
  ...Object.entries(reduceOperators),
  ...Object.entries(refusedOperators),
  ...Object.entries(resizeOperators),
  ...Object.entries(runtimeQuantizedOperators),
]);
