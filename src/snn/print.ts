import { integers } from "../quantize/print.js";
import type { Population, Projection, SnnGraph } from "./graph.js";

/** Stable text form of a spiking network: one line a population and projection; arrays appear as range and checksum. */
export function printSnnGraph(graph: SnnGraph): string {
  const { input } = graph;
  const lines = [
    `spiking network "${graph.name}"`,
    `input "${input.name}" [${input.shape.join(", ")}] counts 0..${input.max}`,
    ...graph.populations.map(printPopulation),
    ...graph.projections.map(printProjection),
    `readout "${graph.readout.population}" ${graph.readout.kind}`,
  ];
  return `${lines.join("\n")}\n`;
}

function printPopulation(p: Population): string {
  const tracer = `tracer ${p.tracerMin}..${p.tracerMax}`;
  const head = `"${p.name}" [${p.shape.join(", ")}]`;
  if (p.kind === "pool") {
    return `pool ${head} ${p.op} of ${p.window.join("x")} from "${p.source}", stride ${p.stride.join("x")}, padding ${p.padding.join("x")}, ${tracer}`;
  }
  const threshold = p.preset === "li" ? "" : `, ${tracer}, vThreshold ${integers(p.vThreshold)}`;
  return `${p.preset} ${head}${threshold}, vInit ${integers(p.vInit)}, membrane ${p.membraneBits} bits`;
}

function printProjection(p: Projection): string {
  return `projection "${p.source}" to "${p.target}" window ${p.kernel.join("x")}, stride ${p.stride.join("x")}, padding ${p.padding.join("x")}, groups ${p.groups}, weights ${integers(p.weights)}, ${p.weightBits} bits`;
}
