import type { NirGraph, NirNode, NirTensor } from "../../../src/frontend/nir/graph.js";

/** A float64 tensor. */
export function tensor(data: readonly number[], shape: readonly number[] = [data.length]): NirTensor {
  return { shape, data: Float64Array.from(data) };
}

const metadata = {};

export function end(type: "Input" | "Output", shape: readonly number[]): NirNode {
  return { type, name: type.toLowerCase(), shape, metadata };
}

export function affine(name: string, rows: readonly (readonly number[])[], bias?: readonly number[]): NirNode {
  const weight = tensor(rows.flat(), [rows.length, rows[0]!.length]);
  return bias
    ? { type: "Affine", name, weight, bias: tensor(bias), metadata }
    : { type: "Linear", name, weight, metadata };
}

export function lif(name: string, tau: number, threshold: number, r = 1, vReset = 0): NirNode {
  const [vLeak, one] = [tensor([0]), (x: number) => tensor([x])];
  return {
    type: "LIF",
    name,
    tau: one(tau),
    r: one(r),
    vLeak,
    vThreshold: one(threshold),
    vReset: one(vReset),
    metadata,
  };
}

export function cubaLif(name: string, tauSyn: number, tauMem: number, r: number, wIn: number, count = 1): NirNode {
  const all = (x: number) => tensor(new Array<number>(count).fill(x));
  return {
    type: "CubaLIF",
    name,
    tauSyn: all(tauSyn),
    tauMem: all(tauMem),
    r: all(r),
    vLeak: all(0),
    wIn: all(wIn),
    vThreshold: all(1),
    vReset: all(0),
    metadata,
  };
}

export function integrateAndFire(name: string, r: number, threshold: number, count = 1): NirNode {
  const all = (x: number) => tensor(new Array<number>(count).fill(x));
  return { type: "IF", name, r: all(r), vThreshold: all(threshold), vReset: all(0), metadata };
}

/** A graph of a chain of nodes between an input and an output. */
export function chain(input: readonly number[], output: readonly number[], ...nodes: readonly NirNode[]): NirGraph {
  const all = [end("Input", input), ...nodes, end("Output", output)];
  const edges = all.slice(1).map((node, k) => [all[k]!.name, node.name] as const);
  return { type: "NIRGraph", name: "", nodes: all, edges, metadata };
}
