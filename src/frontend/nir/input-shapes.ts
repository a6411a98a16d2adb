import { SpikewrightError } from "../../support/diagnostic.js";
import type { NirConv, NirGraph, NirNode } from "./graph.js";
import { inlineGraphs } from "./simulate/inline.js";
import { evaluationOrder } from "./simulate/order.js";
import { type NodeShapes, nirShapes } from "./simulate/shape.js";

/**
 * The graph with the spatial extents of the input in every convolution. Files may leave them out; what is stated stays.
 * A graph whose shapes do not fit is returned as it is.
 */
export function withInputShapes(graph: NirGraph): NirGraph {
  if (!asksForShapes(graph)) return graph;
  let shapes: ReadonlyMap<string, NodeShapes>;
  try {
    const flat = inlineGraphs(graph);
    shapes = nirShapes(flat, evaluationOrder(flat));
  } catch (error) {
    if (error instanceof SpikewrightError) return graph;
    throw error;
  }
  const filled = (inner: NirGraph, prefix: string): NirGraph => ({
    ...inner,
    nodes: inner.nodes.map((node) => {
      if (node.type === "NIRGraph") return filled(node, `${prefix}${node.name}/`);
      return isOpen(node) ? { ...node, inputShape: shapes.get(prefix + node.name)!.input.slice(1) } : node;
    }),
  });
  return filled(graph, "");
}

function isOpen(node: NirNode): node is NirConv {
  return (node.type === "Conv1d" || node.type === "Conv2d") && node.inputShape === undefined;
}

function asksForShapes(graph: NirGraph): boolean {
  return graph.nodes.some((node) => (node.type === "NIRGraph" ? asksForShapes(node) : isOpen(node)));
}
