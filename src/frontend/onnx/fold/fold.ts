import { arithmeticFolds } from "./arithmetic.js";
import { arrangementFolds } from "./arrangement.js";
import { creationFolds } from "./creation.js";
import type { Fold } from "./fold-call.js";
import { quantizationFolds } from "./quantization.js";

/** Operators that are evaluated while reading where all their inputs are constants; by `domain:operator`. */
export const folds: ReadonlyMap<string, Fold> = new Map([
  ...Object.entries(creationFolds),
  ...Object.entries(arrangementFolds),
  ...Object.entries(arithmeticFolds),
  ...Object.entries(quantizationFolds),
]);
