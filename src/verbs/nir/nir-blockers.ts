import { inferDynamics } from "../../frontend/nir/dynamics.js";
import type { NirGraph, NirNode } from "../../frontend/nir/graph.js";
import type { NirImport } from "../../frontend/nir/read.js";
import { inlineGraphs } from "../../frontend/nir/simulate/inline.js";
import { evaluationOrder } from "../../frontend/nir/simulate/order.js";
import { nirShapes } from "../../frontend/nir/simulate/shape.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";
import { importNirGraph } from "./core/import.js";

/** Stands for a step that nothing tells, so that the rest is looked at. */
const someStep = 1e-4;

/**
 * Everything that stands in the way of importing a NIR graph: ports and shapes that do not fit, dynamics that nothing
 * tells, and what a network with dynamics has no place for.
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
  const shapes = flat && attempt(() => nirShapes(flat, evaluationOrder(flat)));
  const dynamics = attempt(() => inferDynamics(graph));
  if (shapes) attempt(() => importNirGraph(graph, { steps: 1, ...(dynamics ? {} : { dt: someStep }) }));
  return findings;
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
