import type { PopulationTrace, RunOptions, SampleResult, SynchronousDevice } from "../../arch/device.js";
import type { DynamicsGraph } from "../../snn/dynamics/graph.js";
import { type DynamicsOptions, type DynamicsSimulator, openDynamics } from "./simulator.js";

/**
 * The reference simulator of networks with dynamics as a device. It counts spikes and synaptic operations, not cycles. What a
 * network with `reset: "never"` remembers and learns goes on from sample to sample; `load` begins anew.
 */
export class DynamicsDevice implements SynchronousDevice<DynamicsGraph> {
  readonly engine = "snn";
  readonly #options: DynamicsOptions;
  #simulator: DynamicsSimulator | undefined;

  constructor(options: DynamicsOptions = {}) {
    this.#options = options;
  }

  /** The simulator with the network in it. */
  get simulator(): DynamicsSimulator {
    if (!this.#simulator) throw new Error("run before load");
    return this.#simulator;
  }

  /** @throws SpikewrightError as `verifyDynamicsGraph`. */
  async load(graph: DynamicsGraph): Promise<void> {
    this.#simulator = openDynamics(graph, this.#options);
  }

  async run(levels: Uint8Array, options?: RunOptions): Promise<SampleResult> {
    return this.runNow(levels, options);
  }

  /** @param levels Values in the order of `sampleLayout`. Traces y stand for spike counts in the populations of the result. */
  runNow(levels: Uint8Array, options: RunOptions = {}): SampleResult {
    const { simulator } = this;
    const before = { ...simulator.counters };
    const decision = simulator.runSample(levels);
    const { spikes, operations } = simulator.counters;
    const { graph } = simulator;
    const counted = {
      decision,
      spikes: spikes - before.spikes,
      operations: operations - before.operations,
      potentials: simulator.state(graph.readout.population).v.slice(),
    };
    if (!options.watch) return counted;
    const populations = new Map<string, PopulationTrace>(
      graph.populations.map(({ name }) => {
        const { v, postTrace } = simulator.state(name);
        return [name, { tracers: postTrace.slice(), potentials: v.slice() }];
      }),
    );
    return { ...counted, populations };
  }

  async close(): Promise<void> {
    this.#simulator = undefined;
  }
}
