import type { AnnGraph, AnnNode } from "../../ann/graph.js";
import { inferShapes } from "../../ann/shape.js";
import { verifyGraph } from "../../ann/verify.js";
import { type Diagnostic, failure, SpikewrightError } from "../../support/diagnostic.js";
import { elements, type Tensor } from "../../support/tensor.js";
import { unaccounted } from "../ledger.js";
import { asSums, withWatches } from "./affine.js";
import { combined, normalised, type Operand } from "./arithmetic.js";
import { arranged, isArrangement } from "./arrange.js";
import { blocked } from "./blocked.js";
import { Builder, open } from "./builder.js";
import type { FoldedGraph } from "./folded.js";
import { openInput } from "./input.js";
import { convSum, denseSum, layoutBlocked } from "./linear.js";
import { isHostSide, staticBlocker } from "./operators.js";
import { type PoolSpec, pooled } from "./pool.js";
import { activated } from "./staircase.js";
import { isWhole, type PendingCore, rearranged, type Value, wholeValue, withCores } from "./value.js";

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

  const builder = new Builder(opened.input.name);
  const values = new Map<string, Operand>([[graph.inputs[0]!.name, opened.value]]);
  const readers = readerCounts(graph);
  const live = liveNodes(graph);
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
      );
      made.forEach((value, k) => values.set(node.outputs[k]!, shared(value, node.outputs[k]!, readers, builder)));
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
  return {
    folded: { name: graph.name, input: opened.input, layers: builder.layers, ledger: builder.ledger },
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

/** The values that one operator makes, and its ledger line. */
function makeValues(
  node: AnnNode,
  operands: readonly Operand[],
  shapes: readonly (readonly number[])[],
  final: boolean,
  builder: Builder,
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
      return [activated(node, value, builder)];
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

/** Emits the readout; the blockers if the result has no fitting form. */
function emitReadout(graph: AnnGraph, result: Value, builder: Builder): readonly Diagnostic[] | undefined {
  const name = graph.outputs[0]!;
  const [core] = result.cores;
  const open = result.cores.length === 1 && core!.kind === "pending" && core!.pool === undefined && isWhole(result);
  if (open) {
    builder.materialise(core as PendingCore, { kind: "none" });
    return undefined;
  }
  const settled = builder.settleAll(result);
  const last =
    settled.cores.length === 1 && isWhole(settled) ? asSums("readout", name, settled) : selection(settled, name);
  if (last === undefined) return [outputBlocker(graph, "a result gathered from several layers")];
  builder.materialise(last.cores[0] as PendingCore, { kind: "none" });
  return undefined;
}

/** A dense layer that passes on the elements of a value, in its order. */
function selection(value: Value, name: string): Value | undefined {
  const outputs = value.element.length;
  const sources = value.cores.map((core) => elements(core.shape));
  if (Math.max(...sources) * outputs > 2 ** 24) return undefined;
  const terms = value.cores.map((core, k) => {
    const weights = new Float32Array(sources[k]! * outputs);
    value.element.forEach((e, i) => {
      if (e >= 0 && value.coreOf[i] === k) weights[e * outputs + i] = 1;
    });
    const from = core.kind === "layer" ? core.name : "";
    const kernel = [core.shape[0], core.shape[1]] as const;
    return { from, kernel, stride: [1, 1], padding: [0, 0], groups: 1, weights, isGain: true } as const;
  });
  const sum: PendingCore = {
    kind: "pending",
    name: "readout",
    shape: [1, 1, outputs],
    terms,
    bias: new Float64Array(outputs),
  };
  return withWatches(name, wholeValue(sum, value.shape));
}

/** Nodes after which nothing but the end of the network comes, whose results pass on: candidates for the host. */
function finalNodes(graph: AnnGraph): ReadonlySet<AnnNode> {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const readers = readerCounts(graph);
  const final = new Set<AnnNode>();
  let name = graph.outputs[0];
  for (;;) {
    const node = name === undefined ? undefined : makers.get(name);
    if (node === undefined || readers.get(name!) !== 1) return final;
    if (!isHostSide(node) && node.op !== "identity" && node.op !== "reshape") return final;
    final.add(node);
    name = node.inputs[0];
  }
}

function readerCounts(graph: AnnGraph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs]) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Nodes whose results reach the output. */
function liveNodes(graph: AnnGraph): ReadonlySet<AnnNode> {
  const needed = new Set(graph.outputs);
  const live = new Set<AnnNode>();
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    live.add(node);
    for (const name of node.inputs) needed.add(name);
  }
  return live;
}

function endBlockers(graph: AnnGraph, shapes: ReadonlyMap<string, readonly number[]>): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  if (graph.inputs.length !== 1) findings.push(inputBlocker(graph, `${graph.inputs.length} inputs`));
  else if (graph.inputs[0]!.shape.some((extent) => extent < 1)) findings.push(inputBlocker(graph, "an open extent"));
  if (graph.outputs.length !== 1) findings.push(outputBlocker(graph, `${graph.outputs.length} outputs`));
  else if (shapes.get(graph.outputs[0]!)?.some((extent) => extent < 1))
    findings.push(outputBlocker(graph, "an open extent"));
  return findings;
}

function inputBlocker(graph: AnnGraph, found: string): Diagnostic {
  const wanted = "one input of fixed shape with at most three axes";
  return end(
    "unsupported-input",
    graph.inputs[0]?.name ?? graph.name,
    found,
    wanted,
    "Fix the shape when exporting the model",
  );
}

function outputBlocker(graph: AnnGraph, found: string): Diagnostic {
  return end(
    "unsupported-output",
    graph.outputs[0] ?? graph.name,
    found,
    "one output",
    "Export the model with one output",
  );
}

function end(code: string, item: string, found: string, wanted: string, hint: string): Diagnostic {
  const message = `Cannot convert the network at "${item}": ${found}, wanted ${wanted}`;
  return failure({ code, message, place: { item }, found, wanted, hint }).diagnostics[0]!;
}
