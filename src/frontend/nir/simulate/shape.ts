import { type Diagnostic, failure, SpikewrightError } from "../../../support/diagnostic.js";
import { elements } from "../../../support/tensor.js";
import type { NirConv, NirPool, NirTensor } from "../graph.js";
import { isDynamic } from "../graph.js";
import type { FlatGraph, NirLeaf } from "./inline.js";

/** Most elements of a value. */
const largest = 2 ** 26;

/** Shapes of input and result of a node. */
export interface NodeShapes {
  readonly input: readonly number[];
  readonly output: readonly number[];
}

/**
 * Shapes of all nodes. A node without a source takes the shape that its parameters ask for.
 *
 * @param order Of evaluation; edges against it are checked too.
 * @throws `nir-shape` where shapes do not fit; all findings at once, what follows from one left out.
 */
export function nirShapes(graph: FlatGraph, order: readonly string[]): ReadonlyMap<string, NodeShapes> {
  const sources = new Map<string, string[]>();
  for (const [source, target] of graph.edges) sources.set(target, [...(sources.get(target) ?? []), source]);
  const shapes = new Map<string, NodeShapes>();
  const findings: Diagnostic[] = [];
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof SpikewrightError)) throw error;
      findings.push(...error.diagnostics);
    }
  };
  for (const name of order) {
    const node = graph.nodes.get(name)!;
    const known = sources.get(name)?.filter((source) => shapes.has(source)) ?? [];
    // Behind a node that does not fit only what a node says of itself is known.
    const isOpen = known.length === 0 && sources.has(name) && neuronShape(node) === undefined;
    if (isOpen && findings.length > 0) continue;
    attempt(() => {
      const input = known[0] === undefined ? naturalInput(node, name) : shapes.get(known[0])!.output;
      const output = outputShape(node, name, input);
      if (elements(output) > largest) throw misfit(name, `[${output}]`, `at most ${largest} elements`);
      shapes.set(name, { input, output });
    });
  }
  for (const [source, target] of graph.edges) {
    const [from, to] = [shapes.get(source)?.output, shapes.get(target)?.input];
    if (!from || !to || elements(from) === elements(to)) continue;
    attempt(() => {
      throw misfit(target, `[${from}] from "${source}"`, `[${to}]`);
    });
  }
  if (findings.length > 0) throw new SpikewrightError(findings);
  return shapes;
}

function misfit(name: string, found: string, wanted: string): SpikewrightError {
  return failure({
    code: "nir-shape",
    message: `Cannot use NIR node "${name}": found ${found}, wanted ${wanted}`,
    place: { item: name },
    found,
    wanted,
  });
}

/** Shape of a parameter that every neuron has one of. */
function neuronShape(node: NirLeaf): readonly number[] | undefined {
  if (node.type === "Scale") return node.scale.shape;
  if (node.type === "Threshold") return node.threshold.shape;
  if (node.type === "Delay") return node.delay.shape;
  if (!isDynamic(node)) return undefined;
  return node.type === "I" || node.type === "IF" ? node.r.shape : node.vLeak.shape;
}

function naturalInput(node: NirLeaf, name: string): readonly number[] {
  const shape = neuronShape(node);
  if (shape) return shape;
  if (node.type === "Input" || node.type === "Output") return node.shape;
  if (node.type === "Affine" || node.type === "Linear")
    return [...node.weight.shape.slice(0, -2), node.weight.shape.at(-1) ?? 1];
  if ((node.type === "Conv1d" || node.type === "Conv2d") && node.inputShape) {
    return [(node.weight.shape[1] ?? 1) * node.groups, ...node.inputShape];
  }
  throw misfit(name, "no edge into it", "a source");
}

function outputShape(node: NirLeaf, name: string, input: readonly number[]): readonly number[] {
  switch (node.type) {
    case "Input":
    case "Output":
      if (elements(node.shape) !== elements(input)) throw misfit(name, `[${input}]`, `[${node.shape}]`);
      return input;
    case "Affine":
    case "Linear":
      return affineShape(node.weight, node.type === "Affine" ? node.bias : undefined, name, input);
    case "Conv1d":
    case "Conv2d":
      return convShape(node, name, input);
    case "SumPool2d":
    case "AvgPool2d":
      return poolShape(node, name, input);
    case "Flatten":
      return flattenShape(node.startDim, node.endDim, name, input);
    default: {
      const shape = neuronShape(node)!;
      if (elements(shape) !== 1 && elements(shape) !== elements(input)) throw misfit(name, `[${input}]`, `[${shape}]`);
      return input;
    }
  }
}

function affineShape(weight: NirTensor, bias: NirTensor | undefined, name: string, input: readonly number[]): number[] {
  const [outputs, inputs] = weight.shape.slice(-2);
  if (weight.shape.length < 2 || input.at(-1) !== inputs) throw misfit(name, `[${input}]`, `[..., ${inputs}]`);
  const lead = input.slice(0, -1);
  const stack = weight.shape.slice(0, -2);
  const own = stack.length > 0 && lead.length > 0 ? lead : [...stack, ...lead];
  if (stack.length > 0 && lead.length > 0 && stack.join() !== lead.join()) {
    throw misfit(name, `[${input}]`, `[${stack}, ${inputs}]`);
  }
  if (bias && bias.data.length !== outputs && bias.data.length !== elements([...own, outputs!])) {
    throw misfit(name, `a bias of ${bias.data.length} elements`, `${outputs}`);
  }
  return [...own, outputs!];
}

/** Padding before each spatial axis, and extents of the result. */
export function convGeometry(node: NirConv, name: string, input: readonly number[]) {
  const size = node.weight.shape.slice(2);
  const reach = size.map((extent, k) => (extent - 1) * node.dilation[k]! + 1);
  const before = size.map((_, k) => {
    if (node.padding === "valid") return 0;
    if (node.padding !== "same") return node.padding[k]!;
    if (node.stride[k] !== 1) throw misfit(name, `padding "same" with stride ${node.stride[k]}`, "stride 1");
    return Math.floor((reach[k]! - 1) / 2);
  });
  const spatial = input.slice(1).map((extent, k) => {
    if (node.padding === "same") return extent;
    return Math.floor((extent + 2 * before[k]! - reach[k]!) / node.stride[k]!) + 1;
  });
  return { size, before, spatial };
}

function convShape(node: NirConv, name: string, input: readonly number[]): number[] {
  const rank = node.type === "Conv1d" ? 3 : 4;
  const { shape } = node.weight;
  if (shape.length !== rank || input.length !== rank - 1) throw misfit(name, `[${input}]`, `${rank - 1} axes`);
  if (input[0] !== shape[1]! * node.groups || shape[0]! % node.groups !== 0) {
    throw misfit(name, `${input[0]} channels`, `${shape[1]! * node.groups}`);
  }
  if (node.bias.data.length !== shape[0])
    throw misfit(name, `a bias of ${node.bias.data.length} elements`, `${shape[0]}`);
  const { spatial } = convGeometry(node, name, input);
  if (spatial.some((extent) => extent < 1)) throw misfit(name, `[${input}]`, "an input as large as the kernel");
  return [shape[0]!, ...spatial];
}

function poolShape(node: NirPool, name: string, input: readonly number[]): number[] {
  if (input.length !== 3) throw misfit(name, `[${input}]`, "3 axes");
  const spatial = [1, 2].map((axis) => {
    const k = axis - 1;
    return Math.floor((input[axis]! + 2 * node.padding[k]! - node.kernelSize[k]!) / node.stride[k]!) + 1;
  });
  if (spatial.some((extent) => extent < 1)) throw misfit(name, `[${input}]`, "an input as large as the window");
  return [input[0]!, ...spatial];
}

function flattenShape(startDim: number, endDim: number, name: string, input: readonly number[]): number[] {
  const at = (dim: number) => (dim < 0 ? dim + input.length : dim);
  const [start, end] = [at(startDim), at(endDim)];
  if (start < 0 || end >= input.length || start > end)
    throw misfit(name, `axes ${startDim} to ${endDim} of [${input}]`, "axes");
  return [...input.slice(0, start), elements(input.slice(start, end + 1)), ...input.slice(end + 1)];
}
