import type { Tensor } from "../../support/tensor.js";
import { mismatch, showShape } from "../finding.js";
import { MAX_ELEMENTS } from "../legality/limits.js";
import type { ActivationNode, SoftmaxNode } from "../nodes/activation.js";
import type { ArgNode, CompareNode, ElementwiseNode, ReduceNode, WhereNode } from "../nodes/arithmetic.js";
import type { NodeBase } from "../nodes/base.js";
import type { BatchNormNode, GroupNormNode, LayerNormNode, LocalResponseNormNode } from "../nodes/normalization.js";
import type { BipolarQuantNode, MultiThresholdNode, QuantNode } from "../nodes/staircase.js";
import { requireAxes } from "./arrangement.js";
import { agree, broadcast, broadcastsInto, reduced, type Shape, type ShapeRule } from "./extent.js";

function requireFit(node: NodeBase, what: string, parameter: Tensor | undefined, x: Shape): void {
  if (parameter && !broadcastsInto(parameter.shape, x)) {
    throw mismatch(node, `${what} ${showShape(parameter.shape)}`, `a shape that broadcasts to ${showShape(x)}`);
  }
}

function requireChannels(node: NodeBase, x: Shape, channels: number, what: string): void {
  if (x.length === 0 || agree(x.at(-1)!, channels) === undefined) {
    throw mismatch(node, `input ${showShape(x)}`, `${channels} channels (from ${what})`);
  }
}

export const activationShape: ShapeRule<ActivationNode> = (node, [x]) => {
  if (node.function.kind === "prelu") requireFit(node, "slope", node.function.slope, x!);
  return [x!];
};

export const softmaxShape: ShapeRule<SoftmaxNode> = (node, [x]) => {
  requireAxes(node, x!, [node.axis]);
  return [x!];
};

/** Broadcast of all operands, with the constant of the node where it has one. */
export const operandsShape: ShapeRule<ElementwiseNode | CompareNode | WhereNode> = (node, inputs) => {
  const constant = "constant" in node ? node.constant : undefined;
  const operands = constant ? [...inputs, constant.shape] : inputs;
  let shape: Shape = [];
  for (const operand of operands) {
    const next = broadcast(shape, operand);
    if (!next) throw mismatch(node, `operands ${operands.map(showShape).join(", ")}`, "shapes that broadcast");
    shape = next;
  }
  return [shape];
};

export const reduceShape: ShapeRule<ReduceNode> = (node, [x]) => {
  requireAxes(node, x!, node.axes);
  return [reduced(x!, node.axes, node.keepDims)];
};

export const argShape: ShapeRule<ArgNode> = (node, [x]) => {
  requireAxes(node, x!, [node.axis]);
  return [reduced(x!, [node.axis], node.keepDims)];
};

export const batchNormShape: ShapeRule<BatchNormNode> = (node, [x]) => {
  requireChannels(node, x!, node.mean.shape[0]!, "the mean");
  return [x!];
};

export const layerNormShape: ShapeRule<LayerNormNode> = (node, [x]) => {
  requireAxes(node, x!, node.axes);
  requireFit(node, "scale", node.scale, x!);
  requireFit(node, "offset", node.offset, x!);
  return [x!];
};

export const groupNormShape: ShapeRule<GroupNormNode> = (node, [x]) => {
  if (x!.length < 1 || x!.at(-1)! % node.groups !== 0) {
    throw mismatch(node, `input ${showShape(x!)}`, `channels in ${node.groups} equal groups`);
  }
  const channels = node.scale?.shape[0] ?? node.offset?.shape[0];
  if (channels !== undefined) requireChannels(node, x!, channels, "the scale");
  return [x!];
};

export const localResponseNormShape: ShapeRule<LocalResponseNormNode> = (node, [x]) => {
  const channels = x!.at(-1) ?? 0;
  if (channels < 1 || channels ** 2 > MAX_ELEMENTS) {
    throw mismatch(node, `input ${showShape(x!)}`, `1..${Math.sqrt(MAX_ELEMENTS)} channels`);
  }
  return [x!];
};

export const quantShape: ShapeRule<QuantNode> = (node, [x]) => {
  requireFit(node, "scale", node.scale, x!);
  requireFit(node, "zero point", node.zeroPoint, x!);
  requireFit(node, "bit width", node.bitWidth, x!);
  return [x!];
};

export const bipolarQuantShape: ShapeRule<BipolarQuantNode> = (node, [x]) => {
  requireFit(node, "scale", node.scale, x!);
  return [x!];
};

export const multiThresholdShape: ShapeRule<MultiThresholdNode> = (node, [x]) => {
  const rows = node.thresholds.shape[0]!;
  if (rows !== 1) requireChannels(node, x!, rows, "the thresholds");
  return [x!];
};
