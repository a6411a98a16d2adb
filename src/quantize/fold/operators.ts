import type { AnnNode } from "../../ann/graph.js";
import { blocked } from "./blocked.js";
import { activationFound, clipOf } from "./operator/staircase.js";

/** Functions whose largest result belongs to the largest argument: at the end of a network they do not change the decision. */
const monotone: ReadonlySet<string> = new Set([
  "sigmoid",
  "tanh",
  "softplus",
  "softsign",
  "exp",
  "log-sigmoid",
  "elu",
  "selu",
  "celu",
  "erf",
]);

const relu = "Train the network with ReLU activations; sigmoid and tanh are possible at its end only";

/** Why an operator cannot be converted wherever it stands, with what to do; operators not listed can be. */
const unsupported: { readonly [Op in AnnNode["op"]]?: readonly [found: string, hint: string] } = {
  "conv-transpose": ["a transposed convolution", "Replace it by nearest upsampling and a convolution"],
  matmul: ["a product of two values", "Use a dense layer with fixed weights"],
  embedding: ["an embedding", "Compute the embedding on the host and give its result as input"],
  "layer-norm": ["a normalisation over the sample", "Use batch normalisation"],
  "group-norm": ["a normalisation over the sample", "Use batch normalisation"],
  "local-response-norm": ["a normalisation over the sample", "Use batch normalisation"],
  upsample: ["upsampling", "Move it to the host"],
  compare: ["a comparison of values", "Move it to the host"],
  where: ["a choice between values", "Move it to the host"],
  recurrent: ["a recurrent layer", "Convert the feed-forward part, and run the rest on the host"],
  "time-distributed": ["a layer over time", "Unroll it into layers over one frame"],
};

/** Whether an operator at the very end of a network can be left to the host: it does not change which output is largest. */
export function isHostSide(node: AnnNode): boolean {
  if (node.op === "softmax" || node.op === "arg") return node.op === "softmax" || node.kind === "max";
  if (node.op !== "activation") return false;
  const f = node.function;
  return monotone.has(f.kind) || (f.kind === "scaled-tanh" && f.scale * f.slope > 0);
}

/** The blocker of an operator or attribute that cannot be converted whatever its input is; undefined when it can. */
export function staticBlocker(node: AnnNode): Error | undefined {
  const listed = unsupported[node.op];
  if (listed !== undefined) return blocked(node, listed[0], "a feed-forward layer with fixed weights", listed[1]);
  switch (node.op) {
    case "unsupported":
      return blocked(node, node.reason, "a supported operator", node.hint);
    case "softmax":
      return blocked(
        node,
        "softmax inside the network",
        "softmax at its end",
        "Leave out attention, or compute it on the host",
      );
    case "arg":
      return blocked(node, `arg ${node.kind} inside the network`, "argmax at its end", "Move it to the host");
    case "activation":
      return clipOf(node) === undefined
        ? blocked(node, activationFound(node), "ReLU, a clip around 0 or hard sigmoid", relu)
        : undefined;
    case "pad":
      return node.mode === "constant" && node.value === 0
        ? undefined
        : blocked(
            node,
            `${node.mode} padding${node.mode === "constant" ? ` with ${node.value}` : ""}`,
            "padding with 0",
            "Pad with 0",
          );
    case "pool":
      if (node.dilations?.some((d) => d !== 1))
        return blocked(node, "a dilated pool", "dilation 1", "Use stride in place of dilation");
      if (node.kind === "average" && !node.includePadding && node.padding.some(([a, b]) => a + b > 0)) {
        return blocked(node, "an average whose divisor differs at the border", "no padding", "Use padding valid");
      }
      return undefined;
    case "reduce":
      return node.kind === "mean" || node.kind === "sum" || node.kind === "max"
        ? undefined
        : blocked(node, `reduction ${node.kind}`, "mean, sum or max over the spatial axes", "Move it to the host");
    default:
      return undefined;
  }
}
