import { createHash } from "node:crypto";
import type { Tensor } from "../support/tensor.js";
import { showShape } from "./finding.js";
import type { AnnGraph, AnnNode } from "./graph.js";
import { MAX_NESTING } from "./legality/limits.js";
import { countParameters } from "./parameters.js";
import { inferShapes } from "./shape.js";
import type { Shape } from "./shapes/extent.js";

/**
 * Stable text of a graph, the form of golden files: one line an input, node and output, attributes in alphabetical order,
 * tensors as shape and digest of their numbers. Equal graphs print equally, and a changed weight changes the text. Takes
 * any graph, also an illegal one.
 */
export function printGraph(graph: AnnGraph): string {
  const { format, producer } = graph.source;
  const title = `network ${quote(graph.name)} from ${format}${producer ? ` (${producer})` : ""}`;
  return `${[title, ...printBody(graph, "  ", 0), `parameters ${countParameters(graph)}`].join("\n")}\n`;
}

function printBody(graph: AnnGraph, indent: string, depth: number): readonly string[] {
  const { shapes } = inferShapes(graph);
  const lines = graph.inputs.map((input) => `${indent}input ${value(input.name, shapes)}`);
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(quote).join(", ");
    const outputs = node.outputs.map((name) => value(name, shapes)).join(", ");
    lines.push(`${indent}${node.op} ${quote(node.name)} ${node.sourceOp} (${inputs}) -> ${outputs}${attributes(node)}`);
    if (node.op === "time-distributed" && depth < MAX_NESTING) {
      lines.push(...printBody(node.body, `${indent}  `, depth + 1));
    }
  }
  lines.push(`${indent}output ${graph.outputs.map(quote).join(", ")}`);
  return lines;
}

/** Names that are one plain word stand as they are, all others in quotes. */
function quote(name: string): string {
  return /^[\w./:-]+$/.test(name) ? name : JSON.stringify(name);
}

function value(name: string, shapes: ReadonlyMap<string, Shape>): string {
  const shape = shapes.get(name);
  return `${quote(name)} ${shape ? showShape(shape) : "[unknown]"}`;
}

const common = new Set(["op", "name", "sourceOp", "inputs", "outputs", "body"]);

function attributes(node: AnnNode): string {
  return Object.entries(node)
    .filter(([key, field]) => !common.has(key) && field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => ` ${key}=${show(field)}`)
    .join("");
}

function show(field: unknown): string {
  if (Array.isArray(field)) return `[${field.map(show).join(",")}]`;
  if (typeof field === "number") return Object.is(field, -0) ? "-0" : String(field);
  if (typeof field !== "object" || field === null) return typeof field === "string" ? quote(field) : String(field);
  if ("data" in field && field.data instanceof Float32Array) return showTensor(field as Tensor);
  const entries = Object.entries(field).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${key}=${show(inner)}`).join(" ")}}`;
}

function showTensor(tensor: Tensor): string {
  if (tensor.data.length === 1) return `${showShape(tensor.shape)}:${show(tensor.data[0])}`;
  const { buffer, byteOffset, byteLength } = tensor.data;
  const digest = createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
  return `${showShape(tensor.shape)}#${digest.slice(0, 12)}`;
}
