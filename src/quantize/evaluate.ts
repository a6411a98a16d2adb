import { decide } from "../arch/decision.js";
import { openSynapses, type Synapses } from "../arch/synapse.js";
import type { NeuronLayer, PoolLayer, QuantGraph, Shape3 } from "./graph.js";

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

type Step = () => void;

/** Prepares a verified network for evaluation. Zero activations cost nothing. */
export function evaluateQuantGraph(graph: QuantGraph): QuantEvaluator {
  const input = new Int32Array(size(graph.input.shape));
  const values = new Map<string, { readonly shape: Shape3; readonly data: Int32Array }>([
    [graph.input.name, { shape: graph.input.shape, data: input }],
  ]);
  const steps: Step[] = [];
  const results: LayerResult[] = [];
  for (const layer of graph.layers) {
    const data = new Int32Array(size(layer.shape));
    const sourceOf = (name: string) => values.get(name)!;
    if (layer.kind === "pool") {
      steps.push(poolStep(layer, sourceOf(layer.from), data));
      results.push({ name: layer.name, values: data, charges: new Int32Array(0) });
    } else {
      const charges = layer.activation.kind === "none" ? data : new Int32Array(data.length);
      steps.push(...neuronSteps(layer, sourceOf, charges, data));
      results.push({ name: layer.name, values: data, charges });
    }
    values.set(layer.name, { shape: layer.shape, data });
  }
  const readout = results.at(-1)!.values;
  return {
    run(levels) {
      if (levels.length !== input.length) throw new Error(`${levels.length} levels, wanted ${input.length}`);
      input.set(levels);
      for (const step of steps) step();
      return results;
    },
    decide: () => decide(readout),
  };
}

function size(shape: Shape3): number {
  return shape[0] * shape[1] * shape[2];
}

type Source = { readonly shape: Shape3; readonly data: Int32Array };

function neuronSteps(
  layer: NeuronLayer,
  sourceOf: (name: string) => Source,
  charges: Int32Array,
  values: Int32Array,
): Step[] {
  const initial = new Int32Array(charges.length);
  for (let n = 0; n < initial.length; n++) initial[n] = layer.v0[n % layer.v0.length]!;
  const accumulate = layer.terms.map((term) => {
    const source = sourceOf(term.from);
    const synapses = openSynapses({ ...term, source: source.shape, target: layer.shape });
    return termStep(synapses, source.data, charges);
  });
  const start = () => charges.set(initial);
  const { activation } = layer;
  if (activation.kind === "none") return [start, ...accumulate];
  const theta = new Int32Array(charges.length);
  for (let n = 0; n < theta.length; n++) theta[n] = activation.theta[n % activation.theta.length]!;
  return [start, ...accumulate, () => staircase(charges, theta, activation.min, activation.max, values)];
}

function termStep(synapses: Synapses, source: Int32Array, charges: Int32Array): Step {
  const addresses = new Int32Array(source.length);
  const payloads = new Int32Array(source.length);
  return () => {
    let count = 0;
    for (let i = 0; i < source.length; i++) {
      const value = source[i]!;
      if (value === 0) continue;
      addresses[count] = i;
      payloads[count++] = value;
    }
    synapses.deliver(charges, addresses, payloads, count);
  };
}

/** `values = clamp(floor(charges / theta), min, max)`. */
function staircase(charges: Int32Array, theta: Int32Array, min: number, max: number, values: Int32Array): void {
  for (let n = 0; n < charges.length; n++) {
    const x = charges[n]!;
    // Most neurons stay below their first step: no division for them.
    if (x >= 0 && x < theta[n]!) values[n] = 0;
    else if (x < 0 && min === 0) values[n] = 0;
    else {
      const level = Math.floor(x / theta[n]!);
      values[n] = Math.min(max, Math.max(min, level));
    }
  }
}

function poolStep(layer: PoolLayer, source: Source, values: Int32Array): Step {
  const [height, width, channels] = layer.shape;
  const [sourceHeight, sourceWidth] = source.shape;
  const takeMax = layer.op === "max";
  return () => {
    let n = 0;
    for (let y = 0; y < height; y++) {
      const top = Math.max(0, y * layer.stride[0] - layer.padding[0]);
      const bottom = Math.min(sourceHeight, y * layer.stride[0] - layer.padding[0] + layer.window[0]);
      for (let x = 0; x < width; x++) {
        const left = Math.max(0, x * layer.stride[1] - layer.padding[1]);
        const right = Math.min(sourceWidth, x * layer.stride[1] - layer.padding[1] + layer.window[1]);
        const empty = top >= bottom || left >= right;
        for (let c = 0; c < channels; c++) {
          let result = takeMax && !empty ? -(2 ** 31) : 0;
          for (let sy = top; sy < bottom; sy++) {
            for (let i = (sy * sourceWidth + left) * channels + c, sx = left; sx < right; sx++, i += channels) {
              const value = source.data[i]!;
              if (!takeMax) result += value;
              else if (value > result) result = value;
            }
          }
          values[n++] = result;
        }
      }
    }
  };
}
