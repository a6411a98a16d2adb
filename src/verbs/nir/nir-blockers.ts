import { inferDynamics } from "../../frontend/nir/dynamics.js";
import { isDynamic, type NirGraph, type NirNode } from "../../frontend/nir/graph.js";
import type { NirImport } from "../../frontend/nir/read.js";
import { inlineGraphs } from "../../frontend/nir/simulate/inline.js";
import { evaluationOrder } from "../../frontend/nir/simulate/order.js";
import { nirShapes } from "../../frontend/nir/simulate/shape.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";

/**
 * Everything that stands in the way of a NIR graph: ports and shapes that do not fit, dynamics that nothing tells, and
 * every node whose state changes in time, which the conversion of trained layers has no place for.
 */
export function nirBlockers({ graph }: NirImport): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  const attempt = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof SpikewrightError)) throw error;
      findings.push(...error.diagnostics);
      return undefined;
    }
  };
  const flat = attempt(() => inlineGraphs(graph));
  attempt(() => (flat ? nirShapes(flat, evaluationOrder(flat)) : undefined));
  attempt(() => inferDynamics(graph));
  return [...findings, ...named(graph).flatMap(([name, node]) => (hasTime(node) ? [inTime(name, node)] : []))];
}

/** Node types by path. */
export function nirTypes(graph: NirGraph): ReadonlyMap<string, string> {
  return new Map(named(graph).map(([name, node]) => [name, node.type]));
}

/** Nodes of a graph and of the graphs inside, by path. */
function named(graph: NirGraph, prefix = ""): readonly (readonly [string, NirNode])[] {
  return graph.nodes.flatMap((node) =>
    node.type === "NIRGraph" ? named(node, `${prefix}${node.name}/`) : [[prefix + node.name, node] as const],
  );
}

function hasTime(node: NirNode): boolean {
  return isDynamic(node) || node.type === "Delay" || node.type === "Threshold";
}

function inTime(name: string, node: NirNode): Diagnostic {
  const found = `a node of type ${node.type}`;
  const wanted = "a trained layer of values";
  return {
    code: "nir-dynamics",
    severity: "error",
    message: `Cannot convert NIR node "${name}" (${node.type}): ${found}, whose state changes in time, wanted ${wanted}`,
    place: { item: name },
    found,
    wanted,
    hint: "Run it in float: spikewright simulate FILE.nir --data EVENTS",
  };
}
