import type { Tensor as TfTensor } from "@tensorflow/tfjs-core";
import type { Tensorflow } from "./tensorflow.js";

/**
 * A value on the back-end: float32, shape `[batch, ...shape]`. The batch extent is 1 for values that are the same for all
 * samples (constants and what follows from them alone).
 */
export type Value = TfTensor;

/** Computes the results of one node; called inside `tidy`. Never changes or disposes its inputs. */
export type Kernel = (inputs: readonly Value[]) => readonly Value[];

/** What the preparation of a kernel may use. */
export interface Context {
  readonly tf: Tensorflow;
  /** Puts numbers on the back-end; they stay until the evaluator is disposed. */
  readonly parameter: (shape: readonly number[], data: Float32Array | Int32Array) => Value;
}

/** Prepares the kernel of one node: parameters go to the back-end here, once. The node is legal. */
export type Prepare<N> = (node: N, context: Context) => Kernel;

/** Shape of a value without its batch axis. */
export function sampleShape(value: Value): readonly number[] {
  return value.shape.slice(1);
}

/** Repeats a value of batch extent 1 to `batch` samples. */
function toBatch(tf: Tensorflow, value: Value, batch: number): Value {
  if (value.shape[0] === batch) return value;
  return tf.tile(value, [batch, ...sampleShape(value).map(() => 1)]);
}

/** All values at the largest batch extent among them. */
export function sameBatch(tf: Tensorflow, values: readonly Value[]): readonly Value[] {
  const batch = Math.max(...values.map((value) => value.shape[0]!));
  return values.map((value) => toBatch(tf, value, batch));
}

/** All values at the largest rank among them: extents of 1 go behind the batch axis, so that they broadcast. */
export function sameRank(tf: Tensorflow, values: readonly Value[]): readonly Value[] {
  const rank = Math.max(...values.map((value) => value.rank));
  return values.map((value) => {
    if (value.rank === rank) return value;
    return tf.reshape(value, [value.shape[0]!, ...Array<number>(rank - value.rank).fill(1), ...sampleShape(value)]);
  });
}
