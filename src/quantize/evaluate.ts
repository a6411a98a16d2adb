import { decide } from "../arch/decision.js";
import { type LayerSource, openLayer, size } from "./evaluate/layer.js";
import type { QuantGraph } from "./graph.js";

/** What one layer computed for the latest sample. The arrays are reused by the next run. */
export interface LayerResult {
  readonly name: string;
  /** Integer activations, `(y * width + x) * channels + channel`; the membrane for the readout. */
  readonly values: Int32Array;
  /** Total charge `X` of each neuron before the staircase; empty for pools. */
  readonly charges: Int32Array;
}

/** Integer evaluation of a network: the golden model. */
export interface QuantEvaluator {
  /**
   * Evaluates one sample.
   *
   * @param levels Input levels, `0 .. 2^bits - 1`, channels last.
   * @returns One result a layer, in the order of the graph.
   */
  run(levels: ArrayLike<number>): readonly LayerResult[];
  /** Index of the largest value of the readout after the latest run; ties go to the lowest. */
  decide(): number;
}

/** Prepares a verified network for evaluation. Zero activations cost nothing. */
export function evaluateQuantGraph(graph: QuantGraph): QuantEvaluator {
  const input = new Int32Array(size(graph.input.shape));
  const sources = new Map<string, LayerSource>([[graph.input.name, { shape: graph.input.shape, data: input }]]);
  const layers = graph.layers.map((layer) => {
    const open = openLayer(layer, (name) => sources.get(name)!);
    sources.set(layer.name, { shape: layer.shape, data: open.values });
    return open;
  });
  const results = layers.map(
    ({ values, charges }, i): LayerResult => ({ name: graph.layers[i]!.name, values, charges }),
  );
  const readout = layers.at(-1)!.values;
  return {
    run(levels) {
      if (levels.length !== input.length) throw new Error(`${levels.length} levels, wanted ${input.length}`);
      input.set(levels);
      for (const layer of layers) layer.run();
      return results;
    },
    decide: () => decide(readout),
  };
}
