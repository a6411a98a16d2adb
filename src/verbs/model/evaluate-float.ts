import { type LoadOptions, loadModel } from "../../frontend/load.js";
import type { VerbContext } from "../context.js";
import { floatAccuracy, loadDecided } from "./float-accuracy.js";
import { type DataOptions, readLabels, readSamples, scaled, scalingOf } from "./input.js";

export interface AccuracyResult {
  readonly engine: string;
  readonly samples: number;
  /** Share of samples classified rightly, 0..1. */
  readonly accuracy: number;
  readonly wallSeconds: number;
  readonly samplesPerSecond: number;
}

export interface EvaluateFloatOptions extends DataOptions, LoadOptions {
  readonly data: string;
  readonly labels?: string;
}

/** Accuracy of a model in float32 on labelled data. `onRead` is called when the file has turned out to be a model. */
export async function evaluateFloat(
  model: string,
  options: EvaluateFloatOptions,
  context: VerbContext = {},
  onRead: () => void = () => {},
): Promise<AccuracyResult> {
  const first = await loadModel(model, options);
  onRead();
  const samples = await readSamples(options.data, first.inputs[0]!.shape, options, context);
  const labels = await readLabels(options.labels, samples, options);
  const data = scaled(samples, scalingOf(samples, options));
  const graph = await loadDecided(model, options, { data, labels }, context);
  const start = performance.now();
  const { correct, backend } = await floatAccuracy(graph, data, labels, context);
  const wallSeconds = (performance.now() - start) / 1000;
  context.note?.(`float evaluation on the TensorFlow.js back-end "${backend}"`);
  return {
    engine: "float",
    samples: labels.length,
    accuracy: correct / labels.length,
    wallSeconds,
    samplesPerSecond: labels.length / wallSeconds,
  };
}
