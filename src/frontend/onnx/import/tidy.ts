import type { AnnNode } from "../../../ann/graph.js";
import { isAuxiliary } from "./builder.js";

/**
 * The nodes without those that nothing reads: forms of values that the reader made, identities that stood for a vanished
 * operator, and halves of a quantiser that were merged into one node. Other unread nodes stay.
 */
export function withoutUnread(nodes: readonly AnnNode[], outputs: readonly string[]): AnnNode[] {
  const read = new Set(outputs);
  const kept: AnnNode[] = [];
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const merged = new Set(nodes.flatMap((node) => (node.op === "quant" && node.result === "real" ? node.inputs : [])));
  const isMerged = (node: AnnNode) => node.op === "quant" && node.result === "level" && merged.has(node.inputs[0]!);
  const vanishes = (node: AnnNode): boolean => {
    if (isAuxiliary(node) || node.op === "identity" || isMerged(node)) return true;
    const source = node.op === "activation" ? makers.get(node.inputs[0]!) : undefined;
    return source !== undefined && isMerged(source);
  };
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((output) => read.has(output)) && vanishes(node)) continue;
    kept.push(node);
    for (const input of node.inputs) read.add(input);
  }
  return kept.reverse();
}

/** The nodes with value names changed as `names` says. */
export function renamed(nodes: readonly AnnNode[], names: ReadonlyMap<string, string>): AnnNode[] {
  if (names.size === 0) return [...nodes];
  const rename = (name: string) => names.get(name) ?? name;
  return nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) }));
}
