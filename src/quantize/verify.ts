import { windowFault } from "../arch/synapse/window.js";
import type { Diagnostic } from "../support/diagnostic.js";
import { channelBounds, membraneBits, type ValueRange, valueRanges } from "./bounds.js";
import type { LinearTerm, NeuronLayer, PoolLayer, QuantGraph, QuantLayer, Shape3 } from "./graph.js";

/** Largest number of neurons of a layer and of a network, and of weights of a network, that is taken for a network and not for an accident. */
const maxNeurons = 2 ** 22;
const maxNeuronsTotal = 2 ** 24;
const maxWeights = 2 ** 28;
/** Largest number of cells that the windows of a pool may visit. */
const maxPoolWork = 2 ** 31;
/** Payloads are bytes. */
const maxLevel = 255;

type Report = (code: string, item: string, message: string) => void;

/**
 * Checks every rule of a quantised network: names and order, shapes, ranges of all integers, finite scales, and that
 * each membrane width holds the proven bound.
 *
 * @returns All findings; empty for a sound network. Codes: `duplicate-name`, `unknown-source`, `wrong-shape`,
 * `value-out-of-range`, `membrane-too-narrow`, `no-readout`, `too-large`.
 */
export function verifyQuantGraph(graph: QuantGraph): readonly Diagnostic[] {
  const findings: Diagnostic[] = [];
  const report: Report = (code, item, message) =>
    findings.push({ code, severity: "error", message: `Invalid network: "${item}" ${message}`, place: { item } });
  const shapes = new Map<string, Shape3>();
  verifyInput(graph, report);
  shapes.set(graph.input.name, graph.input.shape);
  let weights = 0;
  for (const layer of graph.layers) {
    if (shapes.has(layer.name)) report("duplicate-name", layer.name, "has the name of another layer");
    if (!isShape(layer.shape)) report("wrong-shape", layer.name, `has shape [${layer.shape}]`);
    else if (layer.kind === "pool") verifyPool(layer, shapes, report);
    else verifyNeurons(layer, shapes, report);
    if (layer.kind === "neurons") for (const term of layer.terms) weights += term.weights.length;
    shapes.set(layer.name, layer.shape);
  }
  if (weights > maxWeights) report("too-large", graph.name, `has ${weights} weights, at most ${maxWeights}`);
  const neurons = graph.layers.reduce((sum, { shape }) => sum + shape[0] * shape[1] * shape[2], 0);
  if (neurons > maxNeuronsTotal) report("too-large", graph.name, `has ${neurons} neurons, at most ${maxNeuronsTotal}`);
  verifyReadout(graph, report);
  if (findings.length === 0) verifyRanges(graph, report);
  return findings;
}

function isShape(shape: readonly number[]): boolean {
  return (
    shape.length === 3 &&
    shape.every((extent) => Number.isInteger(extent) && extent >= 1) &&
    shape.reduce((a, b) => a * b, 1) <= maxNeurons
  );
}

function isInteger(x: number, min: number, max: number): boolean {
  return Number.isInteger(x) && x >= min && x <= max;
}

function isScale(x: number): boolean {
  return Number.isFinite(x) && x > 0;
}

function verifyInput({ input }: QuantGraph, report: Report): void {
  if (!isShape(input.shape)) report("wrong-shape", input.name, `has shape [${input.shape}]`);
  if (!isInteger(input.bits, 1, 8)) report("value-out-of-range", input.name, `has ${input.bits} bits, wanted 1 to 8`);
  else if (!isInteger(input.zero, 0, 2 ** input.bits - 1)) {
    report("value-out-of-range", input.name, `has zero level ${input.zero}`);
  }
  const [top, left, bottom, right] = input.margin;
  const fits =
    input.margin.every((m) => isInteger(m, 0, 2 ** 16)) &&
    top + bottom < input.shape[0] &&
    left + right < input.shape[1];
  if (!fits) report("wrong-shape", input.name, `has margin [${input.margin}]`);
  if (!isScale(input.scale) || !Number.isFinite(input.inputScale) || !Number.isFinite(input.inputOffset)) {
    report(
      "value-out-of-range",
      input.name,
      "has a scale or offset that is not a finite number, or a scale not above 0",
    );
  }
}

function verifyReadout(graph: QuantGraph, report: Report): void {
  graph.layers.forEach((layer, i) => {
    const isReadout = layer.kind === "neurons" && layer.activation.kind === "none";
    if (isReadout !== (i === graph.layers.length - 1)) {
      report(
        "no-readout",
        layer.name,
        isReadout ? "is a readout but not the last layer" : "is the last layer but no readout",
      );
    }
  });
  if (graph.layers.length === 0) report("no-readout", graph.name, "has no layers");
}

function verifyNeurons(layer: NeuronLayer, shapes: ReadonlyMap<string, Shape3>, report: Report): void {
  const channels = layer.shape[2];
  if (layer.v0.length !== channels)
    report("wrong-shape", layer.name, `has ${layer.v0.length} initial membranes, wanted ${channels}`);
  if (layer.terms.length === 0) report("wrong-shape", layer.name, "has no inputs");
  if (!isScale(layer.activation.scale)) report("value-out-of-range", layer.name, `has scale ${layer.activation.scale}`);
  if (layer.activation.kind === "quantize") {
    const { theta, min, max } = layer.activation;
    if (theta.length !== channels)
      report("wrong-shape", layer.name, `has ${theta.length} thresholds, wanted ${channels}`);
    if (theta.some((t) => t < 1)) report("value-out-of-range", layer.name, "has a threshold below 1");
    if (!isInteger(min, -maxLevel, 0) || !isInteger(max, 1, maxLevel)) {
      report(
        "value-out-of-range",
        layer.name,
        `has levels ${min}..${max}, wanted within -${maxLevel}..${maxLevel}, around 0`,
      );
    }
  }
  for (const term of layer.terms) verifyTerm(layer, term, shapes.get(term.from), report);
}

function verifyTerm(layer: NeuronLayer, term: LinearTerm, source: Shape3 | undefined, report: Report): void {
  if (source === undefined) {
    report("unknown-source", layer.name, `reads "${term.from}", which no earlier layer makes`);
    return;
  }
  const [inChannels, outChannels] = [source[2], layer.shape[2]];
  const { groups, weights, weightBits } = term;
  if (!isInteger(groups, 1, inChannels) || inChannels % groups !== 0 || outChannels % groups !== 0) {
    report("wrong-shape", layer.name, `has ${groups} groups for ${inChannels} to ${outChannels} channels`);
    return;
  }
  const fault = windowFault({ ...term, window: term.kernel, source, target: layer.shape });
  if (fault !== undefined) {
    report("wrong-shape", layer.name, fault);
    return;
  }
  const wanted = term.kernel[0] * term.kernel[1] * (inChannels / groups) * outChannels;
  if (weights.length !== wanted) report("wrong-shape", layer.name, `has ${weights.length} weights, wanted ${wanted}`);
  if (!isInteger(weightBits, 1, 16))
    report("value-out-of-range", layer.name, `has ${weightBits}-bit weights, wanted 1 to 16`);
  const limit = 2 ** (weightBits - 1);
  if (weights.some((w) => w < -limit || w >= limit))
    report("value-out-of-range", layer.name, `has weights beyond ${weightBits} bits`);
}

function verifyPool(layer: PoolLayer, shapes: ReadonlyMap<string, Shape3>, report: Report): void {
  const source = shapes.get(layer.from);
  if (source === undefined) {
    report("unknown-source", layer.name, `reads "${layer.from}", which no earlier layer makes`);
    return;
  }
  if (source[2] !== layer.shape[2])
    report("wrong-shape", layer.name, `pools ${source[2]} channels into ${layer.shape[2]}`);
  const fault = windowFault({ ...layer, source, target: layer.shape });
  if (fault !== undefined) {
    report("wrong-shape", layer.name, fault);
    return;
  }
  const cells = Math.min(layer.window[0], source[0]) * Math.min(layer.window[1], source[1]);
  if (layer.shape[0] * layer.shape[1] * layer.shape[2] * cells > maxPoolWork) {
    report("too-large", layer.name, "visits more cells than a network would");
  }
}

/** Rules that need a graph whose shapes are right. */
function verifyRanges(graph: QuantGraph, report: Report): void {
  const ranges = valueRanges(graph);
  for (const layer of graph.layers) {
    if (layer.kind === "pool") verifyPoolRange(layer, ranges.get(layer.from)!, report);
    else verifyMembrane(layer, ranges, report);
  }
}

function verifyPoolRange(layer: PoolLayer, [min, max]: ValueRange, report: Report): void {
  const cells = layer.op === "sum" ? layer.window[0] * layer.window[1] : 1;
  if (layer.range[0] > min * cells || layer.range[1] < max * cells) {
    report(
      "value-out-of-range",
      layer.name,
      `has range [${layer.range}], its values reach [${[min * cells, max * cells]}]`,
    );
  }
}

function verifyMembrane(
  layer: QuantLayer & { kind: "neurons" },
  ranges: ReadonlyMap<string, ValueRange>,
  report: Report,
): void {
  const wanted = membraneBits(channelBounds(layer, ranges));
  if (wanted > 32) report("too-large", layer.name, `needs ${wanted}-bit membranes, at most 32`);
  if (!isInteger(layer.membraneBits, 1, 32) || layer.membraneBits < wanted) {
    report("membrane-too-narrow", layer.name, `has ${layer.membraneBits}-bit membranes, wanted ${wanted}`);
  }
}
