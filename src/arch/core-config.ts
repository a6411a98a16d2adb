/**
 * The synthesised shape of a core: what a bitstream fixes and a program must fit into.
 *
 * Every field is a Verilog parameter of `snn_system` under the same name in UpperCamelCase. Depths are powers of two.
 */
export interface CoreConfig {
  /** Stable id, e.g. `up5k-w4`. */
  readonly name: string;
  /** Neurons served in parallel; weights in one row. 2..32. */
  readonly lanes: number;
  /** Bits of a stored weight, two's complement. 2, 4 or 8. */
  readonly weightBits: number;
  /**
   * Bits of a lane's accumulator, two's complement; wraps, so only the final sum of a visit must fit. With dynamics
   * weightBits + log2(listDepth) hold any sum, because every entry counts once.
   */
  readonly accumulatorBits: number;
  /** Bits of a membrane potential, two's complement. */
  readonly membraneBits: number;
  /** Bits of a firing threshold, unsigned. */
  readonly thresholdBits: number;
  /** Stages of the divider: largest number of bits of a graded spike count. 1..8. */
  readonly quotientBits: number;
  /** Bits of a neuron index in a spike-list entry. */
  readonly indexBits: number;
  /** Rows of `lanes` weights. */
  readonly weightDepth: number;
  /** Entries of the spike-list memory. */
  readonly listDepth: number;
  /** Words of the pointer memory (list address per source pixel). */
  readonly pointerDepth: number;
  /** Words of the parameter memory (threshold and initial membrane per channel). */
  readonly parameterDepth: number;
  /** Words of the state memory (membrane and tracer per neuron). */
  readonly stateDepth: number;
  /** Instruction words. */
  readonly programDepth: number;
  /** Bytes of the link's receive buffer; a frame must fit. */
  readonly linkDepth: number;
  /**
   * 1: neurons with leak, synaptic current, adaptation and refractory period (`dynamics/neuron.ts`); words of 64 bits for
   * state and parameters. 0: neurons that divide (`neuron.ts`), for converted networks.
   */
  readonly dynamics: 0 | 1;
  /**
   * 1: instruction `learn` with rules `none` and `rectangular`; 2: with all rules, and `reward` (`dynamics/plasticity.ts`).
   * Wants `dynamics`.
   */
  readonly learning: 0 | 1 | 2;
  /**
   * 1: instruction `scatter`, sparse synapses as lists of targets (`dynamics/scatter.ts`). Wants `dynamics`, no `learning`, and
   * rows of 64 bits.
   */
  readonly scatter: 0 | 1;
  /** Where weights live and what multiplies: `ice40up` SPRAM + MAC16, `ice40hx` block RAM + LUT, `generic` inferred. */
  readonly technology: "ice40up" | "ice40hx" | "generic";
}

/** Bits of a spike payload in a list entry: a count 0..255, or sign and magnitude 0..127. */
export const payloadBits = 8;
/** Bits of a spike tracer in the state memory, unsigned. */
export const tracerBits = 8;

/** 16 lanes of 4-bit weights: 4 SPRAM give one 64-bit row a cycle, 8 MAC16 work as 16 multiply-accumulators. */
export const up5kW4: CoreConfig = {
  name: "up5k-w4",
  lanes: 16,
  weightBits: 4,
  accumulatorBits: 16,
  membraneBits: 24,
  thresholdBits: 16,
  quotientBits: 4,
  indexBits: 12,
  weightDepth: 16384,
  listDepth: 2048,
  pointerDepth: 1024,
  parameterDepth: 512,
  stateDepth: 1024,
  programDepth: 256,
  linkDepth: 512,
  dynamics: 0,
  learning: 0,
  scatter: 0,
  technology: "ice40up",
};

/** 8 lanes of 8-bit weights with 32-bit accumulators (one MAC16 a lane). */
export const up5kW8: CoreConfig = {
  ...up5kW4,
  name: "up5k-w8",
  lanes: 8,
  weightBits: 8,
  accumulatorBits: 32,
  membraneBits: 32,
  thresholdBits: 24,
  quotientBits: 8,
  stateDepth: 512,
  linkDepth: 512,
};

/** HX8K: weights in block RAM, multipliers in LUTs; less capacity, faster clock. */
export const hx8kW4: CoreConfig = {
  ...up5kW4,
  name: "hx8k-w4",
  lanes: 8,
  accumulatorBits: 20,
  weightDepth: 2048,
  listDepth: 1024,
  pointerDepth: 256,
  parameterDepth: 256,
  stateDepth: 256,
  technology: "ice40hx",
};

/** Dynamics, 8 lanes of 8-bit weights: 1,024 neurons, 131,072 dense synapses or 32,768 sparse ones. */
export const up5kLifW8: CoreConfig = {
  ...up5kW4,
  name: "up5k-lif-w8",
  lanes: 8,
  weightBits: 8,
  accumulatorBits: 18,
  membraneBits: 16,
  thresholdBits: 16,
  quotientBits: 1,
  listDepth: 1024,
  pointerDepth: 256,
  parameterDepth: 256,
  stateDepth: 1024,
  dynamics: 1,
  learning: 0,
  scatter: 1,
};

/** Dynamics, 16 lanes of 4-bit weights: 1,024 neurons, 262,144 dense synapses or 32,768 sparse ones. */
export const up5kLifW4: CoreConfig = {
  ...up5kLifW8,
  name: "up5k-lif-w4",
  lanes: 16,
  weightBits: 4,
  accumulatorBits: 14,
};

/** As `up5k-lif-w8`, with pair-based learning: 256 neurons that learn with each other, in 65,536 synapses. */
export const up5kStdpW8: CoreConfig = { ...up5kLifW8, name: "up5k-stdp-w8", learning: 1, scatter: 0 };

/** The same for simulation, with all learning: traces, membranes and rewards. */
export const genericStdpW8: CoreConfig = {
  ...up5kStdpW8,
  name: "generic-stdp-w8",
  learning: 2,
  technology: "generic",
};

/** HX8K with dynamics and pair-based learning: 256 neurons, 8,192 synapses in block RAM. */
export const hx8kLifW8: CoreConfig = {
  ...up5kLifW8,
  name: "hx8k-lif-w8",
  weightDepth: 1024,
  listDepth: 512,
  stateDepth: 256,
  technology: "ice40hx",
  learning: 1,
  scatter: 0,
};

/** As `hx8k-lif-w8` with all learning; 98 % of the logic cells of an HX8K. */
export const hx8kStdpW8: CoreConfig = { ...hx8kLifW8, name: "hx8k-stdp-w8", learning: 2 };

/** The configurations that `build --core` knows. */
export const coreConfigs: readonly CoreConfig[] = [
  up5kW4,
  up5kW8,
  hx8kW4,
  up5kLifW8,
  up5kLifW4,
  up5kStdpW8,
  hx8kLifW8,
  hx8kStdpW8,
  genericStdpW8,
];

/** Names of configurations that no device is made for: to be simulated, not built. */
export const simulatedOnly: readonly string[] = [genericStdpW8.name];
