import { failure } from "../../../support/diagnostic.js";
import { elements } from "../../../support/tensor.js";
import type { NirDynamics } from "../dynamics.js";
import { isDynamic, type NirGraph, type NirTensor } from "../graph.js";
import { inlineGraphs, type NirLeaf } from "./inline.js";
import { affineMap, convMap, type Map1, poolMap } from "./linear.js";
import { createNeurons, type Neurons } from "./neuron.js";
import { evaluationOrder } from "./order.js";
import { type NodeShapes, nirShapes } from "./shape.js";

/** An end of the graph: name and shape. */
export interface NirPort {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A NIR graph in float, step by step. Arrays that it gives are its own and change with the next step. */
export interface NirSimulation {
  readonly inputs: readonly NirPort[];
  readonly outputs: readonly NirPort[];
  /**
   * Advance by one step.
   *
   * @param input Values of the only input, row-major, or of every input by name.
   * @throws `nir-input` for values that do not fit.
   */
  readonly step: (input: ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>) => void;
  /** What a node gave in the last step: spikes of neurons that fire. Inner graphs: `graph/node`. */
  readonly valueOf: (node: string) => Float64Array;
  /** Membrane potentials after the last step. */
  readonly potentialOf: (node: string) => Float64Array;
  /** Synaptic currents of `CubaLI` and `CubaLIF`. */
  readonly currentOf: (node: string) => Float64Array;
}

/** Longest delay in steps. */
const longestDelay = 2 ** 20;

/** One node at work: sums its sources and computes its value. */
interface Unit {
  readonly sum: () => void;
  readonly update: () => void;
}

/**
 * Prepare the simulation of a graph; all states are zero. Within a step every node sees what its sources gave in the
 * same step; an edge that closes a cycle carries the value of the step before.
 *
 * @throws `nir-shape`, `nir-ports`, `nir-delay`.
 */
export function openNirSimulation(graph: NirGraph, dynamics: NirDynamics): NirSimulation {
  const flat = inlineGraphs(graph);
  const order = evaluationOrder(flat);
  const shapes = nirShapes(flat, order);
  const values = new Map<string, Float64Array>();
  const neurons = new Map<string, Neurons>();
  const given = new Map<string, Float64Array>();
  const parts = new Map<string, { readonly input: Float64Array; readonly update: () => void }>();
  for (const name of order) {
    const node = flat.nodes.get(name)!;
    const shape = shapes.get(name)!;
    const input = new Float64Array(elements(shape.input));
    if (isDynamic(node)) {
      const population = createNeurons(node, input.length, dynamics);
      neurons.set(name, population);
      values.set(name, population.output);
      parts.set(name, { input, update: () => population.step(input) });
    } else {
      const output = new Float64Array(elements(shape.output));
      const map = mapOf(node, name, shape, dynamics);
      values.set(name, output);
      parts.set(name, { input, update: () => map(input, output) });
    }
  }
  for (const name of flat.inputs) given.set(name, new Float64Array(elements(shapes.get(name)!.input)));
  const units = order.map((name): Unit => {
    const { input, update } = parts.get(name)!;
    const sources = flat.edges.filter(([, target]) => target === name).map(([source]) => values.get(source)!);
    const outer = given.get(name);
    return { sum: summing(input, outer ? [outer, ...sources] : sources), update };
  });
  const ports = (names: readonly string[]) => names.map((name) => ({ name, shape: shapes.get(name)!.output }));
  return {
    inputs: ports(flat.inputs),
    outputs: ports(flat.outputs),
    step: (input) => {
      for (const [name, values] of bind(input, given)) given.get(name)!.set(values);
      for (const unit of units) {
        unit.sum();
        unit.update();
      }
    },
    valueOf: (name) => found(values.get(name), name),
    potentialOf: (name) => found(neurons.get(name)?.v, name),
    currentOf: (name) => found(neurons.get(name)?.current, name),
  };
}

function summing(input: Float64Array, sources: readonly Float64Array[]): () => void {
  const [first, ...more] = sources;
  return () => {
    if (!first) return;
    input.set(first);
    for (const source of more) for (let k = 0; k < input.length; k++) input[k] = input[k]! + source[k]!;
  };
}

/** What a node without state of neurons computes. */
function mapOf(
  node: Exclude<NirLeaf, { readonly r: NirTensor }>,
  name: string,
  shape: NodeShapes,
  dynamics: NirDynamics,
): Map1 {
  const at = (tensor: NirTensor, k: number) => tensor.data[tensor.data.length === 1 ? 0 : k]!;
  switch (node.type) {
    case "Affine":
      return affineMap(node.weight, node.bias, shape.input);
    case "Linear":
      return affineMap(node.weight, undefined, shape.input);
    case "Conv1d":
    case "Conv2d":
      return convMap(node, name, shape.input);
    case "SumPool2d":
    case "AvgPool2d":
      return poolMap(node, shape.input, shape.output);
    case "Scale":
      return (x, y) => {
        for (let k = 0; k < y.length; k++) y[k] = x[k]! * at(node.scale, k);
      };
    case "Threshold": {
      const inclusive = dynamics.compare === ">=";
      return (x, y) => {
        for (let k = 0; k < y.length; k++) {
          const threshold = at(node.threshold, k);
          y[k] = (inclusive ? x[k]! >= threshold : x[k]! > threshold) ? 1 : 0;
        }
      };
    }
    case "Delay":
      return delayMap(node.delay, name, elements(shape.input), dynamics.dt);
    default:
      return (x, y) => y.set(x);
  }
}

/** Each element comes back after its delay, rounded to steps. */
function delayMap(delay: NirTensor, name: string, count: number, dt: number): Map1 {
  const steps = Array.from({ length: count }, (_, k) => Math.round(delay.data[delay.data.length === 1 ? 0 : k]! / dt));
  const longest = Math.max(...steps);
  if (Math.min(...steps) < 0 || longest > longestDelay) {
    throw failure({
      code: "nir-delay",
      message: `Cannot use NIR node "${name}": found a delay of ${longest} steps, wanted 0 to ${longestDelay}`,
      place: { item: name },
      found: `${longest} steps`,
      wanted: `0 to ${longestDelay}`,
    });
  }
  const length = longest + 1;
  const ring = new Float64Array(length * count);
  let now = 0;
  return (x, y) => {
    ring.set(x, now * count);
    for (let k = 0; k < count; k++) y[k] = ring[((now - steps[k]! + length) % length) * count + k]!;
    now = (now + 1) % length;
  };
}

function bind(
  input: ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>,
  given: ReadonlyMap<string, Float64Array>,
): readonly (readonly [string, ArrayLike<number>])[] {
  const isPlain = typeof (input as ArrayLike<number>).length === "number";
  const entries = isPlain
    ? [...given.keys()].slice(0, 1).map((name) => [name, input as ArrayLike<number>] as const)
    : Object.entries(input as Readonly<Record<string, ArrayLike<number>>>);
  for (const name of given.keys())
    if (!entries.some(([n]) => n === name)) throw wrongInput(name, "no values", "values");
  for (const [name, values] of entries) {
    const length = given.get(name)?.length;
    if (length !== values.length) throw wrongInput(name, `${values.length} values`, `${length ?? "no such input"}`);
  }
  return entries;
}

function wrongInput(name: string, found: string, wanted: string) {
  return failure({
    code: "nir-input",
    message: `Cannot feed NIR input "${name}": found ${found}, wanted ${wanted}`,
    place: { item: name },
    found,
    wanted,
  });
}

function found<T>(value: T | undefined, name: string): T {
  if (value !== undefined) return value;
  throw failure({
    code: "nir-node-unknown",
    message: `Cannot watch NIR node "${name}": the graph has no such node with this state`,
    place: { item: name },
  });
}
