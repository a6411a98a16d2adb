import type { PopulationTrace, RunOptions, SampleResult, SynchronousDevice } from "../../arch/device.js";
import type { Schedule, SnnGraph } from "../../snn/graph.js";
import { planSchedule } from "../../snn/schedule.js";
import { openReference, type ReferenceSimulator } from "../reference.js";

/** What the reference simulator runs: a network under a schedule. */
export interface ScheduledNetwork {
  readonly graph: SnnGraph;
  readonly schedule: Schedule;
}

/** The time-stepped reference simulator as a device. It counts spikes and synaptic operations, not cycles. */
export class ReferenceDevice implements SynchronousDevice<ScheduledNetwork> {
  readonly engine = "snn";
  #network: ScheduledNetwork | undefined;
  #simulator: ReferenceSimulator | undefined;

  async load(network: ScheduledNetwork): Promise<void> {
    this.#network = network;
    this.#simulator = openReference(network.graph, planSchedule(network.graph, network.schedule));
  }

  async run(levels: Uint8Array, options?: RunOptions): Promise<SampleResult> {
    return this.runNow(levels, options);
  }

  runNow(levels: Uint8Array, options: RunOptions = {}): SampleResult {
    if (!this.#simulator || !this.#network) throw new Error("run before load");
    const { decision, spikes, synapticOperations } = this.#simulator.run(levels);
    const counted = { decision, spikes, operations: synapticOperations };
    if (!options.watch) return counted;
    const populations = new Map<string, PopulationTrace>();
    for (const { name, kind } of this.#network.graph.populations) {
      const { tracers, membranes } = this.#simulator.populations.get(name)!;
      populations.set(name, {
        tracers: tracers.slice(),
        potentials: kind === "pool" ? new Int32Array(0) : membranes.slice(),
      });
    }
    const readout = populations.get(this.#network.graph.readout.population)!;
    return { ...counted, potentials: readout.potentials, populations };
  }

  async close(): Promise<void> {}
}
