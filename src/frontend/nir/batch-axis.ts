import type { NirEnd, NirFlatten, NirGraph, NirNode, NirTensor } from "./graph.js";

/**
 * The graph without the batch axis of one element that some exporters of 2023 left in shapes and parameters. Such a graph
 * shows it by an input whose first extent is 1 in front of a parameter of an image, or of a `Flatten` that spares axis 0.
 * Leading ones of the shape of an output mean nothing in any graph and go too.
 */
export function withoutBatch(graph: NirGraph): NirGraph {
  const input = graph.nodes.find((node): node is NirEnd => node.type === "Input");
  const isBatched = input?.shape[0] === 1 && input.shape.length > 1 && showsBatch(graph.nodes, input.shape.length);
  return { ...graph, nodes: graph.nodes.map((node) => (isBatched ? stripped(node) : trimmed(node))) };
}

function showsBatch(nodes: readonly NirNode[], rank: number): boolean {
  return nodes.some(
    (node) =>
      (node.type === "Flatten" && node.startDim === 1 && node.inputShape?.[0] === 1) ||
      (node.type === "Conv2d" && rank === 4) ||
      (node.type === "Conv1d" && rank === 3),
  );
}

/** An output with leading ones, and graphs inside. */
function trimmed(node: NirNode): NirNode {
  if (node.type === "NIRGraph") return withoutBatch(node);
  if (node.type !== "Output") return node;
  const first = node.shape.findIndex((extent) => extent !== 1);
  return { ...node, shape: node.shape.slice(first < 0 ? node.shape.length - 1 : first) };
}

/** A node of a batched graph. */
function stripped(node: NirNode): NirNode {
  switch (node.type) {
    case "Input":
    case "Output":
      return { ...node, shape: node.shape.length > 1 && node.shape[0] === 1 ? node.shape.slice(1) : node.shape };
    case "Flatten":
      return strippedFlatten(node);
    case "I":
    case "IF":
    case "LI":
    case "LIF":
    case "CubaLI":
    case "CubaLIF":
    case "Scale":
    case "Threshold":
    case "Delay": {
      const entries = Object.entries(node).map(([key, value]) => [key, isTensor(value) ? firstAway(value) : value]);
      return Object.fromEntries(entries) as NirNode;
    }
    default:
      return node;
  }
}

function strippedFlatten(node: NirFlatten): NirFlatten {
  const less = (dim: number) => (dim > 0 ? dim - 1 : dim);
  const { inputShape, ...rest } = node;
  const shape = inputShape ? { inputShape: inputShape.slice(1) } : {};
  return { ...rest, ...shape, startDim: less(node.startDim), endDim: less(node.endDim) };
}

function firstAway(tensor: NirTensor): NirTensor {
  return tensor.shape.length > 1 && tensor.shape[0] === 1 ? { ...tensor, shape: tensor.shape.slice(1) } : tensor;
}

function isTensor(value: unknown): value is NirTensor {
  return typeof value === "object" && value !== null && "data" in value && "shape" in value;
}
