import type { AnnGraph, AnnNode } from "../../src/ann/graph.js";
import { seededRandom } from "../../src/support/random.js";
import { elements, type Tensor } from "../../src/support/tensor.js";

type Bare<N> = N extends AnnNode ? Omit<N, "name" | "sourceOp" | "inputs" | "outputs"> : never;

/** A node without its connections. */
export type NodeSpec = Bare<AnnNode>;

/** Gives a node a name and connections; its first output is named as the node. */
export function named(
  spec: NodeSpec,
  name: string,
  inputs: readonly string[],
  outputs: readonly string[] = [name],
): AnnNode {
  return { ...spec, name, sourceOp: spec.op, inputs, outputs } as AnnNode;
}

/** A graph of one input `x` and nodes `n1`, `n2` … one behind the other. */
export function chain(shape: readonly number[], ...specs: readonly NodeSpec[]): AnnGraph {
  const nodes = specs.map((spec, at) => named(spec, `n${at + 1}`, [at === 0 ? "x" : `n${at}`]));
  return graphOf([{ name: "x", shape }], nodes, [nodes.at(-1)?.name ?? "x"]);
}

export function graphOf(
  inputs: readonly { readonly name: string; readonly shape: readonly number[] }[],
  nodes: readonly AnnNode[],
  outputs: readonly string[],
): AnnGraph {
  return { name: "net", source: { format: "test" }, inputs, nodes, outputs };
}

/** A tensor whose element at `index` is `f(index)`. */
export function make(shape: readonly number[], f: (index: readonly number[]) => number): Tensor {
  const data = new Float32Array(elements(shape));
  const index = shape.map(() => 0);
  for (let at = 0; at < data.length; at++) {
    data[at] = f([...index]);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

/** The element at `index`. */
export function at(tensor: Tensor, index: readonly number[]): number {
  if (index.length !== tensor.shape.length) throw new Error(`index ${index} into ${tensor.shape}`);
  let flat = 0;
  for (let axis = 0; axis < index.length; axis++) {
    if (!(index[axis]! >= 0 && index[axis]! < tensor.shape[axis]!))
      throw new Error(`index ${index} into ${tensor.shape}`);
    flat = flat * tensor.shape[axis]! + index[axis]!;
  }
  return tensor.data[flat]!;
}

/** The element at `index` of a tensor that broadcasts. */
export function broadcastAt(tensor: Tensor, index: readonly number[]): number {
  const own = index.slice(index.length - tensor.shape.length);
  return at(
    tensor,
    own.map((i, axis) => (tensor.shape[axis] === 1 ? 0 : i)),
  );
}

/** Uniform random numbers in `low..high`. */
export function noise(shape: readonly number[], seed: number, low = -1, high = 1): Tensor {
  const random = seededRandom(seed);
  return make(shape, () => low + (high - low) * random());
}

/** All indices of a shape, in order. */
export function indices(shape: readonly number[]): readonly (readonly number[])[] {
  const all: (readonly number[])[] = [];
  make(shape, (index) => all.push(index));
  return all;
}

export const relu = { kind: "relu", negativeSlope: 0, threshold: 0 } as const;
