import type { PopulationDynamics } from "../../../arch/dynamics/neuron.js";
import type { TraceRule } from "../../../arch/dynamics/trace.js";
import { type DynamicsPopulation, neuronCount } from "../graph.js";
import { type Fault, isWithin, type Limits, rangeFaults } from "./fault.js";

const neuronLimits = {
  vThreshold: [0, 65535],
  bias: [-32768, 32767],
  vReset: [-32768, 32767],
  leak: [0, 4095],
  refractory: [0, 15],
} as const satisfies Record<string, Limits>;

/** What is wrong with the neurons of a population; at most one finding for each of their fields. */
export function populationFaults(population: DynamicsPopulation): Fault[] {
  const { name, shape, neurons, dynamics, values, winnerTakeAll } = population;
  const faults: Fault[] = [];
  const size = neuronCount(shape);
  if (neurons.length !== 1 && neurons.length !== size)
    faults.push({
      code: "wrong-shape",
      item: name,
      text: `has ${neurons.length} neurons, wanted 1 for all or ${size}`,
    });
  for (const [field, limits] of Object.entries(neuronLimits)) {
    const bad = neurons.find((neuron) => !isWithin(neuron[field as keyof typeof neuronLimits], limits));
    if (bad) faults.push(...rangeFaults(name, field, bad[field as keyof typeof neuronLimits], limits));
  }
  faults.push(...dynamicsFaults(name, dynamics));
  if (values) faults.push(...rangeFaults(name, "largest value", values.max, [1, 255]));
  if (!winnerTakeAll) return faults;
  faults.push(...rangeFaults(name, "inhibition", winnerTakeAll.inhibition, [0, 65535]));
  faults.push(...rangeFaults(name, "block", winnerTakeAll.block, [0, 15]));
  if (dynamics.noise)
    faults.push({ code: "unreachable-value", item: name, text: "has threshold noise, which winner-take-all ignores" });
  return faults;
}

function dynamicsFaults(name: string, dynamics: PopulationDynamics): Fault[] {
  const { currentLoss, adaptation, preTrace, postTrace, delayedReset, reset } = dynamics;
  const faults = [
    ...rangeFaults(name, "current loss", currentLoss, [0, 4096]),
    ...rangeFaults(name, "adaptation increment", adaptation.increment, [0, 2047]),
    ...rangeFaults(name, "adaptation decay", adaptation.decay, [0, 15]),
    ...rangeFaults(name, "adaptation scale", adaptation.scale, [0, 4]),
    ...traceFaults(name, "x", preTrace),
    ...traceFaults(name, "y", postTrace),
  ];
  if (delayedReset && reset !== "none")
    faults.push({
      code: "value-out-of-range",
      item: name,
      text: `has a delayed reset and reset ${reset}, wanted none`,
    });
  return faults;
}

function traceFaults(name: string, trace: string, { shift, increment, decay }: TraceRule): Fault[] {
  return [
    ...rangeFaults(name, `increment of trace ${trace}`, increment, [0, 255]),
    ...(decay === "exponential" ? rangeFaults(name, `shift of trace ${trace}`, shift, [1, 7]) : []),
  ];
}
