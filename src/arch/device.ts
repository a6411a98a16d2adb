/**
 * One interface for everything that runs a network: the golden evaluation, the simulators, the simulated netlist and a
 * board. What is loaded differs (`Model`: an integer network or a program); what comes back does not.
 */
export interface Device<Model> {
  readonly engine: Engine;
  /** Makes the device ready to run `model`; replaces what was loaded before. */
  load(model: Model): Promise<void>;
  /**
   * Runs one sample.
   *
   * @param levels Quantised input, channels last, one byte a value.
   */
  run(levels: Uint8Array, options?: RunOptions): Promise<SampleResult>;
  close(): Promise<void>;
}

/** A device that answers at once: for bulk evaluation in process. */
export interface SynchronousDevice<Model> extends Device<Model> {
  /** As `run`; the arrays of the result are the caller's. */
  runNow(levels: Uint8Array, options?: RunOptions): SampleResult;
}

/** Who ran it. All give equal spike counts, potentials and decisions; the last four also equal cycles. */
export type Engine = "quantized" | "snn" | "cycle" | "rtl" | "netlist" | "board";

export interface RunOptions {
  /** Collect `populations`; slower, and left out by devices that cannot see inside. Default false. */
  readonly watch?: boolean;
}

export interface SampleResult {
  /** Index of the largest potential of the readout; ties go to the lowest. */
  readonly decision: number;
  /** Clock cycles from the last input value to `done`. */
  readonly cycles?: number;
  /** Weights added. */
  readonly operations?: number;
  /** List entries written. */
  readonly spikes?: number;
  /** Clock cycles in which a pass ran and no list entry was read. */
  readonly stalls?: number;
  /** Membrane potential of each readout neuron, lsb. */
  readonly potentials?: Int32Array;
  /** With `watch`: final state by population. */
  readonly populations?: ReadonlyMap<string, PopulationTrace>;
}

/** Final state of a population, neuron by neuron: `(y * width + x) * channels + channel`. */
export interface PopulationTrace {
  /** Sum of the spikes of each neuron. */
  readonly tracers: Int32Array;
  /** Membrane potential, lsb; empty for pools, which have none. */
  readonly potentials: Int32Array;
  /**
   * 1 where the neuron was computed. Absent: all were. A core leaves out neurons that a pool after them never looks at.
   */
  readonly computed?: Uint8Array;
}
