import type { AnnNode } from "../../ann/graph.js";
import { countNodeParameters, countParameters } from "../../ann/parameters.js";
import { inferShapes } from "../../ann/shape.js";
import type { ImportedGraph } from "../../frontend/keras/kernel-flip.js";
import { type LoadOptions, loadFile } from "../../frontend/load.js";
import { inspectNir, type NirFacts } from "./inspect-nir.js";

export interface InspectResult {
  readonly file: string;
  readonly format: string;
  readonly producer: string | null;
  readonly name: string;
  /** Shapes have no batch axis; -1 is an open extent. */
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly outputs: readonly string[];
  readonly layers: readonly InspectedLayer[];
  readonly parametersTotal: number;
  /** True when the file does not say whether convolution kernels are rotated (old Keras): labelled data decide. */
  readonly kernelFlipUncertain: boolean;
  /** NIR files: what is known about their dynamics; else null. */
  readonly nir: NirFacts | null;
}

export interface InspectedLayer {
  readonly layer: string;
  /** Operator in the words of the source format. */
  readonly op: string;
  /** Operator in the words of spikewright; `unsupported` when it has none, `nir` for a node of a NIR graph. */
  readonly kind: AnnNode["op"] | "nir";
  /** Shape of the first output, or null where it cannot be inferred. */
  readonly shape: readonly number[] | null;
  readonly parameters: number;
  /** Why the layer is not supported, or null. */
  readonly reason: string | null;
}

/** Lists layers, shapes, parameters, format and producer of a model. Never fails on an unsupported layer. */
export async function inspect(model: string, options: LoadOptions = {}): Promise<InspectResult> {
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
