import type { NeuronDynamics, PopulationDynamics } from "../../arch/dynamics/neuron.js";
import type { PostRule, PreRule } from "../../arch/dynamics/plasticity.js";
import { noTrace, type TraceRule } from "../../arch/dynamics/trace.js";
import { integers } from "../../quantize/print.js";
import type { DynamicsGraph, DynamicsPopulation, DynamicsProjection, Plasticity, SynapseMatrix } from "./graph.js";

/** Stable text form: one line an input, population and projection; arrays appear as range and checksum. */
export function printDynamicsGraph(graph: DynamicsGraph): string {
  const { name, steps, reset, seed, inputs, populations, projections, readout } = graph;
  const lines = [
    `dynamics "${name}" ${steps} steps, reset ${reset}, seed ${seed}`,
    ...inputs.map((input) => `${input.kind} "${input.name}" [${input.shape.join(", ")}] 0..${input.max}`),
    ...populations.map(printPopulation),
    ...projections.map(printProjection),
    `readout "${readout.population}" ${readout.kind}`,
  ];
  return `${lines.join("\n")}\n`;
}

function printPopulation({ name, shape, neurons, dynamics, values, winnerTakeAll }: DynamicsPopulation): string {
  const roles = [
    ...(values ? [`values 0..${values.max}`] : []),
    ...(winnerTakeAll ? [`winner-take-all -${winnerTakeAll.inhibition} block ${winnerTakeAll.block}`] : []),
  ];
  return [`population "${name}" [${shape.join(", ")}]`, ...roles, printNeurons(neurons), printDynamics(dynamics)].join(
    ", ",
  );
}

function printNeurons(neurons: readonly NeuronDynamics[]): string {
  const fields = ["vThreshold", "bias", "vReset", "leak", "refractory"] as const;
  const text = (field: (typeof fields)[number]): string => {
    const values = Int32Array.from(neurons, (neuron) => neuron[field]);
    return `${field} ${values.every((value) => value === values[0]) ? values[0] : integers(values)}`;
  };
  return fields.map(text).join(", ");
}

function printDynamics(dynamics: PopulationDynamics): string {
  const { currentLoss, currentRounding, leakRounding, reset, delayedReset, gate, noise, adaptation } = dynamics;
  const { increment, decay, scale } = adaptation;
  return [
    `rounding ${leakRounding}`,
    ...(currentLoss === 4096 ? [] : [`current loss ${currentLoss} ${currentRounding}`]),
    `reset ${reset}${delayedReset ? " delayed" : ""}`,
    `gate ${gate}`,
    ...(noise ? ["noise"] : []),
    ...(increment === 0 ? [] : [`adaptation +${increment} decay ${decay} scale ${scale}`]),
    ...printTrace("x", dynamics.preTrace),
    ...printTrace("y", dynamics.postTrace),
  ].join(", ");
}

function printTrace(name: string, { decay, shift, increment, sets }: TraceRule): string[] {
  if (increment === noTrace.increment) return [];
  return [`trace ${name} ${sets ? "=" : "+"}${increment} ${decay}${decay === "exponential" ? ` ${shift}` : ""}`];
}

function printProjection({ name, source, target, delay, delays, synapses, plasticity }: DynamicsProjection): string {
  const rule = plasticity ? [printPlasticity(plasticity)] : [];
  const ends = `projection "${name}" "${source}" to "${target}"`;
  const more = delays ? ` and by ${delays.of} ${integers(Int32Array.from(delays.steps))}` : "";
  return [`${ends} delay ${delay}${more}`, printSynapses(synapses), ...rule].join(", ");
}

function printSynapses(synapses: SynapseMatrix): string {
  const weights = `weights ${integers(Int32Array.from(synapses.weights))}`;
  if (synapses.kind === "convolution") {
    const { kernel, stride, padding } = synapses;
    return `window ${kernel.join("x")}, stride ${stride.join("x")}, padding ${padding.join("x")}, ${weights}`;
  }
  if (synapses.kind !== "sparse") return `${synapses.kind} ${weights}`;
  return `sparse from ${integers(synapses.sources)} to ${integers(synapses.targets)} ${weights}`;
}

function printPlasticity({ rule, eligibility, enabled }: Plasticity): string {
  const { pre, post, min, max } = rule;
  const texts = [`plastic ${min}..${max}`, `pre ${printRule(pre)}`, `post ${printRule(post)}`];
  if (enabled) texts.push(`enabled ${integers(Int32Array.from(enabled))}`);
  if (eligibility) {
    const { shift, decay } = eligibility;
    texts.push(`eligibility ${eligibility.min}..${eligibility.max} shift ${shift} decay ${decay}`);
  }
  return texts.join(", ");
}

function printRule(rule: PreRule | PostRule): string {
  switch (rule.kind) {
    case "none":
      return "none";
    case "rectangular":
      return `rectangular ${rule.amount}${"offset" in rule ? ` offset ${rule.offset}` : ""}`;
    case "trace": {
      const stochastic = rule.stochastic ? " stochastic" : "";
      return `trace ${rule.shift}${"offset" in rule ? ` offset ${rule.offset}` : ""}${stochastic}`;
    }
    case "spike-driven":
      return `spike-driven ${rule.amount} at ${rule.vTheta}, up ${rule.up.join("..")}, down ${rule.down.join("..")}`;
  }
}
