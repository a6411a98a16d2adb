import type { NirGraph, NirMetadata, NirNode, NirTensor } from "../../frontend/nir/graph.js";
import type { NeuronLayer, PoolLayer, QuantGraph, Shape3 } from "../../quantize/graph.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";
import { denseWeight, placedWeights } from "./placed-weights.js";
import { squareKernel } from "./square-kernel.js";

/** How a network becomes NIR. */
export interface RateNetworkOptions {
  /** Duration of a step in the file's unit of time; with 1 the unit is the step. */
  readonly dt: number;
  /** Neurons of the reader fire at equality; NIR's own fire above the threshold. */
  readonly firesAtEquality: boolean;
  readonly metadata: NirMetadata;
}

/** A value of the network in NIR. */
interface Source {
  readonly node: string;
  readonly shape: Shape3;
  /** Whether NIR sees `[channels]`, not an image. */
  readonly isVector: boolean;
  /** Level that a rate of one spike a step stands for. */
  readonly top: number;
}

/** Share of one lsb of the membrane by which thresholds lie lower, so that `>` means `>=` on integers. */
const below = 1 / 1024;

/**
 * An integer network as integrate-and-fire neurons in NIR: rates stand for levels, one spike a step for the largest.
 *
 * With rates `r = q / top` of a source, `y = (bias + sum w q) / theta` becomes a rate by the weights `w * top / (theta *
 * topOut)` and a bias of `bias / (theta * topOut)` a step, threshold 1 and reset by subtraction. The readout integrates
 * its charge in real units: after `n` steps its potential is `n` times the result.
 *
 * Kernels get zeros around them where padding differs between sides, and channels of other groups get weights of zero: the
 * reference reader has no padding of two sides and takes no groups.
 *
 * @throws `nir-no-node` for pools of a maximum, `nir-padding` for pools whose padding differs between sides; all at once.
 */
export function rateNetwork(quant: QuantGraph, options: RateNetworkOptions): NirGraph {
  const findings: Diagnostic[] = [];
  const nodes: NirNode[] = [];
  const edges: (readonly [string, string])[] = [];
  const names = new Set<string>();
  const named = (name: string): string => {
    let unique = name.replaceAll("/", ".");
    for (let k = 2; names.has(unique); k++) unique = `${name.replaceAll("/", ".")}:${k}`;
    names.add(unique);
    return unique;
  };
  const add = (node: NirNode, from: readonly string[]): string => {
    nodes.push(node);
    for (const source of from) edges.push([source, node.name]);
    return node.name;
  };
  const { input } = quant;
  const entry = add({ type: "Input", name: named("input"), shape: nirShape(input.shape), metadata: {} }, []);
  const sources = new Map<string, Source>([
    [input.name, { node: entry, shape: input.shape, isVector: isPixel(input.shape), top: 2 ** input.bits - 1 }],
  ]);
  for (const layer of quant.layers) {
    if (layer.kind === "pool") {
      const source = sources.get(layer.from)!;
      // The sum over a window with one value is that value.
      const pool = isPixel(source.shape) ? undefined : poolNode(layer, source.shape, named, findings);
      const node = pool === undefined ? source.node : add(pool, [source.node]);
      sources.set(layer.name, { ...source, node, shape: layer.shape });
      continue;
    }
    const top = layer.activation.kind === "none" ? 1 : layer.activation.max;
    const maps = layer.terms.map((term, k) => {
      const source = sources.get(term.from)!;
      const scale = scaleOf(layer, source.top, top);
      const bias = k === 0 ? biasOf(layer, top) : new Float32Array(layer.shape[2]);
      const metadata = { weight_bits: text(term.weightBits), scale: { shape: [scale.length], data: scale } };
      const name = named(layer.terms.length > 1 ? `${layer.name}.w${k + 1}` : `${layer.name}.w`);
      if (isPixel(layer.shape)) {
        const from = source.isVector
          ? source.node
          : add({ type: "Flatten", name: named(`${name}.flat`), startDim: 0, endDim: -1, metadata: {} }, [source.node]);
        const weight = denseWeight(term, source.shape, layer.shape[2], scale);
        return add({ type: "Affine", name, weight, bias: vector(bias), metadata }, [from]);
      }
      const window = squareKernel(term, plane(source.shape), plane(layer.shape));
      if (!window || source.isVector) {
        const found = source.isVector ? "an image out of one pixel" : `padding ${term.padding.join("x")} before`;
        findings.push(refusal("nir-padding", layer.name, found, "the same on both sides", "Pad both sides alike"));
        return source.node;
      }
      const node: NirNode = {
        type: "Conv2d",
        name,
        inputShape: plane(source.shape),
        weight: {
          shape: [layer.shape[2], source.shape[2], ...window.kernel],
          data: placedWeights(term, window, source.shape[2], layer.shape[2], scale),
        },
        stride: term.stride,
        padding: window.padding,
        dilation: [1, 1],
        groups: 1,
        bias: vector(bias),
        metadata,
      };
      return add(node, [source.node]);
    });
    const node = add(neurons(layer, named, options), maps);
    sources.set(layer.name, { node, shape: layer.shape, isVector: isPixel(layer.shape), top });
  }
  const last = sources.get(quant.layers.at(-1)!.name)!;
  const [height, width, channels] = last.shape;
  const shape = last.isVector ? [channels] : [channels, height, width];
  add({ type: "Output", name: named("output"), shape, metadata: {} }, [last.node]);
  if (findings.length > 0) throw new SpikewrightError(findings);
  return { type: "NIRGraph", name: "", nodes, edges, metadata: options.metadata };
}

/** `[channels, height, width]`; a vector where there is one pixel. */
function nirShape([height, width, channels]: Shape3): readonly number[] {
  return height * width === 1 ? [channels] : [channels, height, width];
}

function isPixel([height, width]: Shape3): boolean {
  return height * width === 1;
}

function text(value: number): string {
  return String(value);
}

function vector(data: Float32Array): NirTensor {
  return { shape: [data.length], data };
}

/** What the integers of each channel are multiplied with. */
function scaleOf(layer: NeuronLayer, sourceTop: number, top: number): Float32Array {
  const { activation } = layer;
  return Float32Array.from({ length: layer.shape[2] }, (_, c) =>
    activation.kind === "none" ? activation.scale * sourceTop : sourceTop / (activation.theta[c]! * top),
  );
}

/** Charge a step that does not come from the sources. Half a threshold of the initial membrane only rounds. */
function biasOf({ v0, activation }: NeuronLayer, top: number): Float32Array {
  if (activation.kind === "none") return Float32Array.from(v0, (v) => v * activation.scale);
  return Float32Array.from(v0, (v, c) => {
    const theta = activation.theta[c]!;
    return (v - Math.floor(theta / 2)) / (theta * top);
  });
}

function neurons(layer: NeuronLayer, named: (name: string) => string, options: RateNetworkOptions): NirNode {
  const shape = nirShape(layer.shape);
  const count = shape.reduce((product, extent) => product * extent, 1);
  const filled = (of: (c: number) => number): NirTensor => {
    const pixels = count / layer.shape[2];
    return { shape, data: Float32Array.from({ length: count }, (_, n) => of(Math.floor(n / pixels))) };
  };
  const name = named(layer.name);
  const { activation } = layer;
  const r = filled(() => 1 / options.dt);
  if (activation.kind === "none") return { type: "I", name, r, metadata: { scale: text(activation.scale) } };
  const lower = options.firesAtEquality ? 0 : below;
  const vThreshold = filled((c) => 1 - lower / activation.theta[c]!);
  const metadata = { scale: text(activation.scale), levels: text(activation.max) };
  return { type: "IF", name, r, vThreshold, vReset: filled(() => 0), metadata };
}

function plane([height, width]: Shape3): readonly [number, number] {
  return [height, width];
}

function poolNode(
  layer: PoolLayer,
  source: Shape3,
  named: (name: string) => string,
  findings: Diagnostic[],
): NirNode | undefined {
  if (layer.op === "max") {
    const found = "a pool of the maximum";
    const wanted = "a pool that sums or averages";
    findings.push(refusal("nir-no-node", layer.name, found, wanted, "Train the network with average pools or strides"));
    return undefined;
  }
  const padding = paddingOf(layer.name, layer.window, layer, source, layer.shape, findings);
  return {
    type: "SumPool2d",
    name: named(layer.name),
    kernelSize: layer.window,
    stride: layer.stride,
    padding,
    metadata: {},
  };
}

/** Padding of both sides, which NIR has one number for. */
function paddingOf(
  layer: string,
  window: readonly [number, number],
  { stride, padding }: { readonly stride: readonly number[]; readonly padding: readonly number[] },
  source: Shape3,
  target: Shape3,
  findings: Diagnostic[],
): readonly number[] {
  const fits = ([0, 1] as const).every(
    (axis) => Math.floor((source[axis] + 2 * padding[axis]! - window[axis]) / stride[axis]!) + 1 === target[axis],
  );
  if (!fits) {
    const found = `padding ${padding.join("x")} before and another after`;
    findings.push(refusal("nir-padding", layer, found, "the same on both sides", "Pad both sides alike in the model"));
  }
  return padding;
}

function refusal(code: string, layer: string, found: string, wanted: string, hint: string): Diagnostic {
  const message = `Cannot write layer "${layer}" as NIR: found ${found}, wanted ${wanted}`;
  return { code, severity: "error", message, place: { item: layer }, found, wanted, hint };
}
