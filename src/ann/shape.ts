import { type Diagnostic, SpikewrightError } from "../support/diagnostic.js";
import { mismatch, nodeFinding, showShape } from "./finding.js";
import type { AnnGraph, AnnNode, TimeDistributedNode } from "./graph.js";
import { arityFindings } from "./legality/arity.js";
import { attributeFindings } from "./legality/attributes.js";
import { MAX_ELEMENTS, MAX_NESTING } from "./legality/limits.js";
import { dataFindings } from "./legality/weights.js";
import * as arrangement from "./shapes/arrangement.js";
import * as elementwise from "./shapes/elementwise.js";
import { agree, agreeShapes, OPEN, type Shape, type ShapeRule } from "./shapes/extent.js";
import * as linear from "./shapes/linear.js";
import { recurrentShape } from "./shapes/recurrent.js";
import * as window from "./shapes/window.js";

/** Shapes of the values of a graph. A value is absent where its shape cannot be known: behind a faulty or unsupported node. */
export interface InferredShapes {
  readonly shapes: ReadonlyMap<string, Shape>;
  /** Codes `shape-mismatch`, `size-too-large`, `nesting-too-deep`. */
  readonly findings: readonly Diagnostic[];
}

type LeafOp = Exclude<AnnNode["op"], "time-distributed" | "unsupported">;

const rules: { readonly [Op in LeafOp]: ShapeRule<Extract<AnnNode, { op: Op }>> } = {
  dense: linear.denseShape,
  conv: window.convShape,
  "conv-transpose": window.convTransposeShape,
  matmul: linear.matmulShape,
  embedding: linear.embeddingShape,
  "batch-norm": elementwise.batchNormShape,
  "layer-norm": elementwise.layerNormShape,
  "group-norm": elementwise.groupNormShape,
  "local-response-norm": elementwise.localResponseNormShape,
  activation: elementwise.activationShape,
  softmax: elementwise.softmaxShape,
  pool: window.poolShape,
  "global-pool": window.globalPoolShape,
  upsample: window.upsampleShape,
  reshape: arrangement.reshapeShape,
  transpose: arrangement.transposeShape,
  pad: arrangement.padShape,
  concat: arrangement.concatShape,
  slice: arrangement.sliceShape,
  split: arrangement.splitShape,
  gather: arrangement.gatherShape,
  expand: arrangement.expandShape,
  tile: arrangement.tileShape,
  elementwise: elementwise.operandsShape,
  compare: elementwise.operandsShape,
  where: elementwise.operandsShape,
  reduce: elementwise.reduceShape,
  arg: elementwise.argShape,
  quant: elementwise.quantShape,
  "bipolar-quant": elementwise.bipolarQuantShape,
  "multi-threshold": elementwise.multiThresholdShape,
  recurrent: recurrentShape,
  constant: (node) => [node.value.shape],
  identity: (_node, [x]) => [x!],
};

/**
 * Infers the shape of every value. Takes any graph, also one that `verifyGraph` would refuse: nodes with faulty arity or
 * attributes make values without shape, and cause no finding here.
 *
 * @param inputs Shapes of the samples at hand, in place of the declared ones.
 */
export function inferShapes(graph: AnnGraph, inputs?: ReadonlyMap<string, Shape>): InferredShapes {
  return inferNested(graph, inputs, 0);
}

function inferNested(graph: AnnGraph, given: ReadonlyMap<string, Shape> | undefined, depth: number): InferredShapes {
  const shapes = new Map<string, Shape>();
  const findings: Diagnostic[] = [];
  for (const input of graph.inputs) shapes.set(input.name, given?.get(input.name) ?? input.shape);
  for (const node of graph.nodes) {
    const inputShapes = node.inputs.map((name) => shapes.get(name));
    if (node.op === "unsupported" || !inputShapes.every((shape) => shape !== undefined)) continue;
    if (isFaulty(node)) continue;
    try {
      const results = shapesOfNode(node, inputShapes, depth, findings);
      results.forEach((shape, at) => {
        shapes.set(node.outputs[at]!, requireSize(node, shape));
      });
    } catch (error) {
      if (!(error instanceof SpikewrightError)) throw error;
      findings.push(...error.diagnostics);
    }
  }
  return { shapes, findings };
}

function isFaulty(node: AnnNode): boolean {
  return dataFindings(node).length + attributeFindings(node).length + arityFindings(node).length > 0;
}

function shapesOfNode(
  node: AnnNode,
  inputs: readonly Shape[],
  depth: number,
  findings: Diagnostic[],
): readonly Shape[] {
  if (node.op === "time-distributed") return timeDistributedShapes(node, inputs, depth, findings);
  return (rules[node.op as LeafOp] as ShapeRule<AnnNode>)(node, inputs);
}

function requireSize(node: AnnNode, shape: Shape): Shape {
  if (shape.reduce((product, extent) => product * Math.abs(extent), 1) > MAX_ELEMENTS) {
    throw mismatch(node, `result ${showShape(shape)}`, `at most ${MAX_ELEMENTS} elements`, "size-too-large");
  }
  return shape;
}

function timeDistributedShapes(
  node: TimeDistributedNode,
  inputs: readonly Shape[],
  depth: number,
  findings: Diagnostic[],
): readonly Shape[] {
  if (depth >= MAX_NESTING) {
    throw new SpikewrightError([
      nodeFinding("nesting-too-deep", node, `more than ${MAX_NESTING} nested bodies`, `at most ${MAX_NESTING}`),
    ]);
  }
  let time: number | undefined = OPEN;
  for (const shape of inputs) time = time === undefined || shape.length === 0 ? undefined : agree(time, shape[0]!);
  if (time === undefined) throw mismatch(node, `inputs ${inputs.map(showShape).join(", ")}`, "the same first axis");
  const frames = new Map<string, Shape>();
  node.body.inputs.forEach((input, at) => {
    const frame = agreeShapes(inputs[at]!.slice(1), input.shape);
    if (!frame) throw mismatch(node, `input ${showShape(inputs[at]!)}`, `frames of shape ${showShape(input.shape)}`);
    frames.set(input.name, frame);
  });
  const inner = inferNested(node.body, frames, depth + 1);
  findings.push(...inner.findings);
  const results = node.body.outputs.map((name) => inner.shapes.get(name));
  if (!results.every((shape) => shape !== undefined)) return [];
  return results.map((shape) => [time, ...shape]);
}
