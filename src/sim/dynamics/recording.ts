import type { DynamicsState } from "../../arch/dynamics/neuron.js";
import type { DynamicsSimulator } from "./simulator.js";

/** A spike: the neuron that fired, and the step, counted from when the recording began. */
export interface RecordedSpike {
  readonly step: number;
  readonly source: string;
  readonly neuron: number;
}

/** Records the spikes of populations, and events of inputs, from now on; of all populations if none are named. */
export function recordRaster(simulator: DynamicsSimulator, sources?: readonly string[]): readonly RecordedSpike[] {
  const spikes: RecordedSpike[] = [];
  const watched = sources ?? simulator.graph.populations.map(({ name }) => name);
  for (const source of watched) simulator.spikes(source);
  let step = 0;
  simulator.observe(() => {
    for (const source of watched) for (const neuron of simulator.spikes(source)) spikes.push({ step, source, neuron });
    step++;
  });
  return spikes;
}

/** Records one part of a neuron's state after every step from now on: its potential unless told otherwise. */
export function probe(
  simulator: DynamicsSimulator,
  population: string,
  neuron: number,
  field: keyof DynamicsState = "v",
): readonly number[] {
  const values: number[] = [];
  simulator.neuronState(population, neuron);
  simulator.observe(() => values.push(simulator.state(population)[field][neuron]!));
  return values;
}
