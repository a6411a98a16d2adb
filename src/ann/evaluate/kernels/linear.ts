import { failure } from "../../../support/diagnostic.js";
import type { DenseNode, EmbeddingNode, MatmulNode } from "../../nodes/linear.js";
import { type Prepare, sameRank, type Value } from "../kernel.js";

export const prepareDense: Prepare<DenseNode> = (node, { tf, parameter }) => {
  const [inputs, outputs] = node.kernel.shape as [number, number];
  const kernel = parameter(node.kernel.shape, node.kernel.data);
  const bias = node.bias && parameter([outputs], node.bias.data);
  return ([x]) => {
    const rows = tf.reshape(x!, [-1, inputs]);
    const product = tf.fused.matMul({ a: rows, b: kernel, ...(bias && { bias }) }) as Value;
    return [tf.reshape(product, [...x!.shape.slice(0, -1), outputs])];
  };
};

export const prepareMatmul: Prepare<MatmulNode> = (node, { tf }) => {
  return (inputs) => {
    const factors = sameRank(tf, inputs);
    const leading = factors.map((factor) => factor.shape.slice(0, -2));
    const common = leading[0]!.map((extent, axis) => Math.max(extent, leading[1]![axis]!));
    // The library pairs matrices by their flat number, which is right for equal leading axes and for a single matrix.
    const [a, b] = factors.map((factor, at) => {
      if (leading[at]!.every((extent) => extent === 1)) return factor;
      const repeats = common.map((extent, axis) => extent / leading[at]![axis]!);
      return repeats.every((repeat) => repeat === 1) ? factor : tf.tile(factor, [...repeats, 1, 1]);
    });
    return [tf.matMul(a!, b!, node.transposeFirst, node.transposeSecond)];
  };
};

export const prepareEmbedding: Prepare<EmbeddingNode> = (node, { tf, parameter }) => {
  const table = parameter(node.table.shape, node.table.data);
  const rows = node.table.shape[0]!;
  return ([x]) => {
    // The back-ends do not check indices, so they are read back: they are few, compared with what they select.
    const indices = x!.dataSync();
    for (const index of indices) {
      if (Number.isInteger(index) && index >= 0 && index < rows) continue;
      throw failure({
        code: "index-out-of-range",
        message: `Cannot look up index ${index} in layer ${JSON.stringify(node.name)}: wanted a whole number in 0..${rows - 1}`,
        place: { item: node.name },
        found: String(index),
        wanted: `0..${rows - 1}`,
      });
    }
    return [tf.gather(table, tf.tensor(Int32Array.from(indices), x!.shape, "int32"))];
  };
};
