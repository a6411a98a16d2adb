import { type Diagnostic, SpikewrightError } from "../support/diagnostic.js";
import type { NodeBase } from "./nodes/base.js";

/** `[28, 28, ?]`: a shape as messages and the printed form show it; `?` is an open extent. */
export function showShape(shape: readonly number[]): string {
  return `[${shape.map((extent) => (extent === -1 ? "?" : String(extent))).join(", ")}]`;
}

/** A finding about one layer: what was found, what was wanted. */
export function nodeFinding(code: string, node: NodeBase, found: string, wanted: string, hint?: string): Diagnostic {
  return {
    code,
    severity: "error",
    message: `Cannot use layer ${JSON.stringify(node.name)} (${node.sourceOp}): ${found}, wanted ${wanted}`,
    place: { item: node.name },
    found,
    wanted,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Ends the shape rule of one node; `inferShapes` collects it. Code `shape-mismatch` unless told otherwise. */
export function mismatch(node: NodeBase, found: string, wanted: string, code = "shape-mismatch"): SpikewrightError {
  return new SpikewrightError([nodeFinding(code, node, found, wanted)]);
}
