import type { RasterPopulation, RasterSpike } from "../../report/raster.js";
import { openReference } from "../../sim/reference.js";
import type { Schedule, SnnGraph } from "../../snn/graph.js";
import { planSchedule } from "../../snn/schedule.js";

/** When each neuron of one sample fires, from the time-stepped reference. */
export interface StepSpikes {
  readonly steps: number;
  /** Populations that can fire. */
  readonly populations: readonly RasterPopulation[];
  readonly spikes: readonly RasterSpike[];
  /** Pipelined: the decision after each step. Otherwise empty. */
  readonly decisions: readonly number[];
}

export function stepSpikes(graph: SnnGraph, schedule: Schedule, levels: Uint8Array): StepSpikes {
  const firing = graph.populations.filter((p) => p.kind === "pool" || p.preset === "st-bif");
  const spikes: RasterSpike[] = [];
  const simulator = openReference(graph, planSchedule(graph, schedule), {
    onStep: (step) => {
      firing.forEach(({ name }, population) => {
        const { addresses, payloads, count } = simulator.populations.get(name)!.events;
        for (let i = 0; i < count; i++) {
          spikes.push({ step, population, neuron: addresses[i]!, count: payloads[i]! });
        }
      });
    },
  });
  const { steps, decisions } = simulator.run(levels);
  const populations = firing.map(({ name, shape: [h, w, c] }) => ({ name, neurons: h * w * c }));
  return { steps, populations, spikes, decisions };
}
