import { mismatch, showShape } from "../finding.js";
import type { RecurrentCell, RecurrentNode } from "../nodes/recurrent.js";
import { agree, agreeShapes, type Shape, type ShapeRule } from "./extent.js";

/** Directions that a layer has, forward first. */
export function directions(node: RecurrentNode): readonly RecurrentCell[] {
  return [node.forward, node.backward].filter((cell) => cell !== undefined);
}

/** Number of units of a cell. */
export function unitsOf(cell: RecurrentCell): number {
  return cell.recurrentKernel.shape[0]!;
}

/** State values a direction has: `h`, and `c` for LSTM. */
export function statesOf(cell: RecurrentCell): number {
  return cell.kind === "lstm" ? 2 : 1;
}

export const recurrentShape: ShapeRule<RecurrentNode> = (node, [x, ...initial]) => {
  const cells = directions(node);
  const units = unitsOf(cells[0]!);
  const features = cells[0]!.kernel.shape[0]!;
  if (x!.length !== 2 || agree(x![1]!, features) === undefined) {
    throw mismatch(node, `input ${showShape(x!)}`, `a sequence of frames of ${features} features`);
  }
  const wrong = initial.find((shape) => agreeShapes(shape, [units]) === undefined);
  if (wrong) throw mismatch(node, `initial state ${showShape(wrong)}`, `[${units}]`);
  const result = (width: number): Shape => (node.returnSequences ? [x![0]!, width] : [width]);
  const merged = cells.length === 2 && node.merge === "none" ? [result(units), result(units)] : undefined;
  const width = cells.length === 2 && node.merge === "concat" ? 2 * units : units;
  const states = node.returnState ? cells.flatMap((cell) => Array(statesOf(cell)).fill([units]) as Shape[]) : [];
  return [...(merged ?? [result(width)]), ...states];
};
