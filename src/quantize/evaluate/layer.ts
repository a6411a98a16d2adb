import { openSynapses, type Synapses } from "../../arch/synapse/synapses.js";
import type { NeuronLayer, PoolLayer, QuantLayer, Shape3 } from "../graph.js";

/** An array of integers that a layer reads, `(y * width + x) * channels + channel`. */
export interface LayerSource {
  readonly shape: Shape3;
  readonly data: Int32Array;
}

/** One layer, ready to be evaluated again and again on the same arrays. */
export interface OpenLayer {
  /** Integer activations; the membrane for the readout. */
  readonly values: Int32Array;
  /** Total charge `X` of each neuron before the staircase; empty for pools, `values` itself for the readout. */
  readonly charges: Int32Array;
  /** Computes both from what the sources hold now. Zeros in the sources cost nothing. */
  run(): void;
}

/** Prepares a layer whose sources lie in the arrays that `sourceOf` gives by name. */
export function openLayer(layer: QuantLayer, sourceOf: (name: string) => LayerSource): OpenLayer {
  const values = new Int32Array(size(layer.shape));
  if (layer.kind === "pool") {
    return { values, charges: new Int32Array(0), run: poolStep(layer, sourceOf(layer.from), values) };
  }
  const charges = layer.activation.kind === "none" ? values : new Int32Array(values.length);
  const steps = neuronSteps(layer, sourceOf, charges, values);
  return {
    values,
    charges,
    run() {
      for (const step of steps) step();
    },
  };
}

type Step = () => void;

/** Number of neurons of a shape. */
export function size(shape: Shape3): number {
  return shape[0] * shape[1] * shape[2];
}

function neuronSteps(
  layer: NeuronLayer,
  sourceOf: (name: string) => LayerSource,
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

function poolStep(layer: PoolLayer, source: LayerSource, values: Int32Array): Step {
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
