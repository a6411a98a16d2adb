import type { NirTensor } from "../../../frontend/nir/graph.js";
import { isDynamic } from "../../../frontend/nir/graph.js";
import type { FlatGraph, NirLeaf } from "../../../frontend/nir/simulate/inline.js";
import { affineMap, convMap, type Map1, poolMap } from "../../../frontend/nir/simulate/linear.js";
import { evaluationOrder } from "../../../frontend/nir/simulate/order.js";
import { type NodeShapes, nirShapes } from "../../../frontend/nir/simulate/shape.js";
import { failure } from "../../../support/diagnostic.js";
import { elements } from "../../../support/tensor.js";

/** Everything linear on all ways from one node with events to one with neurons, as a matrix, by delay. */
export interface NirSynapses {
  readonly source: string;
  readonly target: string;
  /** Steps: edges against the order of evaluation, and `Delay` nodes. */
  readonly delay: number;
  readonly sources: readonly number[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

/** What lies between the neurons of a graph. */
export interface NirWiring {
  readonly shapes: ReadonlyMap<string, NodeShapes>;
  /** Nodes with neurons, in the order of evaluation. */
  readonly neurons: readonly string[];
  readonly synapses: readonly NirSynapses[];
  /** What the biases on the ways to a node with neurons add to its input in every step. */
  readonly biases: ReadonlyMap<string, Float64Array>;
}

/** Values by target node and delay. */
type Response = Map<string, Map<number, Float64Array>>;

/**
 * Finds what neurons and inputs say to neurons, by sending one event from each of them through everything linear.
 *
 * @param dt Duration of a step, for `Delay` nodes.
 * @throws SpikewrightError `nir-node`: a node that is neither linear nor has neurons; `nir-cycle`: a cycle without neurons.
 */
export function wireNeurons(graph: FlatGraph, dt: number): NirWiring {
  const order = evaluationOrder(graph);
  const shapes = nirShapes(graph, order);
  const walk = new Walk(graph, order, shapes, dt);
  const neurons = order.filter((name) => isDynamic(graph.nodes.get(name)!));
  const synapses = [...graph.inputs, ...neurons].flatMap((source) => synapsesFrom(walk, source, shapes));
  const biases = new Map<string, Float64Array>();
  for (const [name, node] of graph.nodes) {
    const bias = "bias" in node ? constantOf(node, shapes.get(name)!.output) : undefined;
    if (!bias?.some((value) => value !== 0)) continue;
    for (const [target, byDelay] of walk.from(name, bias))
      for (const values of byDelay.values()) {
        const sum = biases.get(target) ?? new Float64Array(values.length);
        biases.set(
          target,
          sum.map((value, k) => value + values[k]!),
        );
      }
  }
  return { shapes, neurons, synapses, biases };
}

/** The bias of every element of a node's result. */
function constantOf({ bias, type }: Extract<NirLeaf, { bias: NirTensor }>, output: readonly number[]): Float64Array {
  const plane = type === "Affine" ? 1 : elements(output.slice(1));
  const count = bias.data.length;
  return Float64Array.from({ length: elements(output) }, (_, k) => bias.data[Math.floor(k / plane) % count]!);
}

function synapsesFrom(walk: Walk, source: string, shapes: ReadonlyMap<string, NodeShapes>): readonly NirSynapses[] {
  const found = new Map<string, NirSynapses & { sources: number[]; targets: number[]; weights: number[] }>();
  const event = new Float64Array(elements(shapes.get(source)!.output));
  for (let i = 0; i < event.length; i++) {
    event.fill(0);
    event[i] = 1;
    for (const [target, byDelay] of walk.from(source, event))
      for (const [delay, values] of byDelay) {
        const key = `${target} ${delay}`;
        const own = found.get(key) ?? { source, target, delay, sources: [], targets: [], weights: [] };
        found.set(key, own);
        for (const [j, weight] of values.entries()) {
          if (weight === 0) continue;
          own.sources.push(i);
          own.targets.push(j);
          own.weights.push(weight);
        }
      }
  }
  return [...found.values()];
}

/** Follows values from a node through linear nodes up to the next nodes with neurons. */
class Walk {
  readonly #graph: FlatGraph;
  readonly #places: ReadonlyMap<string, number>;
  readonly #shapes: ReadonlyMap<string, NodeShapes>;
  readonly #targets = new Map<string, string[]>();
  readonly #maps = new Map<string, Map1>();
  readonly #dt: number;

  constructor(graph: FlatGraph, order: readonly string[], shapes: ReadonlyMap<string, NodeShapes>, dt: number) {
    this.#graph = graph;
    this.#places = new Map(order.map((name, place) => [name, place]));
    this.#shapes = shapes;
    this.#dt = dt;
    for (const [source, target] of graph.edges)
      this.#targets.set(source, [...(this.#targets.get(source) ?? []), target]);
  }

  from(source: string, values: Float64Array): Response {
    const response: Response = new Map();
    this.#follow(source, values, 0, response, 0);
    return response;
  }

  #follow(source: string, values: Float64Array, delay: number, response: Response, depth: number): void {
    if (depth > this.#graph.nodes.size)
      throw failure({
        code: "nir-cycle",
        message: `Cannot use NIR node "${source}": found a cycle without neurons through it`,
        place: { item: source },
      });
    for (const target of this.#targets.get(source) ?? []) {
      const node = this.#graph.nodes.get(target)!;
      const later = delay + (this.#places.get(target)! <= this.#places.get(source)! ? 1 : 0);
      if (isDynamic(node)) add(response, target, later, values);
      else if (node.type === "Delay")
        for (const [steps, own] of this.#delayed(node.delay, values))
          this.#follow(target, own, later + steps, response, depth + 1);
      else if (node.type !== "Output")
        this.#follow(target, this.#mapped(target, node, values), later, response, depth + 1);
    }
  }

  #mapped(name: string, node: NirLeaf, values: Float64Array): Float64Array {
    const { output } = this.#shapes.get(name)!;
    const result = new Float64Array(elements(output));
    const map = this.#maps.get(name) ?? linearMap(node, name, this.#shapes.get(name)!);
    this.#maps.set(name, map);
    map(values, result);
    return result;
  }

  /** Values by the steps of their element's delay; elements that are 0 are left out. */
  #delayed({ data }: NirTensor, values: Float64Array): ReadonlyMap<number, Float64Array> {
    const found = new Map<number, Float64Array>();
    for (const [k, value] of values.entries()) {
      if (value === 0) continue;
      const steps = Math.round(data[data.length === 1 ? 0 : k]! / this.#dt);
      const own = found.get(steps) ?? new Float64Array(values.length);
      own[k] = value;
      found.set(steps, own);
    }
    return found;
  }
}

function add(response: Response, target: string, delay: number, values: Float64Array): void {
  const byDelay = response.get(target) ?? new Map<number, Float64Array>();
  const sum = byDelay.get(delay) ?? new Float64Array(values.length);
  byDelay.set(
    delay,
    sum.map((value, k) => value + values[k]!),
  );
  response.set(target, byDelay);
}

/** The linear part of a node. */
function linearMap(node: NirLeaf, name: string, { input, output }: NodeShapes): Map1 {
  switch (node.type) {
    case "Affine":
    case "Linear":
      return affineMap(node.weight, undefined, input);
    case "Conv1d":
    case "Conv2d":
      return convMap({ ...node, bias: { ...node.bias, data: new Float64Array(node.bias.data.length) } }, name, input);
    case "SumPool2d":
    case "AvgPool2d":
      return poolMap(node, input, output);
    case "Scale":
      return (x, y) => {
        for (let k = 0; k < y.length; k++) y[k] = x[k]! * node.scale.data[k % node.scale.data.length]!;
      };
    case "Flatten":
      return (x, y) => y.set(x);
    default:
      throw failure({
        code: "nir-node",
        message: `Cannot run NIR node "${name}" (${node.type}) on a core: wanted a linear node or neurons`,
        place: { item: name },
        found: node.type,
      });
  }
}
