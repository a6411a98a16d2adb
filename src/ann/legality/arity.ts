import type { Diagnostic } from "../../support/diagnostic.js";
import { nodeFinding } from "../finding.js";
import type { AnnNode } from "../graph.js";
import { directions, statesOf } from "../shapes/recurrent.js";

/** Allowed numbers of inputs of a node. */
function inputCounts(node: AnnNode): { readonly least: number; readonly most: number } {
  const exactly = (count: number) => ({ least: count, most: count });
  switch (node.op) {
    case "constant":
      return exactly(0);
    case "concat":
      return { least: 1, most: Number.POSITIVE_INFINITY };
    case "matmul":
      return exactly(2);
    case "where":
      return exactly(3);
    case "compare":
      return exactly(node.constant ? 1 : 2);
    case "elementwise": {
      if (node.constant) return exactly(1);
      const binary = ["subtract", "divide", "power", "modulo"].includes(node.kind);
      return binary ? exactly(2) : { least: 1, most: Number.POSITIVE_INFINITY };
    }
    case "recurrent":
      return { least: 1, most: 1 + directions(node).reduce((sum, cell) => sum + statesOf(cell), 0) };
    case "time-distributed":
      return exactly(node.body.inputs.length);
    case "unsupported":
      return { least: 0, most: Number.POSITIVE_INFINITY };
    default:
      return exactly(1);
  }
}

/** Number of results of a node; undefined where any number is right. */
function outputCount(node: AnnNode): number | undefined {
  switch (node.op) {
    case "split":
      return node.sizes.length;
    case "recurrent": {
      const cells = directions(node);
      const results = node.merge === "none" ? cells.length : 1;
      return results + (node.returnState ? cells.reduce((sum, cell) => sum + statesOf(cell), 0) : 0);
    }
    case "time-distributed":
      return node.body.outputs.length;
    case "unsupported":
      return undefined;
    default:
      return 1;
  }
}

/** Code `arity`: a node has too many or too few inputs or outputs. */
export function arityFindings(node: AnnNode): readonly Diagnostic[] {
  const { least, most } = inputCounts(node);
  const findings: Diagnostic[] = [];
  const given = node.inputs.length;
  const oddStates = node.op === "recurrent" && given !== least && given !== most;
  if (given < least || given > most || oddStates) {
    const range = least === most ? `${least}` : `${least} ${oddStates ? "or" : "to"} ${most}`;
    findings.push(nodeFinding("arity", node, `${given} inputs`, range));
  }
  const results = outputCount(node);
  if (results !== undefined && node.outputs.length !== results) {
    findings.push(nodeFinding("arity", node, `${node.outputs.length} outputs`, `${results}`));
  }
  return findings;
}
