import type { CoreConfig } from "../../../src/arch/core-config.js";
import type { SampleResult } from "../../../src/arch/device.js";
import { evaluateQuantGraph } from "../../../src/quantize/evaluate.js";
import type { QuantGraph } from "../../../src/quantize/graph.js";

/** Differences between what a device computed with `watch` and the golden evaluation of the same sample. */
export function differences(graph: QuantGraph, levels: Uint8Array, result: SampleResult): string[] {
  const evaluator = evaluateQuantGraph(graph);
  const layers = evaluator.run(levels);
  const found: string[] = [];
  if (result.decision !== evaluator.decide()) found.push(`decision ${result.decision}, golden ${evaluator.decide()}`);
  graph.layers.forEach((layer, i) => {
    const { values, charges } = layers[i]!;
    const trace = result.populations?.get(layer.name);
    if (!trace) {
      found.push(`no trace of ${layer.name}`);
      return;
    }
    const readout = layer.kind === "neurons" && layer.activation.kind === "none";
    for (let n = 0; n < values.length; n++) {
      if (trace.computed && trace.computed[n] === 0) continue;
      const tracer = readout ? 0 : values[n]!;
      if (trace.tracers[n] !== tracer) found.push(`${layer.name}[${n}] tracer ${trace.tracers[n]}, golden ${tracer}`);
      if (layer.kind === "pool") continue;
      const theta = layer.activation.kind === "quantize" ? layer.activation.theta[n % layer.v0.length]! : 0;
      const rest = charges[n]! - theta * (readout ? 0 : values[n]!);
      if (trace.potentials[n] !== rest)
        found.push(`${layer.name}[${n}] potential ${trace.potentials[n]}, golden ${rest}`);
    }
  });
  const readout = layers.at(-1)!.values;
  if (result.potentials?.join() !== [...readout].join()) found.push("readout potentials differ");
  return found;
}

/** A core that holds more than any random network of the tests. */
export const roomyCore: CoreConfig = {
  name: "roomy",
  lanes: 16,
  weightBits: 8,
  accumulatorBits: 32,
  membraneBits: 32,
  thresholdBits: 24,
  quotientBits: 8,
  indexBits: 12,
  weightDepth: 32768,
  listDepth: 8192,
  pointerDepth: 8192,
  parameterDepth: 2048,
  stateDepth: 8192,
  programDepth: 1024,
  linkDepth: 512,
  dynamics: 0,
  learning: 0,
  scatter: 0,
  technology: "generic",
};
