import type { Operator } from "../import/call.js";
import { activationOperators } from "./activation.js";
import { arrangementOperators } from "./arrangement.js";
import { convolutionOperators } from "./convolution.js";
import { elementwiseOperators } from "./elementwise.js";
import { linearOperators } from "./linear.js";
import { normalizationOperators } from "./normalization.js";
import { poolOperators } from "./pool.js";
import { qonnxOperators } from "./qonnx.js";
import { quantizedOperators } from "./quantized.js";
import { recurrentOperators } from "./recurrent.js";
import { reduceOperators } from "./reduce.js";
import { refusedOperators } from "./refused.js";
import { resizeOperators } from "./resize.js";

/** Operators that become nodes, by `domain:operator`; the standard domain is "", those of QONNX and FINN are `qonnx`. */
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
]);
