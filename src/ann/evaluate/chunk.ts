import { elements } from "../../support/tensor.js";
import type { AnnGraph } from "../graph.js";
import { inferShapes } from "../shape.js";
import type { Shape } from "../shapes/extent.js";
import { directions } from "../shapes/recurrent.js";

/** Most samples that go through the network together: more gain nothing. */
const MOST_SAMPLES = 500;

/** Numbers that the values around one node may take: they should stay near the processor. */
const BUDGET = 2 ** 23;

/** Largest count of numbers that the values around one node of a graph take for one sample. */
function numbersPerSample(graph: AnnGraph, shapes: ReadonlyMap<string, Shape>): number {
  let most = 1;
  for (const node of graph.nodes) {
    const values = [...node.inputs, ...node.outputs].map((name) => shapes.get(name) ?? []);
    let numbers = values.reduce((sum, shape) => sum + elements(shape), 0);
    const time = values[0]?.[0] ?? 1;
    if (node.op === "recurrent")
      numbers += directions(node).reduce((sum, cell) => sum + time * cell.kernel.shape[1]!, 0);
    if (node.op === "time-distributed") {
      const frames = new Map(node.body.inputs.map((input, at) => [input.name, values[at]!.slice(1)] as const));
      numbers += time * numbersPerSample(node.body, inferShapes(node.body, frames).shapes);
    }
    most = Math.max(most, numbers);
  }
  return most;
}

/** How many samples to run through a graph together. */
export function chunkSamples(graph: AnnGraph, shapes: ReadonlyMap<string, Shape>): number {
  return Math.min(MOST_SAMPLES, Math.max(1, Math.floor(BUDGET / numbersPerSample(graph, shapes))));
}
