import type { AnnNode } from "../../../ann/graph.js";
import { isAuxiliary } from "./builder.js";

/**
 * The nodes without those that the reader made and nothing reads. A quantiser to levels whose only readers were merged
 * with it goes too.
 */
export function withoutUnread(nodes: readonly AnnNode[], outputs: readonly string[]): AnnNode[] {
  const read = new Set(outputs);
  const kept: AnnNode[] = [];
  const merged = new Set(nodes.flatMap((node) => (node.op === "quant" && node.result === "real" ? node.inputs : [])));
  for (const node of [...nodes].reverse()) {
    const isRead = node.outputs.some((output) => read.has(output));
    const isMerged = node.op === "quant" && node.result === "level" && merged.has(node.inputs[0]!);
    const isClip = node.op === "activation" && !isRead && mergedClip(node, nodes);
    if (!isRead && (isAuxiliary(node) || isMerged || isClip)) continue;
    kept.push(node);
    for (const input of node.inputs) read.add(input);
  }
  return kept.reverse();
}

/** A clip between the two halves of a quantiser. */
function mergedClip(clip: AnnNode, nodes: readonly AnnNode[]): boolean {
  const source = nodes.find((node) => node.outputs.includes(clip.inputs[0]!));
  return source?.op === "quant" && source.result === "level";
}

/** The nodes with value names changed as `names` says. */
export function renamed(nodes: readonly AnnNode[], names: ReadonlyMap<string, string>): AnnNode[] {
  if (names.size === 0) return [...nodes];
  const rename = (name: string) => names.get(name) ?? name;
  return nodes.map((node) => ({ ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) }));
}
