import type { PopulationTrace, RunOptions, SampleResult, SynchronousDevice } from "../arch/device.js";
import { evaluateQuantGraph, type QuantEvaluator } from "./evaluate.js";
import type { QuantGraph } from "./graph.js";

/** The golden evaluation as a device: tracers are the activations, potentials what the staircase left over. */
export class QuantizedDevice implements SynchronousDevice<QuantGraph> {
  readonly engine = "quantized";
  #graph: QuantGraph | undefined;
  #evaluator: QuantEvaluator | undefined;

  async load(graph: QuantGraph): Promise<void> {
    this.#graph = graph;
    this.#evaluator = evaluateQuantGraph(graph);
  }

  async run(levels: Uint8Array, options?: RunOptions): Promise<SampleResult> {
    return this.runNow(levels, options);
  }

  runNow(levels: Uint8Array, options: RunOptions = {}): SampleResult {
    if (!this.#evaluator || !this.#graph) throw new Error("run before load");
    const results = this.#evaluator.run(levels);
    const decision = this.#evaluator.decide();
    if (!options.watch) return { decision };
    const populations = new Map<string, PopulationTrace>();
    this.#graph.layers.forEach((layer, i) => {
      const { values, charges } = results[i]!;
      if (layer.kind === "pool") {
        populations.set(layer.name, { tracers: values.slice(), potentials: new Int32Array(0) });
      } else if (layer.activation.kind === "none") {
        populations.set(layer.name, { tracers: new Int32Array(values.length), potentials: values.slice() });
      } else {
        const { theta } = layer.activation;
        const rest = charges.map((charge, n) => charge - theta[n % theta.length]! * values[n]!);
        populations.set(layer.name, { tracers: values.slice(), potentials: rest });
      }
    });
    return { decision, potentials: results.at(-1)!.values.slice(), populations };
  }

  async close(): Promise<void> {}
}
