import { failure } from "../../../support/diagnostic.js";
import type { NirGraph, NirNode } from "../graph.js";

/** A node that is not a graph. */
export type NirLeaf = Exclude<NirNode, NirGraph>;

/** A graph without graphs inside. Names of inner nodes have the name of their graph and a slash in front. */
export interface FlatGraph {
  readonly nodes: ReadonlyMap<string, NirLeaf>;
  readonly edges: readonly (readonly [source: string, target: string])[];
  /** Ends of the outermost graph; those of inner graphs pass values on. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Put the nodes of inner graphs in their place.
 *
 * @throws `nir-ports` for an inner graph with other than one input and one output: edges do not say which is meant.
 */
export function inlineGraphs(graph: NirGraph): FlatGraph {
  const nodes = new Map<string, NirLeaf>();
  const edges: (readonly [string, string])[] = [];
  const walk = (inner: NirGraph, prefix: string): void => {
    const ends = new Map<string, { readonly into: string; readonly from: string }>();
    for (const node of inner.nodes) {
      const name = prefix + node.name;
      if (node.type !== "NIRGraph") {
        nodes.set(name, node);
        ends.set(node.name, { into: name, from: name });
      } else {
        ends.set(node.name, { into: port(node, name, "Input"), from: port(node, name, "Output") });
        walk(node, `${name}/`);
      }
    }
    for (const [source, target] of inner.edges) edges.push([ends.get(source)!.from, ends.get(target)!.into]);
  };
  walk(graph, "");
  const named = (type: "Input" | "Output") => graph.nodes.filter((node) => node.type === type).map(({ name }) => name);
  return { nodes, edges, inputs: named("Input"), outputs: named("Output") };
}

/** The only input or output of an inner graph. */
function port(graph: NirGraph, path: string, type: "Input" | "Output"): string {
  const found = graph.nodes.filter((node) => node.type === type);
  if (found.length === 1) return `${path}/${found[0]!.name}`;
  throw failure({
    code: "nir-ports",
    message: `Cannot join the inner graph "${path}": found ${found.length} nodes of type ${type}, wanted 1`,
    place: { item: path },
    found: `${found.length} nodes of type ${type}`,
    wanted: "1",
  });
}
