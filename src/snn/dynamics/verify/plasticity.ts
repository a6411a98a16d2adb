import type { PostRule, PreRule } from "../../../arch/dynamics/plasticity.js";
import { type DynamicsProjection, neuronCount, type Plasticity } from "../graph.js";
import { type Fault, type Known, rangeFaults } from "./fault.js";

/** Everything that is wrong with the plasticity of a projection. */
export function plasticityFaults(
  { name, synapses }: DynamicsProjection,
  { rule, eligibility, enabled }: Plasticity,
  source: Known,
): Fault[] {
  const faults: Fault[] = [
    ...boundsFaults(name, "weights", rule.min, rule.max),
    ...preFaults(name, rule.pre),
    ...postFaults(name, rule.post),
  ];
  if (synapses.kind === "convolution")
    faults.push({
      code: "wrong-shape",
      item: name,
      text: "is plastic, but a window; wanted synapses with weights of their own",
    });
  if (synapses.kind === "one-to-one" && synapses.weights.length !== neuronCount(source.shape))
    faults.push({
      code: "wrong-shape",
      item: name,
      text: "is plastic, but its synapses share a weight; wanted one for each",
    });
  if (enabled && enabled.length !== synapses.weights.length)
    faults.push({
      code: "wrong-shape",
      item: name,
      text: `says of ${enabled.length} synapses whether they learn, wanted ${synapses.weights.length}`,
    });
  if (enabled?.some((value) => value > 1))
    faults.push({
      code: "value-out-of-range",
      item: name,
      text: "says of a synapse neither 0 nor 1: whether it learns",
    });
  if (source.kind !== "population" && rule.post.kind !== "none")
    faults.push({
      code: "plasticity-source",
      item: name,
      text: `learns on postsynaptic spikes, but its source "${source.name}" has no traces; wanted an encoder or neurons`,
    });
  if (source.kind === "current")
    faults.push({ code: "plasticity-source", item: name, text: "is plastic, but its source is no events" });
  if (synapses.weights.some((weight, k) => enabled?.[k] !== 0 && (weight < rule.min || weight > rule.max)))
    faults.push({ code: "value-out-of-range", item: name, text: `has weights outside of ${rule.min}..${rule.max}` });
  if (!eligibility) return faults;
  faults.push(...boundsFaults(name, "eligibilities", eligibility.min, eligibility.max));
  if (eligibility.min > 0 || eligibility.max < 0)
    faults.push({ code: "value-out-of-range", item: name, text: "has bounds of eligibilities that exclude 0" });
  faults.push(...rangeFaults(name, "reward shift", eligibility.shift, [0, 7]));
  faults.push(...rangeFaults(name, "reward decay", eligibility.decay, [0, 7]));
  return faults;
}

function boundsFaults(name: string, what: string, min: number, max: number): Fault[] {
  return [
    ...rangeFaults(name, `least of ${what}`, min, [-128, 127]),
    ...rangeFaults(name, `largest of ${what}`, max, [Math.max(min, -128), 127]),
  ];
}

function preFaults(name: string, rule: PreRule): Fault[] {
  switch (rule.kind) {
    case "none":
      return [];
    case "rectangular":
      return rangeFaults(name, "amount before", rule.amount, [0, 255]);
    case "trace":
      return rangeFaults(name, "shift before", rule.shift, [0, 7]);
    case "spike-driven":
      return [
        ...rangeFaults(name, "amount before", rule.amount, [0, 255]),
        ...rangeFaults(name, "potential", rule.vTheta, [-32768, 32767]),
        ...[rule.up, rule.down].flatMap(([low, high]) => [
          ...rangeFaults(name, "low end of a trace window", low, [0, 255]),
          ...rangeFaults(name, "high end of a trace window", high, [0, 256]),
        ]),
      ];
  }
}

function postFaults(name: string, rule: PostRule): Fault[] {
  if (rule.kind === "none") return [];
  const own =
    rule.kind === "trace"
      ? rangeFaults(name, "shift after", rule.shift, [0, 7])
      : rangeFaults(name, "amount after", rule.amount, [0, 255]);
  return [...own, ...rangeFaults(name, "offset after", rule.offset, [0, 255])];
}
