import { failure } from "../../support/diagnostic.js";
import type { Samples } from "./samples.js";

/** Samples in the shape that a model wants. */
export interface FittedSamples {
  readonly samples: Samples;
  /** What was changed, as a sentence for the user; empty when nothing was. */
  readonly note: string;
}

/**
 * Give samples the shape of a model's input where only the reading of the axes differs: flattened or not, with an axis of
 * one channel first or last. In a table with one column more than the input has values, the last column is the label.
 *
 * @param inputShape Batchless shape of the model's input; -1 is an open extent.
 * @throws `samples-do-not-fit` with both shapes.
 */
export function fitShape(samples: Samples, inputShape: readonly number[]): FittedSamples {
  const { shape } = samples;
  if (matches(shape, inputShape)) return { samples, note: "" };
  const wanted = inputShape.includes(-1) ? undefined : inputShape;
  const said = `[${shape.join(", ")}] to [${inputShape.join(", ")}]`;
  if (wanted && samples.isTable && !samples.labels && shape[0] === size(wanted) + 1) {
    return {
      samples: splitLabels(samples, wanted),
      note: `the last of ${shape[0]} columns is the label; the others are taken from [${shape[0]! - 1}] to [${wanted.join(", ")}]`,
    };
  }
  const isSameOrder =
    wanted &&
    size(shape) === size(wanted) &&
    (shape.length === 1 || wanted.length === 1 || withoutOnes(shape).join() === withoutOnes(wanted).join());
  if (isSameOrder) return { samples: { ...samples, shape: wanted }, note: `samples are taken from ${said}` };
  // An open extent next to an axis of one channel: [time] as [time, 1].
  if (inputShape.length === shape.length + 1 && inputShape.at(-1) === 1 && matches(shape, inputShape.slice(0, -1))) {
    return { samples: { ...samples, shape: [...shape, 1] }, note: `samples are taken from ${said}` };
  }
  throw failure({
    code: "samples-do-not-fit",
    message: `Cannot give samples of shape [${shape.join(", ")}] to an input of shape [${inputShape.join(", ")}]`,
    found: `[${shape.join(", ")}]`,
    wanted: `[${inputShape.join(", ")}]`,
    hint: "Give data of the shape the model was trained on; where only the channels lie elsewhere, state it with --input-layout",
  });
}

function matches(shape: readonly number[], wanted: readonly number[]): boolean {
  return shape.length === wanted.length && shape.every((n, i) => wanted[i] === -1 || wanted[i] === n);
}

function withoutOnes(shape: readonly number[]): number[] {
  return shape.filter((n) => n !== 1);
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function splitLabels(samples: Samples, shape: readonly number[]): Samples {
  const columns = samples.shape[0]!;
  const labels = new Int32Array(samples.count);
  const data = new Float32Array(samples.count * (columns - 1));
  for (let i = 0; i < samples.count; i++) {
    data.set(samples.data.subarray(i * columns, (i + 1) * columns - 1), i * (columns - 1));
    labels[i] = samples.data[(i + 1) * columns - 1]!;
  }
  return { kind: "dense", count: samples.count, shape, data, labels, isTable: true };
}
