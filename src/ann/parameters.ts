import { elements, type Tensor } from "../support/tensor.js";
import type { AnnGraph, AnnNode } from "./graph.js";

/** A tensor that a node holds, and the field it stands in, e.g. `kernel` or `forward.recurrentKernel`. */
export interface Parameter {
  readonly field: string;
  readonly tensor: Tensor;
}

/** Whether `value` is a `Tensor`. */
function isTensor(value: object): value is Tensor {
  return "shape" in value && "data" in value && value.data instanceof Float32Array;
}

/** Every tensor of one node, by field name in alphabetical order. Bodies of time-distributed nodes are not entered. */
export function parametersOf(node: AnnNode): readonly Parameter[] {
  const found: Parameter[] = [];
  const walk = (holder: object, path: string): void => {
    for (const key of Object.keys(holder).sort()) {
      const value = (holder as Record<string, unknown>)[key];
      if (typeof value !== "object" || value === null || Array.isArray(value) || key === "body") continue;
      if (isTensor(value)) found.push({ field: path + key, tensor: value });
      else walk(value, `${path}${key}.`);
    }
  };
  walk(node, "");
  return found;
}

/** Number of parameters of one node, bodies included. Indices of a gather are not parameters. */
export function countNodeParameters(node: AnnNode): number {
  if (node.op === "time-distributed") return countParameters(node.body);
  if (node.op === "gather") return 0;
  return parametersOf(node).reduce((sum, { tensor }) => sum + elements(tensor.shape), 0);
}

/** Number of parameters (trained and fixed, e.g. the mean of a batch norm) of a graph. */
export function countParameters(graph: AnnGraph): number {
  return graph.nodes.reduce((sum, node) => sum + countNodeParameters(node), 0);
}
