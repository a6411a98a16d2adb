import type { LinearTerm, QuantGraph, QuantLayer } from "./graph.js";

/** Stable text form of a quantised network, one line a layer and input; arrays appear as range and checksum. */
export function printQuantGraph(graph: QuantGraph): string {
  const { input } = graph;
  const lines = [
    `network "${graph.name}"`,
    `input "${input.name}" [${input.shape.join(", ")}] ${input.bits} bits, scale ${number(input.scale)}, zero ${input.zero}, value * ${number(input.inputScale)} + ${number(input.inputOffset)}, ${input.layout}, margin ${input.margin.join(" ")}`,
    ...graph.layers.flatMap(printLayer),
  ];
  return `${lines.join("\n")}\n`;
}

function printLayer(layer: QuantLayer): string[] {
  const head = `${layer.kind} "${layer.name}" [${layer.shape.join(", ")}]`;
  if (layer.kind === "pool") {
    return [
      `${head} ${layer.op} of ${layer.window.join("x")} from "${layer.from}", stride ${layer.stride.join("x")}, padding ${layer.padding.join("x")}, range ${layer.range.join("..")}`,
    ];
  }
  const { activation } = layer;
  const rule =
    activation.kind === "none"
      ? `readout, scale ${number(activation.scale)}`
      : `levels ${activation.min}..${activation.max}, scale ${number(activation.scale)}, theta ${integers(activation.theta)}`;
  return [
    `${head} ${rule}, v0 ${integers(layer.v0)}, membrane ${layer.membraneBits} bits`,
    ...layer.terms.map(printTerm),
  ];
}

function printTerm(term: LinearTerm): string {
  return `  from "${term.from}" window ${term.kernel.join("x")}, stride ${term.stride.join("x")}, padding ${term.padding.join("x")}, groups ${term.groups}, weights ${integers(term.weights)}, ${term.weightBits} bits`;
}

function number(x: number): string {
  return String(Number(x.toPrecision(7)));
}

/** `count x min..max #checksum`. */
export function integers(values: Int32Array): string {
  let min = values[0] ?? 0;
  let max = min;
  let hash = 0x811c9dc5;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((value >> shift) & 0xff), 0x01000193);
  }
  return `${values.length} x ${min}..${max} #${(hash >>> 0).toString(16).padStart(8, "0")}`;
}
