/**
 * A network of the Neuromorphic Intermediate Representation: nodes in continuous time, joined by edges.
 *
 * Several edges into a node add up. Cycles are allowed. Shapes have no batch and no time axis; images are
 * `[channels, height, width]`. Units are those of the file: seconds in all files known. See https://neuroir.org.
 */
export interface NirGraph {
  readonly type: "NIRGraph";
  readonly name: string;
  readonly nodes: readonly NirNode[];
  /** Names of source and target; in the order of the file, duplicates included. */
  readonly edges: readonly (readonly [source: string, target: string])[];
  readonly metadata: NirMetadata;
}

/** A file: its outermost graph and the version of the writer. */
export interface NirFile {
  readonly version: string;
  readonly graph: NirGraph;
}

/** Numbers in the precision of the file, row-major; shape `[]` for a scalar. */
export interface NirTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** Free-form notes of a producer. */
export type NirMetadata = Readonly<Record<string, string | NirTensor>>;

interface NodeBase {
  /** Unique in its graph; no slash. */
  readonly name: string;
  readonly metadata: NirMetadata;
}

/** Ends of a graph. */
export interface NirEnd extends NodeBase {
  readonly type: "Input" | "Output";
  readonly shape: readonly number[];
}

/** `y = W x + b`; weight `[..., out, in]`, bias `[out]`. `Linear` has no bias. */
export interface NirAffine extends NodeBase {
  readonly type: "Affine";
  readonly weight: NirTensor;
  readonly bias: NirTensor;
}

export interface NirLinear extends NodeBase {
  readonly type: "Linear";
  readonly weight: NirTensor;
}

/** `y = s * x`, element by element. */
export interface NirScale extends NodeBase {
  readonly type: "Scale";
  readonly scale: NirTensor;
}

/** Cross-correlation; weight `[out, in / groups, ...kernel]`. Lists have one entry a spatial axis. */
export interface NirConv extends NodeBase {
  readonly type: "Conv1d" | "Conv2d";
  /** Spatial extents of the input, where the file states them. */
  readonly inputShape?: readonly number[];
  readonly weight: NirTensor;
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly bias: NirTensor;
}

/** Sum or mean over windows; the mean divides by the size of the window, padding included. */
export interface NirPool extends NodeBase {
  readonly type: "SumPool2d" | "AvgPool2d";
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
}

/** Joins the axes `startDim..endDim`; there is no batch axis. */
export interface NirFlatten extends NodeBase {
  readonly type: "Flatten";
  readonly startDim: number;
  readonly endDim: number;
  readonly inputShape?: readonly number[];
}

/** `y(t) = x(t - delay)`. */
export interface NirDelay extends NodeBase {
  readonly type: "Delay";
  readonly delay: NirTensor;
}

/** 1 where `x > threshold`, else 0. */
export interface NirThreshold extends NodeBase {
  readonly type: "Threshold";
  readonly threshold: NirTensor;
}

/** Integrator: `dv/dt = r x`. */
export interface NirIntegrator extends NodeBase {
  readonly type: "I";
  readonly r: NirTensor;
}

/** Integrate and fire: as `I`; a spike where `v > vThreshold` sets `v` to `vReset`. */
export interface NirIf extends NodeBase {
  readonly type: "IF";
  readonly r: NirTensor;
  readonly vThreshold: NirTensor;
  readonly vReset: NirTensor;
}

/** Leaky integrator: `tau dv/dt = (vLeak - v) + r x`. */
export interface NirLi extends NodeBase {
  readonly type: "LI";
  readonly tau: NirTensor;
  readonly r: NirTensor;
  readonly vLeak: NirTensor;
}

export interface NirLif extends Omit<NirLi, "type"> {
  readonly type: "LIF";
  readonly vThreshold: NirTensor;
  readonly vReset: NirTensor;
}

/** As `LI` with a synaptic current in place of `x`: `tauSyn di/dt = -i + wIn x`. */
export interface NirCubaLi extends NodeBase {
  readonly type: "CubaLI";
  readonly tauSyn: NirTensor;
  readonly tauMem: NirTensor;
  readonly r: NirTensor;
  readonly vLeak: NirTensor;
  readonly wIn: NirTensor;
}

export interface NirCubaLif extends Omit<NirCubaLi, "type"> {
  readonly type: "CubaLIF";
  readonly vThreshold: NirTensor;
  readonly vReset: NirTensor;
}

export type NirNode =
  | NirEnd
  | NirAffine
  | NirLinear
  | NirScale
  | NirConv
  | NirPool
  | NirFlatten
  | NirDelay
  | NirThreshold
  | NirIntegrator
  | NirIf
  | NirLi
  | NirLif
  | NirCubaLi
  | NirCubaLif
  | NirGraph;

/** Nodes with a state that changes in time. */
export type NirDynamic = NirIntegrator | NirIf | NirLi | NirLif | NirCubaLi | NirCubaLif;

/** Nodes that fire. */
export type NirSpiking = NirIf | NirLif | NirCubaLif;

export function isDynamic(node: NirNode): node is NirDynamic {
  return ["I", "IF", "LI", "LIF", "CubaLI", "CubaLIF"].includes(node.type);
}

export function isSpiking(node: NirNode): node is NirSpiking {
  return node.type === "IF" || node.type === "LIF" || node.type === "CubaLIF";
}
