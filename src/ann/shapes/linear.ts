import { mismatch, showShape } from "../finding.js";
import type { DenseNode, EmbeddingNode, MatmulNode } from "../nodes/linear.js";
import { agree, broadcast, type ShapeRule } from "./extent.js";

export const denseShape: ShapeRule<DenseNode> = (node, [x]) => {
  const [inputs, outputs] = node.kernel.shape as [number, number];
  if (x!.length === 0 || agree(x!.at(-1)!, inputs) === undefined) {
    throw mismatch(node, `input ${showShape(x!)}`, `a last axis of ${inputs} (kernel ${showShape(node.kernel.shape)})`);
  }
  return [[...x!.slice(0, -1), outputs]];
};

export const matmulShape: ShapeRule<MatmulNode> = (node, [a, b]) => {
  if (a!.length < 2 || b!.length < 2) {
    throw mismatch(node, `inputs ${showShape(a!)} and ${showShape(b!)}`, "at least two axes each");
  }
  const [rows, inner] = node.transposeFirst ? [a!.at(-1)!, a!.at(-2)!] : [a!.at(-2)!, a!.at(-1)!];
  const [depth, columns] = node.transposeSecond ? [b!.at(-1)!, b!.at(-2)!] : [b!.at(-2)!, b!.at(-1)!];
  const leading = broadcast(a!.slice(0, -2), b!.slice(0, -2));
  if (agree(inner, depth) === undefined || leading === undefined) {
    throw mismatch(node, `factors ${showShape(a!)} and ${showShape(b!)}`, "equal inner extents");
  }
  return [[...leading, rows, columns]];
};

export const embeddingShape: ShapeRule<EmbeddingNode> = (node, [x]) => [[...x!, node.table.shape[1]!]];
