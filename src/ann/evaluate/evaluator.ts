import { setImmediate } from "node:timers/promises";
import { failure, SpikewrightError } from "../../support/diagnostic.js";
import { elements, type Tensor } from "../../support/tensor.js";
import type { AnnGraph } from "../graph.js";
import { inferShapes } from "../shape.js";
import type { Shape } from "../shapes/extent.js";
import { requireLegal, unsupportedFindings } from "../verify.js";
import { chunkSamples } from "./chunk.js";
import { type Executor, prepareGraph } from "./executor.js";
import { type BoundInput, bindInputs, type Samples } from "./inputs.js";
import type { Value } from "./kernel.js";
import { type BackendName, chooseBackend, exclusive, type Tensorflow, tensorflow } from "./tensorflow.js";

/** Most numbers of one value that a run returns (1 GiB). */
const MAX_RESULT = 2 ** 28;

/** Evaluates one network in float32. Dispose it to free the memory of the back-end. */
export interface Evaluator {
  /** The back-end in use. */
  readonly backend: BackendName;
  /**
   * Evaluates `batch` samples. Large batches go through in pieces, and other work gets its turn in between; a caller who
   * watches large values bounds the memory by the size of its batches.
   *
   * @param inputs Samples `[batch, ...shape]` of the only input, or of every input by name.
   * @param watch Names of further values to return.
   * @returns The outputs of the graph and the watched values by name, shapes with batch axis.
   * @throws The codes of `bindInputs`, and `value-unknown`, `result-too-large`, `index-out-of-range`; `shape-mismatch`
   * where an open extent does not suit the network.
   */
  readonly run: (
    inputs: Samples | Readonly<Record<string, Samples>>,
    batch: number,
    watch?: readonly string[],
  ) => Promise<Map<string, Tensor>>;
  /** Frees the parameters. A second call does nothing. */
  readonly dispose: () => void;
}

export interface EvaluatorOptions {
  /** The fastest that works, where absent. */
  readonly backend?: BackendName;
}

/**
 * Puts a network on a back-end of TensorFlow.js.
 *
 * @throws Every finding of `verifyGraph` and `unsupportedFindings`; `backend-unavailable`.
 */
export async function openEvaluator(graph: AnnGraph, options: EvaluatorOptions = {}): Promise<Evaluator> {
  requireLegal(graph);
  const unsupported = unsupportedFindings(graph);
  if (unsupported.length > 0) throw new SpikewrightError(unsupported);
  const backend = await chooseBackend(options.backend);
  const tf = await tensorflow();
  const parameters: Value[] = [];
  const parameter = (shape: readonly number[], data: Float32Array | Int32Array): Value => {
    const value = tf.keep(tf.tensor(data, [...shape], data instanceof Int32Array ? "int32" : "float32"));
    parameters.push(value);
    return value;
  };
  const executor = await exclusive(backend, () => prepareGraph(graph, { tf, parameter }));
  let disposed = false;
  const opened: Opened = { graph, executor, backend, tf, isDisposed: () => disposed };
  return {
    backend,
    run: (inputs, batch, watch = []) => run(opened, inputs, batch, watch),
    dispose: () => {
      disposed = true;
      for (const value of parameters.splice(0)) value.dispose();
    },
  };
}

interface Opened {
  readonly graph: AnnGraph;
  readonly executor: Executor;
  readonly backend: BackendName;
  readonly tf: Tensorflow;
  readonly isDisposed: () => boolean;
}

async function run(
  { graph, executor, backend, tf, isDisposed }: Opened,
  inputs: Samples | Readonly<Record<string, Samples>>,
  batch: number,
  watch: readonly string[],
): Promise<Map<string, Tensor>> {
  const bound = bindInputs(graph, inputs, batch);
  const { shapes, findings } = inferShapes(graph, new Map(bound.map(({ name, shape }) => [name, shape])));
  if (findings.length > 0) throw new SpikewrightError(findings);
  const results = resultBuffers([...graph.outputs, ...watch], shapes, batch);
  const wanted = new Set(results.keys());
  const chunk = chunkSamples(graph, shapes);
  for (let start = 0; start < batch; start += chunk) {
    const count = Math.min(chunk, batch - start);
    await exclusive(backend, () => {
      if (isDisposed()) throw new Error("Evaluator is used after its disposal");
      tf.tidy(() => {
        const computed = executor.run(uploadSamples(tf, bound, start, count), wanted);
        for (const [name, value] of computed) store(value, results.get(name)!, start, count);
      });
    });
    if (start + count < batch) await setImmediate();
  }
  return results;
}

/** Room for the values of all samples. */
function resultBuffers(
  names: readonly string[],
  shapes: ReadonlyMap<string, Shape>,
  batch: number,
): Map<string, Tensor> {
  const buffers = new Map<string, Tensor>();
  for (const name of names) {
    const shape = shapes.get(name);
    if (!shape) {
      const message = `Cannot watch value ${JSON.stringify(name)}: the network has no such value`;
      throw failure({ code: "value-unknown", message, place: { item: name } });
    }
    const count = batch * elements(shape);
    if (count > MAX_RESULT) {
      const message = `Cannot hold ${count} numbers of value ${JSON.stringify(name)}, wanted at most ${MAX_RESULT}`;
      const hint = "Evaluate fewer samples at once";
      throw failure({ code: "result-too-large", message, place: { item: name }, found: String(count), hint });
    }
    buffers.set(name, { shape: [batch, ...shape], data: new Float32Array(count) });
  }
  return buffers;
}

function uploadSamples(tf: Tensorflow, bound: readonly BoundInput[], start: number, count: number): Map<string, Value> {
  return new Map(
    bound.map(({ name, shape, data }) => {
      const size = elements(shape);
      return [name, tf.tensor(data.subarray(start * size, (start + count) * size), [count, ...shape], "float32")];
    }),
  );
}

/** Copies the values of a chunk to their place; a value that is the same for all samples is repeated. */
function store(value: Value, result: Tensor, start: number, count: number): void {
  const size = elements(result.shape.slice(1));
  const data = value.dataSync();
  for (let at = 0; at < count; at += value.shape[0]!) result.data.set(data, (start + at) * size);
}
