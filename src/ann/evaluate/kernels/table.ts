import type { AnnNode } from "../../graph.js";
import type { Context, Kernel, Prepare } from "../kernel.js";
import { prepareActivation, prepareSoftmax } from "./activation.js";
import { prepareArg, prepareCompare, prepareElementwise, prepareReduce, prepareWhere } from "./arithmetic.js";
import * as arrangement from "./arrangement.js";
import { prepareDense, prepareEmbedding, prepareMatmul } from "./linear.js";
import * as normalization from "./normalization.js";
import { prepareRecurrent } from "./recurrent.js";
import { prepareBipolarQuant, prepareMultiThreshold, prepareQuant } from "./staircase.js";
import { prepareConv, prepareConvTranspose } from "./window/convolution.js";
import { prepareGlobalPool, preparePool } from "./window/pool.js";
import { prepareUpsample } from "./window/upsample.js";

/** Nodes without a body. */
export type LeafNode = Exclude<AnnNode, { op: "time-distributed" | "unsupported" }>;

const table: { readonly [Op in LeafNode["op"]]: Prepare<Extract<LeafNode, { op: Op }>> } = {
  dense: prepareDense,
  conv: prepareConv,
  "conv-transpose": prepareConvTranspose,
  matmul: prepareMatmul,
  embedding: prepareEmbedding,
  "batch-norm": normalization.prepareBatchNorm,
  "layer-norm": normalization.prepareLayerNorm,
  "group-norm": normalization.prepareGroupNorm,
  "local-response-norm": normalization.prepareLocalResponseNorm,
  activation: prepareActivation,
  softmax: prepareSoftmax,
  pool: preparePool,
  "global-pool": prepareGlobalPool,
  upsample: prepareUpsample,
  reshape: arrangement.prepareReshape,
  transpose: arrangement.prepareTranspose,
  pad: arrangement.preparePad,
  concat: arrangement.prepareConcat,
  slice: arrangement.prepareSlice,
  split: arrangement.prepareSplit,
  gather: arrangement.prepareGather,
  expand: arrangement.prepareExpand,
  tile: arrangement.prepareTile,
  elementwise: prepareElementwise,
  compare: prepareCompare,
  where: prepareWhere,
  reduce: prepareReduce,
  arg: prepareArg,
  quant: prepareQuant,
  "bipolar-quant": prepareBipolarQuant,
  "multi-threshold": prepareMultiThreshold,
  recurrent: prepareRecurrent,
  constant: (node, { tf, parameter }) => {
    const value = parameter([1, ...node.value.shape], node.value.data);
    return () => [tf.clone(value)];
  },
  identity: (_node, { tf }) => {
    return ([x]) => [tf.clone(x!)];
  },
};

/** Prepares the kernel of a node without body. */
export function prepareKernel(node: LeafNode, context: Context): Kernel {
  return (table[node.op] as Prepare<LeafNode>)(node, context);
}
