import type { Dim, OnnxNode, ValueInfo } from "../proto/model.js";

/** What the reader does about batches: `first` takes a batch axis out of the inputs, `none` takes shapes as they are. */
export type BatchAxis = "first" | "none";

/** Recurrent operators read `[time, batch, features]` unless `layout` is 1. */
const recurrent = new Set(["RNN", "LSTM", "GRU"]);

/** A symbol that says by its name that it counts samples. */
const batchSymbol = /^(n|b|bs|none|batch.*|.*_batch|.*batch_?size|unk__.*)$/i;

/** The batch axis of every input and the batch that the model fixes. */
export interface Batches {
  /** By input name; inputs without a batch axis are absent. */
  readonly axes: ReadonlyMap<string, number>;
  /** Above 1 where the model fixes a batch, which is read as 1. */
  readonly fixed: number;
  /** The batch is open or fixed above 1. */
  readonly isOpen: boolean;
}

/**
 * Find the batch axes. Of the first input: a symbolic axis whose name says batch; else axis 1 where a recurrent operator
 * of layout 0 reads the input; else axis 0. Of the others: the axis with the same symbol, else the same rule. An input
 * with one axis of fixed extent has none.
 */
export function findBatches(inputs: readonly ValueInfo[], nodes: readonly OnnxNode[], mode: BatchAxis): Batches {
  const axes = new Map<string, number>();
  if (mode === "none") return { axes, fixed: 1, isOpen: false };
  const found: Dim[] = [];
  let symbol: string | undefined;
  for (const { name, dims } of inputs) {
    if (!dims || dims.length === 0 || (dims.length === 1 && typeof dims[0] === "number" && dims[0] !== 1)) continue;
    const shared = symbol === undefined ? -1 : dims.indexOf(symbol);
    const axis = shared >= 0 ? shared : ownBatchAxis(name, dims, nodes);
    axes.set(name, axis);
    const extent = dims[axis]!;
    if (typeof extent === "string" && extent !== "") symbol ??= extent;
    found.push(extent);
  }
  const numbers = found.filter((extent) => typeof extent === "number");
  const fixed = numbers[0] !== undefined && numbers.every((extent) => extent === numbers[0]) ? numbers[0] : 1;
  return { axes, fixed: Math.max(1, fixed), isOpen: found.some((extent) => extent !== 1) };
}

function ownBatchAxis(name: string, dims: readonly Dim[], nodes: readonly OnnxNode[]): number {
  const named = dims.findIndex((dim) => typeof dim === "string" && batchSymbol.test(dim));
  if (named >= 0) return named;
  const timeFirst = nodes.some(
    (node) =>
      recurrent.has(node.operator) &&
      [node.inputs[0], node.inputs[5], node.inputs[6]].includes(name) &&
      (node.attributes.get("layout")?.int ?? 0) === 0,
  );
  return timeFirst && dims.length === 3 ? 1 : 0;
}
