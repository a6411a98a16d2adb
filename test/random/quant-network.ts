import { channelBounds, membraneBits, valueRanges } from "../../src/quantize/bounds.js";
import { evaluateQuantGraph } from "../../src/quantize/evaluate.js";
import type { LinearTerm, NeuronLayer, PoolLayer, QuantGraph, QuantLayer, Shape3 } from "../../src/quantize/graph.js";
import { seededRandom } from "../../src/support/random.js";

export interface NetworkOptions {
  /** Number of layers before the readout. */
  readonly depth: number;
  readonly activationBits: number;
  readonly weightBits: number;
  /** Some layers have levels below 0. */
  readonly signed: boolean;
  /** Dense layers only, or convolutions, pools and residual additions. */
  readonly spatial: boolean;
}

/**
 * A random quantised network whose thresholds fit its charges, so that activations spread over the levels: a threshold
 * is about the 99th percentile of the layer's charge over a few random samples, divided by the levels.
 */
export function randomNetwork(seed: number, options: NetworkOptions): QuantGraph {
  const random = seededRandom(seed);
  const integer = (min: number, max: number): number => min + Math.floor(random() * (max - min + 1));
  const input = {
    name: "input",
    shape: (options.spatial ? [integer(4, 7), integer(4, 7), integer(1, 3)] : [1, 1, integer(8, 40)]) as Shape3,
    bits: random() < 0.3 ? 8 : options.activationBits,
    scale: 1,
    zero: 0,
    inputScale: 1,
    inputOffset: 0,
    layout: "channels-last" as const,
    margin: [0, 0, 0, 0] as const,
  };
  let graph: QuantGraph = { name: `random-${seed}`, input, layers: [] };
  const shapeOf = (name: string): Shape3 =>
    name === input.name ? input.shape : graph.layers.find((l) => l.name === name)!.shape;
  const add = (layer: QuantLayer): void => {
    graph = { ...graph, layers: [...graph.layers, layer] };
  };
  const last = (): string => graph.layers.at(-1)?.name ?? input.name;

  const term = (
    from: string,
    target: Shape3,
    window: Pick<LinearTerm, "kernel" | "stride" | "padding" | "groups">,
  ): LinearTerm => {
    const [kh, kw] = window.kernel;
    const limit = 2 ** (options.weightBits - 1);
    const weights = new Int32Array(kh * kw * (shapeOf(from)[2] / window.groups) * target[2]).map(() =>
      integer(-limit, limit - 1),
    );
    return { from, ...window, weights, weightBits: options.weightBits };
  };
  const dense = (from: string, channels: number): { shape: Shape3; terms: LinearTerm[] } => {
    const [height, width] = shapeOf(from);
    const shape: Shape3 = [1, 1, channels];
    return {
      shape,
      terms: [term(from, shape, { kernel: [height, width], stride: [1, 1], padding: [0, 0], groups: 1 })],
    };
  };
  const conv = (from: string): { shape: Shape3; terms: LinearTerm[] } => {
    const [height, width, channels] = shapeOf(from);
    const kernel = [integer(1, Math.min(3, height)), integer(1, Math.min(3, width))] as const;
    const stride = [integer(1, 2), integer(1, 2)] as const;
    const padding = [integer(0, kernel[0] - 1), integer(0, kernel[1] - 1)] as const;
    const extent = (axis: 0 | 1, size: number): number =>
      Math.max(1, Math.floor((size + 2 * padding[axis] - kernel[axis]) / stride[axis]) + 1);
    const groups = random() < 0.3 ? channels : 1;
    const out = groups === 1 ? integer(2, 6) : channels * integer(1, 2);
    const shape: Shape3 = [extent(0, height), extent(1, width), out];
    const fits = (shape[0] - 1) * stride[0] - padding[0] < height && (shape[1] - 1) * stride[1] - padding[1] < width;
    if (!fits) return dense(from, out);
    return { shape, terms: [term(from, shape, { kernel, stride, padding, groups })] };
  };
  /** Adds an earlier value of the same shape with a gain a channel. */
  const residual = (shape: Shape3): LinearTerm[] => {
    const equal = graph.layers.filter((l) => l.shape.every((extent, axis) => extent === shape[axis]));
    if (equal.length === 0 || random() < 0.4) return [];
    const from = equal[integer(0, equal.length - 1)]!.name;
    return [term(from, shape, { kernel: [1, 1], stride: [1, 1], padding: [0, 0], groups: shape[2] })];
  };
  const pool = (from: string): PoolLayer => {
    const [height, width, channels] = shapeOf(from);
    const window = [Math.min(2, height), Math.min(2, width)] as const;
    const op = random() < 0.5 ? "max" : "sum";
    const [min, max] = valueRanges(graph).get(from)!;
    const cells = op === "sum" ? window[0] * window[1] : 1;
    const stride = [integer(1, window[0]), integer(1, window[1])] as const;
    const shape: Shape3 = [
      Math.floor((height - window[0]) / stride[0]) + 1,
      Math.floor((width - window[1]) / stride[1]) + 1,
      channels,
    ];
    return {
      kind: "pool",
      name: `pool${graph.layers.length}`,
      shape,
      from,
      op,
      window,
      stride,
      padding: [0, 0],
      range: [min * cells, max * cells],
    };
  };
  const neurons = (name: string, linear: { shape: Shape3; terms: LinearTerm[] }, readout: boolean): NeuronLayer => {
    const channels = linear.shape[2];
    const bias = new Int32Array(channels).map(() => integer(-50, 50));
    const probe: NeuronLayer = {
      kind: "neurons",
      name,
      shape: linear.shape,
      terms: linear.terms,
      v0: bias,
      activation: { kind: "none", scale: 1 },
      membraneBits: 32,
    };
    const ranges = valueRanges(graph);
    if (readout) return { ...probe, membraneBits: membraneBits(channelBounds(probe, ranges)) };
    const evaluator = evaluateQuantGraph({ ...graph, layers: [...graph.layers, probe] });
    const charges: number[][] = Array.from({ length: channels }, () => []);
    for (let sample = 0; sample < 6; sample++) {
      const values = evaluator.run(randomLevels(graph, random)).at(-1)!.values;
      values.forEach((x, n) => {
        charges[n % channels]!.push(Math.abs(x));
      });
    }
    const min = options.signed && random() < 0.3 ? -(2 ** (options.activationBits - 1)) : 0;
    const max = min === 0 ? 2 ** options.activationBits - 1 : -min - 1;
    const theta = new Int32Array(channels);
    for (let c = 0; c < channels; c++) {
      const sorted = charges[c]!.sort((a, b) => a - b);
      const top = sorted[Math.floor(sorted.length * 0.99)] ?? 1;
      theta[c] = Math.max(1, Math.round((top / max) * (0.6 + 0.8 * random())));
    }
    const layer: NeuronLayer = {
      ...probe,
      v0: bias.map((b, c) => b + (theta[c]! >> 1)),
      activation: { kind: "quantize", theta, min, max, scale: 1 },
    };
    return { ...layer, membraneBits: membraneBits(channelBounds(layer, ranges)) };
  };

  for (let d = 0; d < options.depth; d++) {
    const [height, width] = shapeOf(last());
    const spatial = options.spatial && height * width > 1;
    if (spatial && d > 0 && random() < 0.3) add(pool(last()));
    const linear = spatial && random() < 0.8 ? conv(last()) : dense(last(), integer(4, 30));
    add(neurons(`layer${d}`, { shape: linear.shape, terms: [...linear.terms, ...residual(linear.shape)] }, false));
  }
  add(neurons("readout", dense(last(), integer(2, 10)), true));
  return graph;
}

/** Random input levels, about a third of them 0. */
export function randomLevels(graph: QuantGraph, random: () => number): Uint8Array {
  const [height, width, channels] = graph.input.shape;
  const top = 2 ** graph.input.bits;
  return new Uint8Array(height * width * channels).map(() => (random() < 0.33 ? 0 : Math.floor(random() * top)));
}
