import { type Diagnostic, SpikewrightError } from "../support/diagnostic.js";
import { nodeFinding, showShape } from "./finding.js";
import type { AnnGraph } from "./graph.js";
import { arityFindings } from "./legality/arity.js";
import { attributeFindings } from "./legality/attributes.js";
import { MAX_ELEMENTS, MAX_NESTING } from "./legality/limits.js";
import { dataFindings, finiteFindings } from "./legality/weights.js";
import { inferShapes } from "./shape.js";

/** One law of legal graphs: the codes it reports, and all its findings in a graph. */
interface Rule {
  readonly codes: readonly string[];
  readonly check: (graph: AnnGraph) => readonly Diagnostic[];
}

/** Every law a graph has to keep. Bodies of time-distributed nodes keep them too. */
const rules: readonly Rule[] = [
  { codes: ["no-input", "no-output"], check: endFindings },
  { codes: ["input-shape", "size-too-large"], check: inputFindings },
  { codes: ["name-empty", "name-not-unique"], check: nameFindings },
  { codes: ["value-not-defined"], check: orderFindings },
  { codes: ["arity"], check: (graph) => graph.nodes.flatMap(arityFindings) },
  { codes: ["attribute-invalid", "parameter-shape"], check: (graph) => graph.nodes.flatMap(attributeFindings) },
  { codes: ["parameter-data"], check: (graph) => graph.nodes.flatMap(dataFindings) },
  { codes: ["weight-not-finite"], check: (graph) => graph.nodes.flatMap(finiteFindings) },
  {
    codes: ["shape-mismatch", "size-too-large", "nesting-too-deep"],
    check: (graph) => inferShapes(graph).findings,
  },
];

/** Codes that `verifyGraph` can report. */
export const verifyCodes: ReadonlySet<string> = new Set(rules.flatMap((rule) => rule.codes));

/**
 * All findings about a graph, none when it is legal. Operators that the reader could not convert (`unsupported`) are
 * legal: `unsupportedFindings` lists them.
 */
export function verifyGraph(graph: AnnGraph): readonly Diagnostic[] {
  // Shapes are inferred through bodies already, so only the outermost graph runs the last rule.
  return [...localFindings(graph, rules.slice(0, -1), 0), ...rules.at(-1)!.check(graph)];
}

/**
 * Returns when the graph is legal.
 *
 * @throws `SpikewrightError` with every finding of `verifyGraph`.
 */
export function requireLegal(graph: AnnGraph): void {
  const findings = verifyGraph(graph);
  if (findings.length > 0) throw new SpikewrightError(findings);
}

/** One finding (code `unsupported-operator`) for each operator that cannot be converted or evaluated, with the reader's reason. */
export function unsupportedFindings(graph: AnnGraph, depth = 0): readonly Diagnostic[] {
  return graph.nodes.flatMap((node): readonly Diagnostic[] => {
    if (node.op === "time-distributed" && depth < MAX_NESTING) return unsupportedFindings(node.body, depth + 1);
    if (node.op !== "unsupported") return [];
    const message = `Cannot convert layer ${JSON.stringify(node.name)} (${node.sourceOp}): ${node.reason}`;
    const place = { item: node.name };
    return [{ code: "unsupported-operator", severity: "error", message, place, found: node.reason, hint: node.hint }];
  });
}

function localFindings(graph: AnnGraph, local: readonly Rule[], depth: number): readonly Diagnostic[] {
  const own = local.flatMap((rule) => rule.check(graph));
  if (depth >= MAX_NESTING) return own;
  const bodies = graph.nodes.filter((node) => node.op === "time-distributed").map((node) => node.body);
  return [...own, ...bodies.flatMap((body) => localFindings(body, local, depth + 1))];
}

function graphFinding(code: string, message: string, item: string): Diagnostic {
  return { code, severity: "error", message, place: { item } };
}

function endFindings(graph: AnnGraph): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  const name = JSON.stringify(graph.name);
  if (graph.inputs.length === 0) {
    findings.push(graphFinding("no-input", `Cannot use network ${name}: no input, wanted at least one`, graph.name));
  }
  if (graph.outputs.length === 0) {
    findings.push(graphFinding("no-output", `Cannot use network ${name}: no output, wanted at least one`, graph.name));
  }
  return findings;
}

function inputFindings(graph: AnnGraph): readonly Diagnostic[] {
  return graph.inputs.flatMap(({ name, shape }) => {
    const start = `Cannot use input ${JSON.stringify(name)}: shape ${showShape(shape)}, wanted`;
    if (!shape.every((extent) => extent === -1 || (Number.isInteger(extent) && extent >= 1))) {
      return [graphFinding("input-shape", `${start} extents of at least 1, or -1 where open`, name)];
    }
    const elements = shape.reduce((product, extent) => product * Math.abs(extent), 1);
    if (elements <= MAX_ELEMENTS) return [];
    return [graphFinding("size-too-large", `${start} at most ${MAX_ELEMENTS} elements`, name)];
  });
}

function nameFindings(graph: AnnGraph): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  const scan = (what: string, names: readonly string[]): void => {
    const seen = new Set<string>();
    for (const name of names) {
      if (name === "") {
        findings.push(graphFinding("name-empty", `Cannot use ${what} without a name, wanted a name`, graph.name));
      } else if (seen.has(name)) {
        const message = `Cannot tell ${what}s apart: name ${JSON.stringify(name)} twice, wanted unique names`;
        findings.push(graphFinding("name-not-unique", message, name));
      }
      seen.add(name);
    }
  };
  scan(
    "layer",
    graph.nodes.map((node) => node.name),
  );
  scan("value", [...graph.inputs.map((input) => input.name), ...graph.nodes.flatMap((node) => node.outputs)]);
  return findings;
}

function orderFindings(graph: AnnGraph): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  const maker = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node.name] as const)));
  const made = new Set(graph.inputs.map((input) => input.name));
  for (const node of graph.nodes) {
    for (const name of node.inputs) {
      if (made.has(name)) continue;
      const later = maker.get(name);
      const found = `input ${JSON.stringify(name)} ${later ? `made later, by ${JSON.stringify(later)}` : "that nothing makes"}`;
      findings.push(nodeFinding("value-not-defined", node, found, "a value made before"));
    }
    for (const name of node.outputs) made.add(name);
  }
  for (const name of graph.outputs) {
    if (made.has(name)) continue;
    const message = `Cannot find output ${JSON.stringify(name)} of the network: nothing makes it`;
    findings.push(graphFinding("value-not-defined", message, name));
  }
  return findings;
}
