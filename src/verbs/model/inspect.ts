import { countNodeParameters, countParameters } from "../../ann/parameters.js";
import { inferShapes } from "../../ann/shape.js";
import type { ImportedGraph } from "../../frontend/keras/kernel-flip.js";
import { type LoadOptions, loadFile } from "../../frontend/load.js";
import { inspectNetwork } from "./inspect-network.js";
import { inspectNir } from "./inspect-nir.js";
import type { InspectResult } from "./inspection.js";

export type { InspectedLayer, InspectResult, NirFacts } from "./inspection.js";

/** Lists layers, shapes, parameters, format and producer of a model or a network file. Never fails on an unsupported layer. */
export async function inspect(model: string, options: LoadOptions = {}): Promise<InspectResult> {
  const network = await inspectNetwork(model);
  if (network) return network;
  const loaded = await loadFile(model, options);
  return loaded.kind === "nir" ? inspectNir(model, loaded.nir) : inspectGraph(model, loaded.graph);
}

function inspectGraph(model: string, graph: ImportedGraph): InspectResult {
  const { shapes } = inferShapes(graph);
  return {
    file: model,
    format: graph.source.format,
    producer: graph.source.producer ?? null,
    name: graph.name,
    inputs: graph.inputs.map(({ name, shape }) => ({ name, shape })),
    outputs: graph.outputs,
    layers: graph.nodes.map((node) => ({
      layer: node.name,
      op: node.sourceOp,
      kind: node.op,
      shape: shapes.get(node.outputs[0] ?? "") ?? null,
      parameters: countNodeParameters(node),
      reason: node.op === "unsupported" ? node.reason : null,
    })),
    parametersTotal: countParameters(graph),
    kernelFlipUncertain: graph.kernelFlipUncertain === true,
    nir: null,
  };
}
