import { openEvaluator } from "../../ann/evaluate/evaluator.js";
import type { AnnGraph } from "../../ann/graph.js";
import { decide } from "../../arch/decision.js";
import { kernelFlipUncertain } from "../../frontend/keras/kernel-flip.js";
import { type LoadOptions, loadModel } from "../../frontend/load.js";
import { elements } from "../../support/tensor.js";
import type { VerbContext } from "../context.js";

/** Samples that decide whether kernels are rotated. */
const doubtSamples = 500;
const batchSize = 500;

export interface FloatAccuracy {
  readonly correct: number;
  readonly backend: string;
}

/** Counts how many samples a float network classifies rightly. */
export async function floatAccuracy(
  graph: AnnGraph,
  data: Float32Array,
  labels: Int32Array,
  context: VerbContext,
): Promise<FloatAccuracy> {
  const evaluator = await openEvaluator(graph);
  const size = data.length / labels.length;
  let correct = 0;
  try {
    for (let start = 0; start < labels.length; start += batchSize) {
      context.signal?.throwIfAborted();
      const count = Math.min(batchSize, labels.length - start);
      const results = await evaluator.run(data.subarray(start * size, (start + count) * size), count);
      const { shape, data: scores } = results.get(graph.outputs[0]!)!;
      const classes = elements(shape) / count;
      for (let n = 0; n < count; n++) {
        if (decide(scores.subarray(n * classes, (n + 1) * classes)) === labels[start + n]) correct++;
      }
      context.progress?.({ stage: "float", done: start + count, total: labels.length, unit: "samples" });
    }
    return { correct, backend: evaluator.backend };
  } finally {
    evaluator.dispose();
  }
}

/**
 * Loads a model; where the file does not say whether convolution kernels are rotated, labelled data decide, and it is
 * said which way.
 *
 * @param judge Scaled samples and labels, or undefined when there are none.
 */
export async function loadDecided(
  model: string,
  options: LoadOptions,
  judge: { readonly data: Float32Array; readonly labels: Int32Array } | undefined,
  context: VerbContext,
): Promise<AnnGraph> {
  const graph = await loadModel(model, options);
  if (!kernelFlipUncertain(graph)) return graph;
  if (!judge) {
    context.warn?.({
      code: "kernel-flip-uncertain",
      severity: "warning",
      message: `Cannot tell whether the convolution kernels of "${model}" are rotated: the file does not say; they are taken as they are`,
      place: { file: model },
      hint: "Give labelled data, or say --flip-kernels yes or no",
    });
    return graph;
  }
  const size = judge.data.length / judge.labels.length;
  const count = Math.min(doubtSamples, judge.labels.length);
  const rotated = await loadModel(model, { ...options, flipKernels: "yes" });
  const scores: number[] = [];
  for (const candidate of [graph, rotated]) {
    const result = await floatAccuracy(
      candidate,
      judge.data.subarray(0, count * size),
      judge.labels.subarray(0, count),
      {},
    );
    scores.push(result.correct / count);
  }
  const [plain = 0, turned = 0] = scores;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  context.note?.(
    `kernels are ${turned > plain ? "rotated" : "taken as they are"}: on ${count} labelled samples ${percent(turned)} rotated, ${percent(plain)} as they are`,
  );
  return turned > plain ? rotated : graph;
}
