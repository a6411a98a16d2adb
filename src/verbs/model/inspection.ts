import type { AnnNode } from "../../ann/graph.js";
import type { Diagnostic } from "../../support/diagnostic.js";

/** What `inspect` tells about a file. */
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
  /**
   * Operator in the words of spikewright; `unsupported` when it has none, `nir` for a node of a NIR graph, `network` for a layer,
   * population or projection of a network file.
   */
  readonly kind: AnnNode["op"] | "nir" | "network";
  /** Shape of the first output, or null where it cannot be inferred; of a projection, sources and targets. */
  readonly shape: readonly number[] | null;
  readonly parameters: number;
  /** Why the layer is not supported, or null. */
  readonly reason: string | null;
}

/** What a NIR file says beside its nodes. */
export interface NirFacts {
  /** Duration of a step in the unit of the file, or null where nothing tells it. */
  readonly dt: number | null;
  readonly dtReason: string;
  readonly reset: string | null;
  readonly resetReason: string;
  readonly edges: readonly (readonly [source: string, target: string])[];
  /** Notes of the producer that are text. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What was taken otherwise than the file says, and what stands in the way of a simulation. */
  readonly findings: readonly Diagnostic[];
}
