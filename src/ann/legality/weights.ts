import type { Diagnostic } from "../../support/diagnostic.js";
import { nodeFinding, showShape } from "../finding.js";
import type { AnnNode } from "../graph.js";
import { parametersOf } from "../parameters.js";
import { MAX_ELEMENTS } from "./limits.js";

/** Code `parameter-data`: the shape of a tensor is not one of extents, or does not tell how many numbers it holds. */
export function dataFindings(node: AnnNode): readonly Diagnostic[] {
  return parametersOf(node).flatMap(({ field, tensor }) => {
    const legal = tensor.shape.every((extent) => Number.isInteger(extent) && extent >= 1 && extent <= MAX_ELEMENTS);
    const wanted = tensor.shape.reduce((product, extent) => product * extent, 1);
    if (legal && wanted === tensor.data.length) return [];
    const found = `${field} ${showShape(tensor.shape)} with ${tensor.data.length} numbers`;
    return [nodeFinding("parameter-data", node, found, legal ? `${wanted} numbers` : "extents of at least 1")];
  });
}

/** Operators whose constants may be infinite: masks and thresholds that no value reaches. */
const mayBeInfinite = new Set<AnnNode["op"]>(["constant", "elementwise", "compare", "multi-threshold"]);

/** Code `weight-not-finite`: a parameter has NaN or infinite numbers; says how many. */
export function finiteFindings(node: AnnNode): readonly Diagnostic[] {
  const infinite = mayBeInfinite.has(node.op);
  return parametersOf(node).flatMap(({ field, tensor }) => {
    let bad = 0;
    for (const value of tensor.data) if (infinite ? Number.isNaN(value) : !Number.isFinite(value)) bad++;
    if (bad === 0) return [];
    const found = `${bad} of ${tensor.data.length} numbers of ${field} NaN or infinite`;
    return [nodeFinding("weight-not-finite", node, found, "finite numbers", "Retrain or export the model again")];
  });
}
