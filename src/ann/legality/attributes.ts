import type { Diagnostic } from "../../support/diagnostic.js";
import type { AnnNode } from "../graph.js";
import { inspectRecurrent } from "./cells.js";
import { inspectFunction } from "./functions.js";
import { type AttributeRule, Inspector } from "./inspector.js";
import { bound, distinctAxes, finite, notNegative, positive, whole, wholes } from "./numbers.js";
import { inspectConv, inspectConvTranspose, inspectPool, inspectUpsample } from "./windows.js";

const none = (): void => {};

const rules: { readonly [Op in AnnNode["op"]]: AttributeRule<Extract<AnnNode, { op: Op }>> } = {
  dense: (node, see) => {
    see.shape("kernel", node.kernel, [-1, -1]);
    see.shape("bias", node.bias, [node.kernel.shape[1] ?? 0]);
  },
  conv: inspectConv,
  "conv-transpose": inspectConvTranspose,
  matmul: none,
  embedding: (node, see) => see.shape("table", node.table, [-1, -1]),
  "batch-norm": (node, see) => {
    const channels = node.mean.shape[0] ?? 0;
    for (const field of ["mean", "variance", "scale", "offset"] as const) see.shape(field, node[field], [channels]);
    see.number("epsilon", node.epsilon, notNegative);
    const negative = node.variance.data.findIndex((value) => value + node.epsilon <= 0);
    see.require(negative < 0, `variance ${node.variance.data[negative]} of channel ${negative}`, "variances above 0");
  },
  "layer-norm": (node, see) => {
    see.number("axes", node.axes, distinctAxes);
    see.number("epsilon", node.epsilon, notNegative);
  },
  "group-norm": (node, see) => {
    see.number("groups", node.groups, whole(1));
    see.number("epsilon", node.epsilon, notNegative);
    see.shape("scale", node.scale, [-1]);
    see.shape("offset", node.offset, [node.scale?.shape[0] ?? -1]);
  },
  "local-response-norm": (node, see) => {
    see.number("size", node.size, whole(1, 2 ** 16));
    see.number("alpha", node.alpha, finite);
    see.number("beta", node.beta, finite);
    see.number("bias", node.bias, finite);
  },
  activation: (node, see) => inspectFunction(see, node.function.kind, node.function),
  softmax: (node, see) => see.number("axis", node.axis, whole(0)),
  pool: inspectPool,
  "global-pool": none,
  upsample: inspectUpsample,
  reshape: (node, see) => {
    const open = node.shape.filter((extent) => extent === -1).length;
    const rest = node.shape.filter((extent) => extent !== -1);
    see.require(
      open <= 1 && wholes(1).holds(rest),
      `shape ${JSON.stringify(node.shape)}`,
      "extents, at most one of them -1",
    );
  },
  transpose: (node, see) => {
    const sorted = [...node.permutation].sort((a, b) => a - b);
    const all = sorted.every((axis, at) => axis === at);
    see.require(all, `permutation ${JSON.stringify(node.permutation)}`, "each axis once");
  },
  pad: (node, see) => {
    see.number("padding", node.padding.flat(), wholes(0));
    see.number("value", node.value, bound);
  },
  concat: (node, see) => see.number("axis", node.axis, whole(0)),
  slice: (node, see) => {
    see.number("axes", node.axes, distinctAxes);
    see.number("starts", node.starts, wholes(-(2 ** 53), 2 ** 53));
    see.number("ends", node.ends, wholes(-(2 ** 53), 2 ** 53));
    see.number("steps", node.steps, wholes(-(2 ** 53), 2 ** 53));
    see.require(!node.steps.includes(0), "step 0", "another step");
    for (const field of ["starts", "ends", "steps"] as const) {
      see.require(
        node[field].length === node.axes.length,
        `${node[field].length} ${field}`,
        `${node.axes.length}, one an axis`,
      );
    }
  },
  split: (node, see) => {
    see.number("axis", node.axis, whole(0));
    see.number("sizes", node.sizes, wholes(1));
  },
  gather: (node, see) => {
    see.number("axis", node.axis, whole(0));
    see.require(node.indices.data.every(Number.isInteger), "an index that is not whole", "whole indices");
  },
  expand: (node, see) => see.number("shape", node.shape, wholes(1)),
  tile: (node, see) => see.number("repeats", node.repeats, wholes(1)),
  elementwise: none,
  compare: none,
  where: none,
  reduce: (node, see) => see.number("axes", node.axes, distinctAxes),
  arg: (node, see) => see.number("axis", node.axis, whole(0)),
  quant: (node, see) => {
    for (const scale of node.scale.data) see.number("scale", scale, positive);
    see.require(node.zeroPoint.data.every(Number.isInteger), "a zero point that is not whole", "whole zero points");
    for (const bits of node.bitWidth.data) see.number("bit width", bits, whole(1, 32));
  },
  "bipolar-quant": (node, see) => {
    for (const scale of node.scale.data) see.number("scale", scale, positive);
  },
  "multi-threshold": (node, see) => {
    see.shape("thresholds", node.thresholds, [-1, -1]);
    see.number("output scale", node.outScale, finite);
    see.number("output bias", node.outBias, finite);
    const row = node.thresholds.shape[1] ?? 1;
    const falls = node.thresholds.data.findIndex((value, at, all) => at % row !== 0 && !(value >= all[at - 1]!));
    see.require(falls < 0, `thresholds of row ${Math.floor(falls / row)} that fall`, "ascending rows");
  },
  recurrent: inspectRecurrent,
  "time-distributed": none,
  constant: none,
  identity: none,
  unsupported: none,
};

/** Codes `attribute-invalid` and `parameter-shape`: what is wrong with a node by itself. */
export function attributeFindings(node: AnnNode): readonly Diagnostic[] {
  const see = new Inspector(node);
  (rules[node.op] as AttributeRule<AnnNode>)(node, see);
  return see.findings;
}
