import { inferDynamics } from "../../frontend/nir/dynamics.js";
import type { NirImport } from "../../frontend/nir/read.js";
import type { NirLeaf } from "../../frontend/nir/simulate/inline.js";
import { inlineGraphs } from "../../frontend/nir/simulate/inline.js";
import { evaluationOrder } from "../../frontend/nir/simulate/order.js";
import { type NodeShapes, nirShapes } from "../../frontend/nir/simulate/shape.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";
import type { InspectedLayer, InspectResult } from "./inspection.js";

/** The nodes of a NIR graph, those of inner graphs included. */
export function inspectNir(file: string, { version, graph, notes }: NirImport): InspectResult {
  const findings: Diagnostic[] = [...notes];
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
  const nodes = flat ? [...flat.nodes] : graph.nodes.map((node) => [node.name, node as NirLeaf] as const);
  const shapes = attempt(() => (flat ? nirShapes(flat, evaluationOrder(flat)) : undefined));
  const layers = nodes.map(([name, node]) => layerOf(name, node, shapes?.get(name)));
  const dynamics = attempt(() => inferDynamics(graph));
  const unknown = "not told by the file";
  return {
    file,
    format: "nir",
    producer: version === "" ? null : `nir ${version}`,
    name: graph.name,
    inputs: graph.nodes.flatMap((node) => (node.type === "Input" ? [{ name: node.name, shape: node.shape }] : [])),
    outputs: graph.nodes.flatMap((node) => (node.type === "Output" ? [node.name] : [])),
    layers,
    parametersTotal: layers.reduce((sum, { parameters }) => sum + parameters, 0),
    kernelFlipUncertain: false,
    nir: {
      dt: dynamics?.dt ?? null,
      dtReason: dynamics?.dtReason ?? unknown,
      reset: dynamics?.reset ?? null,
      resetReason: dynamics?.resetReason ?? unknown,
      edges: graph.edges,
      metadata: Object.fromEntries(
        Object.entries(graph.metadata).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])),
      ),
      findings,
    },
  };
}

function layerOf(name: string, node: NirLeaf, shape: NodeShapes | undefined): InspectedLayer {
  const numbers = Object.values(node).filter((value) => ArrayBuffer.isView((value as { data?: unknown })?.data));
  return {
    layer: name,
    op: node.type,
    kind: "nir",
    shape: shape?.output ?? null,
    parameters: numbers.reduce((sum, { data }: { data: ArrayLike<number> }) => sum + data.length, 0),
    reason: null,
  };
}
