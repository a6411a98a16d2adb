import { inferDynamics, type NirDynamicsOptions } from "../../../frontend/nir/dynamics.js";
import { isDynamic, isSpiking, type NirDynamic, type NirGraph } from "../../../frontend/nir/graph.js";
import { type FlatGraph, inlineGraphs } from "../../../frontend/nir/simulate/inline.js";
import { quantiseWeights } from "../../../snn/builder/quantise.js";
import type {
  DynamicsGraph,
  DynamicsPopulation,
  DynamicsProjection,
  SynapseMatrix,
} from "../../../snn/dynamics/graph.js";
import { verifyDynamicsGraph } from "../../../snn/dynamics/verify/verify.js";
import { failure, SpikewrightError } from "../../../support/diagnostic.js";
import { elements } from "../../../support/tensor.js";
import { quantiseNeurons, type RealNeurons, realNeurons } from "./neurons.js";
import { type NirSynapses, type NirWiring, wireNeurons } from "./synapses.js";

export interface NirImportOptions extends NirDynamicsOptions {
  /** Steps of a sample. */
  readonly steps: number;
  /** Bits of a weight, 2..8. Default 8. */
  readonly weightBits?: number;
  /** Largest value of an input event. Default 1. */
  readonly inputMax?: number;
}

/** How far the integers of a population are from the file. */
export interface NirLayerError {
  readonly name: string;
  readonly neurons: number;
  readonly synapses: number;
  /** Real value of 1 lsb of the potential. */
  readonly scale: number;
  /** Largest difference of a weight, and root of the mean square divided by that of the weights. */
  readonly weightError: number;
  readonly relativeWeightError: number;
  /** Largest relative difference of a threshold, and of a leak. */
  readonly thresholdError: number;
  readonly leakError: number;
}

export interface NirImport {
  readonly graph: DynamicsGraph;
  readonly layers: readonly NirLayerError[];
  readonly dt: number;
  readonly dtReason: string;
  readonly reset: string;
  readonly resetReason: string;
}

/** Densities from which a matrix is written as a whole. */
const denseFrom = 0.3;
/** Largest threshold in lsb that leaves room above it in 16 bits. */
const largestThreshold = 16_383;

/**
 * Turns a NIR graph into a network with dynamics: nodes with neurons become populations, everything linear between them
 * becomes synapses. Each population has its own scale: its largest weight takes all bits, unless thresholds would not fit.
 *
 * @throws SpikewrightError `nir-node`, `nir-cycle`, `nir-ports`, `nir-output`, those of `inferDynamics`, `nirShapes` and
 *   `verifyDynamicsGraph`.
 */
export function importNirGraph(nir: NirGraph, options: NirImportOptions): NirImport {
  const { steps, weightBits = 8, inputMax = 1, ...chosen } = options;
  const inferred = inferDynamics(nir, chosen);
  const flat = inlineGraphs(nir);
  const wiring = wireNeurons(flat, inferred.dt);
  refuseValues(flat, wiring);
  const populations: DynamicsPopulation[] = [];
  const projections: DynamicsProjection[] = [];
  const layers: NirLayerError[] = [];
  for (const name of wiring.neurons) {
    const node = flat.nodes.get(name) as NirDynamic;
    const count = elements(wiring.shapes.get(name)!.output);
    const real = realNeurons(node, count, inferred);
    const incoming = wiring.synapses.filter((s) => s.target === name);
    const scale = scaleOf(real, incoming, weightBits);
    const { neurons, dynamics, thresholdError, leakError } = quantiseNeurons(
      real,
      wiring.biases.get(name),
      scale,
      inferred,
    );
    populations.push({ name, shape: [1, 1, count], neurons: compact(neurons), dynamics });
    const real0 = incoming.flatMap((s) => s.weights.map((weight, k) => weight * real.gain[s.targets[k]!]!));
    const { weights, maxError, relativeError } = quantiseWeights(real0, { bits: weightBits, scale });
    let at = 0;
    for (const synapses of incoming) {
      const own = weights.subarray(at, at + synapses.weights.length);
      at += own.length;
      const sources = elements(wiring.shapes.get(synapses.source)!.output);
      projections.push(projection(synapses, own, sources, count, real.delay));
    }
    layers.push({
      name,
      neurons: count,
      synapses: real0.length,
      scale,
      weightError: maxError,
      relativeWeightError: relativeError,
      thresholdError,
      leakError,
    });
  }
  const graph = withReadout(flat, {
    name: nir.name === "" ? "nir" : nir.name,
    steps,
    reset: "sample",
    seed: 1,
    inputs: flat.inputs.map((name) => ({
      name,
      shape: [1, 1, elements(wiring.shapes.get(name)!.output)] as const,
      kind: "events" as const,
      max: inputMax,
    })),
    populations,
    projections,
  });
  const findings = verifyDynamicsGraph(graph);
  if (findings.length > 0) throw new SpikewrightError(findings);
  const { dt, dtReason, reset, resetReason } = inferred;
  return { graph, layers, dt, dtReason, reset, resetReason };
}

/** Potentials that go on as values have no place in a network of spikes. */
function refuseValues({ nodes }: FlatGraph, { synapses }: NirWiring): void {
  const found = synapses.find(({ source }) => {
    const node = nodes.get(source)!;
    return isDynamic(node) && !isSpiking(node);
  });
  if (!found) return;
  throw failure({
    code: "nir-node",
    message: `Cannot run NIR node "${found.source}" on a core: its potential goes to "${found.target}", wanted spikes`,
    place: { item: found.source },
    wanted: "IF, LIF or CubaLIF",
  });
}

/** Real value of 1: the largest weight takes all bits, or the largest threshold all that it may. */
function scaleOf({ gain, threshold }: RealNeurons, incoming: readonly NirSynapses[], bits: number): number {
  let largest = 0;
  for (const { weights, targets } of incoming)
    for (const [k, weight] of weights.entries()) largest = Math.max(largest, Math.abs(weight * gain[targets[k]!]!));
  const byWeights = largest / (2 ** (bits - 1) - 1);
  const byThresholds = threshold ? Math.max(...threshold.map(Math.abs)) / largestThreshold : 0;
  return Math.max(byWeights, byThresholds) || 1;
}

function projection(
  { source, target, delay, sources, targets }: NirSynapses,
  weights: Int8Array,
  sourceCount: number,
  targetCount: number,
  late: number,
): DynamicsProjection {
  const steps = delay + late;
  const name = `${source}->${target}${steps > 0 ? `@${steps}` : ""}`;
  const isDense = weights.length >= denseFrom * sourceCount * targetCount;
  let synapses: SynapseMatrix;
  if (isDense) {
    const matrix = new Int8Array(sourceCount * targetCount);
    for (const [k, weight] of weights.entries()) matrix[sources[k]! * targetCount + targets[k]!] = weight;
    synapses = { kind: "dense", weights: matrix };
  } else {
    const kept = Array.from(weights.keys()).filter((k) => weights[k] !== 0);
    synapses = {
      kind: "sparse",
      sources: Int32Array.from(kept, (k) => sources[k]!),
      targets: Int32Array.from(kept, (k) => targets[k]!),
      weights: Int8Array.from(kept, (k) => weights[k]!),
    };
  }
  return { name, source, target, delay: steps, synapses };
}

/** One neuron for all where they are alike. */
function compact(neurons: DynamicsPopulation["neurons"]): DynamicsPopulation["neurons"] {
  const [first] = neurons;
  const isUniform = neurons.every((neuron) => JSON.stringify(neuron) === JSON.stringify(first));
  return isUniform ? [first!] : neurons;
}

/** The population that the output listens to, by its potentials where it does not fire and else by its spikes. */
function withReadout(flat: FlatGraph, graph: Omit<DynamicsGraph, "readout">): DynamicsGraph {
  const [output, ...others] = flat.outputs;
  const sources = flat.edges.filter(([, target]) => target === output).map(([source]) => source);
  const node = flat.nodes.get(sources[0] ?? "");
  if (output === undefined || others.length > 0 || sources.length !== 1 || !node || !isDynamic(node))
    throw failure({
      code: "nir-output",
      message: `Cannot read out the NIR graph: found ${flat.outputs.length} outputs with ${sources.length} sources, wanted one output behind neurons`,
      place: { item: output ?? graph.name },
    });
  const population = sources[0]!;
  if (!isSpiking(node)) return { ...graph, readout: { population, kind: "potential" } };
  const postTrace = { decay: "count", shift: 1, increment: 1, sets: false } as const;
  const populations = graph.populations.map((p) =>
    p.name === population ? { ...p, dynamics: { ...p.dynamics, postTrace } } : p,
  );
  return { ...graph, populations, readout: { population, kind: "count" } };
}
