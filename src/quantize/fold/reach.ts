import type { AnnGraph, AnnNode } from "../../ann/graph.js";
import { type Diagnostic, failure } from "../../support/diagnostic.js";
import { isHostSide } from "./operators.js";

/** Nodes after which nothing but the end of the network comes, whose results pass on: candidates for the host. */
export function finalNodes(graph: AnnGraph): ReadonlySet<AnnNode> {
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

export function readerCounts(graph: AnnGraph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs]) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Nodes whose results reach the output. */
export function liveNodes(graph: AnnGraph): ReadonlySet<AnnNode> {
  const needed = new Set(graph.outputs);
  const live = new Set<AnnNode>();
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    live.add(node);
    for (const name of node.inputs) needed.add(name);
  }
  return live;
}

export function endBlockers(graph: AnnGraph, shapes: ReadonlyMap<string, readonly number[]>): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  if (graph.inputs.length !== 1) findings.push(inputBlocker(graph, `${graph.inputs.length} inputs`));
  else if (graph.inputs[0]!.shape.some((extent) => extent < 1)) findings.push(inputBlocker(graph, "an open extent"));
  if (graph.outputs.length !== 1) findings.push(outputBlocker(graph, `${graph.outputs.length} outputs`));
  else if (shapes.get(graph.outputs[0]!)?.some((extent) => extent < 1))
    findings.push(outputBlocker(graph, "an open extent"));
  return findings;
}

export function inputBlocker(graph: AnnGraph, found: string): Diagnostic {
  const wanted = "one input of fixed shape with at most three axes";
  return end(
    "unsupported-input",
    graph.inputs[0]?.name ?? graph.name,
    found,
    wanted,
    "Fix the shape when exporting the model",
  );
}

export function outputBlocker(graph: AnnGraph, found: string): Diagnostic {
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
