import type { Evaluator } from "../../ann/evaluate/evaluator.js";
import { failure } from "../../support/diagnostic.js";
import { size } from "../evaluate/layer.js";
import type { FoldedNeurons } from "../fold/folded.js";

/** Numbers that a batch of watched values may take. */
const batchNumbers = 2 ** 23;

/**
 * Real charges of a layer in the source model.
 *
 * @param inputs Samples as the network sees them.
 * @returns `[samples, neurons]`, neurons in the order of the layer.
 * @throws `non-finite-activation`: the source model overflows on these samples.
 */
export async function observeCharges(
  evaluator: Evaluator,
  inputs: Float32Array,
  samples: number,
  { name, watch, shape }: FoldedNeurons,
): Promise<Float32Array> {
  const neurons = size(shape);
  const channels = shape[2];
  const { neuronOf } = watch;
  const charges = new Float32Array(samples * neurons);
  const perSample = inputs.length / samples;
  const batch = Math.max(1, Math.floor(batchNumbers / neuronOf.length));
  for (let start = 0; start < samples; start += batch) {
    const count = Math.min(batch, samples - start);
    const values = await evaluator.run(inputs.subarray(start * perSample, (start + count) * perSample), count, [
      watch.value,
    ]);
    const { data } = values.get(watch.value)!;
    for (let s = 0; s < count; s++) {
      const from = s * neuronOf.length;
      const to = (start + s) * neurons;
      for (let i = 0; i < neuronOf.length; i++) {
        const n = neuronOf[i]!;
        if (n < 0) continue;
        const c = n % channels;
        charges[to + n] = data[from + i]! * (watch.scale?.[c] ?? 1) + (watch.offset?.[c] ?? 0);
      }
    }
  }
  if (charges.every((z) => Number.isFinite(z))) return charges;
  throw failure({
    code: "non-finite-activation",
    message: `Cannot calibrate layer "${name}": the source model gives values that are not finite numbers`,
    place: { item: name },
    hint: "Give samples in the range that the model was trained on (--input-scale)",
  });
}
