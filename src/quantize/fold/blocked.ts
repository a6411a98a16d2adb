import type { AnnNode } from "../../ann/graph.js";
import { failure, type SpikewrightError } from "../../support/diagnostic.js";

/**
 * A blocker: an operator or attribute that has no exact form in the integer network. Code `unsupported-layer` unless
 * told otherwise; the driver collects all of them.
 */
export function blocked(
  node: Pick<AnnNode, "name" | "sourceOp">,
  found: string,
  wanted: string,
  hint: string,
  code = "unsupported-layer",
): SpikewrightError {
  return failure({
    code,
    message: `Cannot convert layer "${node.name}" (${node.sourceOp}): ${found}, wanted ${wanted}`,
    place: { item: node.name },
    found,
    wanted,
    hint,
  });
}
