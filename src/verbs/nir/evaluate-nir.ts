import { checkLabelCount } from "../../frontend/data/labels.js";
import { loadLabels } from "../../frontend/data/load.js";
import { inlineGraphs } from "../../frontend/nir/simulate/inline.js";
import { openNirSimulation } from "../../frontend/nir/simulate/simulate.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import type { AccuracyResult } from "../model/evaluate-float.js";
import { endsInSpikes, type NirDynamicsChoice, type NirInputOptions, openNir, stepOptions } from "./open-nir.js";
import { openSteps, type StepSource } from "./steps.js";

export interface EvaluateNirOptions extends NirDynamicsChoice, NirInputOptions {
  readonly data: string;
  /** Classes; event recordings in folders and files of the Spiking Heidelberg kind have their own. */
  readonly labels?: string;
}

/**
 * Accuracy of a NIR graph in float: the class is the output with most spikes, or with the largest last value where the last
 * nodes do not fire.
 */
export async function evaluateNir(
  path: string,
  options: EvaluateNirOptions,
  context: VerbContext = {},
): Promise<AccuracyResult> {
  const { graph, dynamics, simulation: first, size } = await openNir(path, options, context);
  const source = await openSteps(options.data, size, stepOptions(options, dynamics.dt));
  const labels = await labelsOf(source, options);
  const [output] = first.outputs;
  if (output === undefined)
    throw failure({ code: "nir-ports", message: `Cannot evaluate "${path}": it has no output` });
  const counts = endsInSpikes(inlineGraphs(graph), output.name);
  const start = performance.now();
  let correct = 0;
  for (let index = 0; index < source.count; index++) {
    context.signal?.throwIfAborted();
    const simulation = index === 0 ? first : openNirSimulation(graph, dynamics);
    let sum = new Float64Array(0);
    for (const values of source.stepsOf(index)) {
      simulation.step(values);
      const value = simulation.valueOf(output.name);
      sum = counts && sum.length > 0 ? sum.map((total, k) => total + value[k]!) : Float64Array.from(value);
    }
    const most = sum.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY);
    if (sum.indexOf(most) === labels[index]) correct++;
    context.progress?.({ stage: "evaluate", done: index + 1, total: source.count, unit: "samples" });
  }
  const wallSeconds = (performance.now() - start) / 1000;
  return {
    engine: "float",
    samples: source.count,
    accuracy: correct / source.count,
    wallSeconds,
    samplesPerSecond: source.count / wallSeconds,
  };
}

async function labelsOf(source: StepSource, { labels, limit }: EvaluateNirOptions): Promise<Int32Array> {
  const found = labels === undefined ? source.labels : await loadLabels(labels, limit === undefined ? {} : { limit });
  if (found === undefined) {
    throw failure({
      code: "labels-missing",
      message: "Cannot tell the accuracy: no labels were given",
      wanted: "one class a sample",
      hint: "Give them with --labels",
    });
  }
  if (labels !== undefined) checkLabelCount(source.count, found.length, labels);
  return found;
}
