import type { FlatGraph } from "./inline.js";

/**
 * Node names in the order of their evaluation in a step. An edge whose target comes before its source (which closes a
 * cycle) carries the value of the step before. Cycles are closed by the edge that a walk from the inputs meets last.
 */
export function evaluationOrder(graph: FlatGraph): readonly string[] {
  const targets = new Map<string, string[]>([...graph.nodes.keys()].map((name) => [name, []]));
  for (const [source, target] of graph.edges) targets.get(source)!.push(target);
  const done: string[] = [];
  const seen = new Set<string>();
  const stack: { readonly name: string; next: number }[] = [];
  for (const root of [...graph.inputs, ...graph.nodes.keys()]) {
    if (seen.has(root)) continue;
    seen.add(root);
    stack.push({ name: root, next: 0 });
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const target = targets.get(top.name)![top.next++];
      if (target === undefined) {
        done.push(top.name);
        stack.pop();
      } else if (!seen.has(target)) {
        seen.add(target);
        stack.push({ name: target, next: 0 });
      }
    }
  }
  return done.reverse();
}
