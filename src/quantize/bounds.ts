import type { LinearTerm, NeuronLayer, QuantGraph, QuantLayer } from "./graph.js";

/** Least and largest value that every neuron of a value can have. Always contains 0. */
export type ValueRange = readonly [min: number, max: number];

/** Proven ranges of one channel of a layer, lsb, over all inputs, arrival orders and schedules. */
export interface ChannelBounds {
  /** Sum of weighted inputs alone: `[negative part, positive part]`. */
  readonly sumMin: Float64Array;
  readonly sumMax: Float64Array;
  /** Membrane potential before or after reset. */
  readonly membraneMin: Float64Array;
  readonly membraneMax: Float64Array;
}

/** Range of the values of each layer and of the input, by name. */
export function valueRanges(graph: QuantGraph): Map<string, ValueRange> {
  const ranges = new Map<string, ValueRange>([[graph.input.name, [0, 2 ** graph.input.bits - 1]]]);
  for (const layer of graph.layers) ranges.set(layer.name, layerRange(layer));
  return ranges;
}

function layerRange(layer: QuantLayer): ValueRange {
  if (layer.kind === "pool") return layer.range;
  return layer.activation.kind === "quantize" ? [layer.activation.min, layer.activation.max] : [0, 0];
}

/**
 * Static bounds of a layer, per channel.
 *
 * Every input count lies in its range `[m, M]`, which contains 0, at every instant; so each synapse contributes between
 * `min(w m, w M)` and `max(w m, w M)`, and the tracer takes between `theta * min` and `theta * max` off the membrane:
 *
 *   membrane in [v0 + sum min(w m, w M) - theta * max,  v0 + sum max(w m, w M) - theta * min]
 *
 * Taps that fall off the border contribute 0 and are covered.
 */
export function channelBounds(
  layer: Pick<NeuronLayer, "terms" | "v0" | "activation">,
  ranges: ReadonlyMap<string, ValueRange>,
): ChannelBounds {
  const channels = layer.v0.length;
  const sumMin = new Float64Array(channels);
  const sumMax = new Float64Array(channels);
  for (const term of layer.terms) addTerm(term, ranges.get(term.from)!, sumMin, sumMax);
  const membraneMin = sumMin.map((sum, c) => sum + layer.v0[c]!);
  const membraneMax = sumMax.map((sum, c) => sum + layer.v0[c]!);
  if (layer.activation.kind === "quantize") {
    const { theta, min, max } = layer.activation;
    for (let c = 0; c < channels; c++) {
      membraneMin[c]! -= theta[c]! * max;
      membraneMax[c]! -= theta[c]! * min;
    }
  }
  return { sumMin, sumMax, membraneMin, membraneMax };
}

function addTerm(term: LinearTerm, [min, max]: ValueRange, sumMin: Float64Array, sumMax: Float64Array): void {
  const channels = sumMin.length;
  const { weights } = term;
  for (let i = 0, c = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    sumMin[c]! += weight > 0 ? weight * min : weight * max;
    sumMax[c]! += weight > 0 ? weight * max : weight * min;
    if (++c === channels) c = 0;
  }
}

/** Bits of a two's-complement number that holds every value of `[min, max]`. */
export function signedBits(min: number, max: number): number {
  const magnitude = Math.max(max, -min - 1, 0);
  return magnitude === 0 ? 1 : Math.floor(Math.log2(magnitude)) + 2;
}

/** Width of the membrane of a layer: the largest over its channels. */
export function membraneBits(bounds: ChannelBounds): number {
  return widest(bounds.membraneMin, bounds.membraneMax);
}

/** Width of the accumulated weighted sum of a layer, without the initial membrane. */
export function sumBits(bounds: ChannelBounds): number {
  return widest(bounds.sumMin, bounds.sumMax);
}

function widest(min: Float64Array, max: Float64Array): number {
  let bits = 1;
  for (let c = 0; c < min.length; c++) bits = Math.max(bits, signedBits(min[c]!, max[c]!));
  return bits;
}
