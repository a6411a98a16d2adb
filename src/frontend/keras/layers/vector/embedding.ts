import type { LayerReader } from "../call.js";
import { Unsupported } from "../unsupported.js";

/** Embedding; the table is `[input_dim, output_dim]`. */
export const embedding: LayerReader = (call) => {
  const flow = call.builder.logical(call.input());
  const words = call.config.integer("input_dim", 1);
  const features = call.config.integer("output_dim", 1);
  const shape = [...flow.shape, features];
  if (call.config.boolean("mask_zero", false)) {
    throw new Unsupported(
      "mask_zero hides steps from the layers after it",
      "Train without mask_zero, on sequences of one length",
      shape,
    );
  }
  const [table] = call.weights.take(["embeddings"]);
  return call.add(
    [flow],
    { op: "embedding", table: call.weights.shaped("embeddings", table!, [words, features]) },
    shape,
  );
};

/** Masking hides steps by their value. */
export const masking: LayerReader = (call) => {
  throw new Unsupported(
    "a mask hides steps from the layers after it",
    "Train without masks, on sequences of one length",
    call.input().shape,
  );
};
