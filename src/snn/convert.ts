import type { LinearTerm, NeuronLayer, PoolLayer, QuantGraph } from "../quantize/graph.js";
import type { PoolPopulation, Population, Projection, SnnGraph, SpikingPopulation } from "./graph.js";

/**
 * Turns a quantised network into the spiking network with the same integers: every staircase becomes an ST-BIF neuron
 * (threshold `theta`, initial membrane `v0`, tracer bounds = level bounds), every linear term a projection, every pool
 * an operation on tracers, and the readout an integrator that never fires.
 *
 * The final tracer of each neuron equals the layer's activation, and the final membrane its remainder
 * `X - theta * y`, on every schedule.
 */
export function convertToSpiking(graph: QuantGraph): SnnGraph {
  return {
    name: graph.name,
    input: { name: graph.input.name, shape: graph.input.shape, max: 2 ** graph.input.bits - 1 },
    populations: graph.layers.map((layer) => (layer.kind === "pool" ? toPool(layer) : toSpiking(layer))),
    projections: graph.layers.flatMap((layer) =>
      layer.kind === "pool" ? [] : layer.terms.map((term) => toProjection(layer.name, term)),
    ),
    readout: { population: graph.layers.at(-1)!.name, kind: "membrane" },
  };
}

function toSpiking({ name, shape, v0, activation, membraneBits }: NeuronLayer): Population {
  const base = { kind: "spiking", name, shape, vInit: v0, membraneBits } as const;
  const population: SpikingPopulation =
    activation.kind === "none"
      ? { ...base, preset: "li", vThreshold: new Int32Array(0), tracerMin: 0, tracerMax: 0 }
      : {
          ...base,
          preset: "st-bif",
          vThreshold: activation.theta,
          tracerMin: activation.min,
          tracerMax: activation.max,
        };
  return population;
}

function toPool({ name, shape, from, op, window, stride, padding, range }: PoolLayer): PoolPopulation {
  return {
    kind: "pool",
    name,
    shape,
    source: from,
    op,
    window,
    stride,
    padding,
    tracerMin: range[0],
    tracerMax: range[1],
  };
}

function toProjection(target: string, term: LinearTerm): Projection {
  const { from, kernel, stride, padding, groups, weights, weightBits } = term;
  return { source: from, target, kernel, stride, padding, groups, weights, weightBits };
}
