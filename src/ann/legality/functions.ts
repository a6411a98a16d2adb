import type { ActivationFunction } from "../nodes/activation.js";
import type { Inspector } from "./inspector.js";
import { bound, finite, positive } from "./numbers.js";

/** Parameters of an activation function; `field` tells which function of the node it is. */
export function inspectFunction(see: Inspector, field: string, f: ActivationFunction): void {
  const number = (name: string, value: number, demand = finite): void => see.number(`${field} ${name}`, value, demand);
  switch (f.kind) {
    case "relu":
      number("negative slope", f.negativeSlope);
      number("threshold", f.threshold);
      if (f.maxValue !== undefined) {
        number("maximum", f.maxValue, bound);
        see.require(
          f.maxValue >= f.threshold,
          `${field} maximum ${f.maxValue}`,
          `at least the threshold ${f.threshold}`,
        );
      }
      return;
    case "clip":
      number("minimum", f.min, bound);
      number("maximum", f.max, bound);
      see.require(f.min <= f.max, `${field} minimum ${f.min}`, `at most the maximum ${f.max}`);
      return;
    case "hard-sigmoid":
      number("slope", f.slope);
      number("offset", f.offset);
      return;
    case "celu":
      number("alpha", f.alpha, positive);
      return;
    case "elu":
      number("alpha", f.alpha);
      return;
    case "selu":
      number("alpha", f.alpha);
      number("scale", f.scale);
      return;
    case "thresholded-relu":
      number("threshold", f.threshold);
      return;
    case "affine":
      number("scale", f.scale);
      number("offset", f.offset);
      return;
    case "scaled-tanh":
      number("scale", f.scale);
      number("slope", f.slope);
      return;
    default:
      return;
  }
}
