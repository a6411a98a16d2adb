import type { ActivationNode, AnnGraph, AnnNode } from "../../ann/graph.js";
import { inferShapes } from "../../ann/shape.js";
import { verifyGraph } from "../../ann/verify.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";
import type { Tensor } from "../../support/tensor.js";
import { unaccounted } from "../ledger.js";
import { blocked } from "./blocked.js";
import { Builder } from "./builder.js";
import type { FoldedGraph } from "./folded.js";
import { openInput } from "./input.js";
import { withWatches } from "./operator/affine.js";
import { combined, normalised, type Operand } from "./operator/arithmetic.js";
import { arranged, isArrangement } from "./operator/arrange.js";
import { convSum, denseSum, layoutBlocked } from "./operator/linear.js";
import { type PoolSpec, pooled } from "./operator/pool.js";
import { activated, clipOf, scaledOnly } from "./operator/staircase.js";
import { inputQuantiser, isQuantiser, mayLiftLevels, trained, trainedInput } from "./operator/trained.js";
import { isHostSide, staticBlocker } from "./operators.js";
import { endBlockers, finalNodes, inputBlocker, liveNodes, outputBlocker, readerCounts } from "./reach.js";
import { emitReadout } from "./readout.js";
import { type Value, wholeValue } from "./value.js";

/** A conversion that got through, or everything that stands in its way. */
export type Normalised =
  | { readonly folded: FoldedGraph; readonly blockers: readonly [] }
  | { readonly folded?: undefined; readonly blockers: readonly Diagnostic[] };

/**
 * Brings a trained network into the form of a quantised one, without rounding: identities dropped, normalisations and
 * constants folded into weights and biases, reshapes, transposes and concatenations resolved into the weights that read
 * them, residual additions made terms of one sum, activations made staircases, softmax left to the readout.
 *
 * Exact up to the rounding of float32 weights, but for layers without activation, whose values get levels of either sign:
 * they are `approximated` in the ledger.
 *
 * @returns The folded network with one ledger line a source layer, or all blockers (codes `unsupported-layer`,
 * `unsupported-layout`, `unsupported-input`, `unsupported-output`, and those of the graph verifier).
 */
export function normalise(graph: AnnGraph): Normalised {
  const illegal = verifyGraph(graph);
  if (illegal.length > 0) return { blockers: illegal };
  const { shapes } = inferShapes(graph);
  const blockers: Diagnostic[] = [...endBlockers(graph, shapes)];
  const final = finalNodes(graph);
  for (const node of graph.nodes) {
    const blocker = final.has(node) && isHostSide(node) ? undefined : staticBlocker(node);
    if (blocker instanceof SpikewrightError) blockers.push(...blocker.diagnostics);
  }
  const opened = blockers.some((b) => b.code === "unsupported-input") ? undefined : openInput(graph, shapes);
  if (opened === undefined)
    return { blockers: blockers.length > 0 ? blockers : [inputBlocker(graph, "more than three axes")] };

  const builder = new Builder(opened.input.name, mayLiftLevels(graph));
  const values = new Map<string, Operand>([[graph.inputs[0]!.name, opened.value]]);
  const readers = readerCounts(graph);
  const live = liveNodes(graph);
  const quantisers = { waiting: waitingActivations(graph, readers), entrance: inputQuantiser(graph, readers) };
  for (const node of graph.nodes) {
    if (!live.has(node)) {
      builder.note(node, "folded", "does not reach the output");
      continue;
    }
    const operands = node.inputs.map((name) => values.get(name));
    const stopped = blockers.some((b) => b.place?.item === node.name);
    if (stopped || operands.some((operand) => operand === undefined)) continue;
    try {
      const made = makeValues(
        node,
        operands as Operand[],
        node.outputs.map((name) => shapes.get(name)!),
        final.has(node),
        builder,
        quantisers,
      );
      made.forEach((value, k) => {
        values.set(node.outputs[k]!, shared(value, node.outputs[k]!, readers, builder));
      });
    } catch (error) {
      if (!(error instanceof SpikewrightError)) throw error;
      blockers.push(...error.diagnostics);
    }
  }
  const result = values.get(graph.outputs[0]!);
  if (blockers.length > 0) return { blockers };
  if (result === undefined || !("cores" in result))
    return { blockers: [outputBlocker(graph, "an output that no layer makes")] };
  const readout = emitReadout(graph, result, builder);
  if (readout !== undefined) return { blockers: readout };
  const missing = unaccounted(graph.nodes, builder.ledger);
  if (missing.length > 0) throw new Error(`layers without a ledger line: ${missing.join(", ")}`);
  const entered = builder.trainedInput === undefined ? {} : { trained: builder.trainedInput };
  return {
    folded: {
      name: graph.name,
      input: { ...opened.input, ...entered },
      layers: builder.layers,
      ledger: builder.ledger,
    },
    blockers: [],
  };
}

/** Everything that stands in the way of converting a network; empty when `quantize` will take it. */
export function findBlockers(graph: AnnGraph): readonly Diagnostic[] {
  return normalise(graph).blockers;
}

/** Gives a value that several layers read its staircase, so that it is computed once. */
function shared(value: Operand, name: string, readers: ReadonlyMap<string, number>, builder: Builder): Operand {
  if (!("cores" in value)) return value;
  const watched = withWatches(name, value);
  return (readers.get(name) ?? 0) > 1 ? builder.settle(watched) : watched;
}

/** What quantisers that were trained into the model change about the nodes before them. */
interface Quantisers {
  /** Activations by their result, whose only reader is a quantiser: it takes their bounds over. */
  readonly waiting: ReadonlyMap<string, ActivationNode>;
  /** The quantiser that the input goes through. */
  readonly entrance: AnnNode | undefined;
}

/** Activations whose clip a quantiser right behind them takes over. */
function waitingActivations(
  graph: AnnGraph,
  readers: ReadonlyMap<string, number>,
): ReadonlyMap<string, ActivationNode> {
  const read = new Set(graph.nodes.filter(isQuantiser).map((node) => node.inputs[0]!));
  return new Map(
    graph.nodes.flatMap((node) => {
      const name = node.outputs[0]!;
      return node.op === "activation" && read.has(name) && readers.get(name) === 1 && clipOf(node) !== undefined
        ? [[name, node] as const]
        : [];
    }),
  );
}

/** The values that one operator makes, and its ledger line. */
function makeValues(
  node: AnnNode,
  operands: readonly Operand[],
  shapes: readonly (readonly number[])[],
  final: boolean,
  builder: Builder,
  quantisers: Quantisers,
): readonly Operand[] {
  const [shape] = shapes;
  if (node.op === "constant") {
    builder.note(node, "folded", "a constant");
    return [node.value];
  }
  if (node.op === "elementwise") {
    const own: readonly Tensor[] = node.constant === undefined ? [] : [node.constant];
    const all = node.constantFirst ? [...own, ...operands] : [...operands, ...own];
    builder.note(
      node,
      "folded",
      all.every((operand) => "cores" in operand) ? "terms of one sum" : "in weights and biases",
    );
    return [combined(node, all, shape!, builder)];
  }
  if (operands.some((operand) => !("cores" in operand))) throw layoutBlocked(node);
  const inputs = operands as readonly Value[];
  const value = inputs[0]!;
  if (final && isHostSide(node)) {
    builder.note(node, "host-side", "the readout gives its arguments; the decision is the same");
    return [value];
  }
  if (isArrangement(node)) {
    builder.note(node, "folded", "an order of the weights that read it");
    return arranged(node, inputs, shapes);
  }
  switch (node.op) {
    case "identity":
      builder.note(node, "folded", "nothing to do at inference");
      return [value];
    case "dense":
      builder.note(node, "converted", "neurons");
      return [wholeValue(denseSum(node, value, builder), shape!)];
    case "conv":
      builder.note(
        node,
        "converted",
        node.dilations.some((d) => d > 1) ? "neurons; the dilated kernel is written out" : "neurons",
      );
      return [wholeValue(convSum(node, value, shape!, builder), shape!)];
    case "batch-norm":
      builder.note(node, "folded", "scale in the thresholds, offset in the initial membranes");
      return [normalised(node, value, builder)];
    case "activation":
      return [
        quantisers.waiting.has(node.outputs[0]!) ? scaledOnly(node, value, builder) : activated(node, value, builder),
      ];
    case "quant":
    case "bipolar-quant":
    case "multi-threshold": {
      const before = quantisers.waiting.get(node.inputs[0]!);
      const atInput = node === quantisers.entrance ? trainedInput(node, value, builder) : undefined;
      return [atInput ?? trained(node, value, before && clipOf(before), builder)];
    }
    case "pool":
    case "global-pool":
    case "reduce":
      return [pooled(node, value, poolSpec(node, value, builder), shape!, builder)];
    default:
      throw blocked(node, `operator ${node.op}`, "a supported operator", "Move it to the host");
  }
}

function poolSpec(
  node: Extract<AnnNode, { op: "pool" | "global-pool" | "reduce" }>,
  value: Value,
  builder: Builder,
): PoolSpec {
  const kind = node.kind === "mean" ? "average" : node.kind;
  const note = kind === "max" ? "largest tracer of the window" : "sum; the divisor is in the next thresholds";
  builder.note(node, "converted", note);
  if (node.op === "pool") {
    const pair = (numbers: readonly number[], missing: number): readonly [number, number] =>
      numbers.length === 1 ? [missing, numbers[0]!] : [numbers[0]!, numbers[1]!];
    const padding = pair(
      node.padding.map(([before]) => before),
      0,
    );
    return { kind: node.kind, window: pair(node.size, 1), stride: pair(node.strides, 1), padding };
  }
  const rank = value.shape.length;
  const spatial =
    node.op === "global-pool" || node.axes.toSorted((a, b) => a - b).join() === [...Array(rank - 1).keys()].join();
  if (!spatial || rank < 2 || rank > 3) {
    throw blocked(node, "a reduction over other axes", "over all spatial axes", "Move it to the host");
  }
  if (kind !== "max" && kind !== "average" && kind !== "sum") throw new Error(`pool of kind ${kind}`);
  const window = [rank === 3 ? value.shape[0]! : 1, value.shape.at(-2)!] as const;
  return { kind, window, stride: [1, 1], padding: [0, 0] };
}
