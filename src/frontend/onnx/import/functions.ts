import { failure } from "../../../support/diagnostic.js";
import type { OnnxAttribute, OnnxFunction, OnnxModel, OnnxNode } from "../proto/model.js";

/** A node with the version of its operator set. */
export interface VersionedNode extends OnnxNode {
  readonly version: number;
}

const deepest = 16;
const most = 200_000;

/**
 * The nodes of the graph with every function of the model replaced by what it is made of.
 *
 * @throws `functions-too-deep` where functions call each other more than 16 deep or make more than 200,000 nodes.
 */
export function inlined(model: OnnxModel): VersionedNode[] {
  const functions = new Map(model.functions.map((f) => [`${f.domain}:${f.name}:${f.overload}`, f]));
  const result: VersionedNode[] = [];
  let visited = 0;
  const walk = (nodes: readonly OnnxNode[], opsets: ReadonlyMap<string, number>, depth: number): void => {
    for (const node of nodes) {
      const body = functions.get(`${node.domain}:${node.operator}:${node.overload}`);
      if (!body) result.push({ ...node, version: opsets.get(node.domain) ?? 1 });
      else if (depth >= deepest) throw tooDeep(`functions ${deepest} deep`);
      else walk(instantiate(body, node, result.length), new Map([...opsets, ...body.opsets]), depth + 1);
      if (++visited > most) throw tooDeep(`more than ${most} nodes`);
    }
  };
  walk(model.graph.nodes, model.opsets, 0);
  return result;
}

function tooDeep(found: string) {
  return failure({
    code: "functions-too-deep",
    message: `Cannot read the ONNX model: found ${found} after inlining functions, wanted fewer`,
    found,
    hint: "Export the model with inlined functions",
  });
}

/** The body of `f` with the names and attributes of one call. */
function instantiate(f: OnnxFunction, call: OnnxNode, at: number): OnnxNode[] {
  const prefix = `${call.name === "" ? call.operator : call.name}#${at}/`;
  const names = new Map<string, string>([["", ""]]);
  f.inputs.forEach((name, k) => {
    names.set(name, call.inputs[k] ?? "");
  });
  f.outputs.forEach((name, k) => {
    names.set(name, call.outputs[k] || `${prefix}${name}`);
  });
  const rename = (name: string) => names.get(name) ?? `${prefix}${name}`;
  return f.nodes.map((node) => ({
    ...node,
    name: `${prefix}${node.name === "" ? node.operator : node.name}`,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: bind(node.attributes, f, call),
  }));
}

/** Attributes with references replaced by those of the call, or by the default of the function, or left out. */
function bind(
  attributes: ReadonlyMap<string, OnnxAttribute>,
  f: OnnxFunction,
  call: OnnxNode,
): ReadonlyMap<string, OnnxAttribute> {
  const bound = new Map<string, OnnxAttribute>();
  for (const [name, attribute] of attributes) {
    const { reference } = attribute;
    const value = reference === "" ? attribute : (call.attributes.get(reference) ?? f.defaults.get(reference));
    if (value) bound.set(name, { ...value, name });
  }
  return bound;
}
