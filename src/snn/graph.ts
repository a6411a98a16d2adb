import type { Shape3 } from "../quantize/graph.js";

/**
 * The integer spiking network: populations of neurons joined by projections.
 *
 * Plain data. The neuron equation stands in `src/arch/neuron.ts`. Which time-steps exist and in which order populations
 * update is a schedule (`schedule.ts`), not part of the graph: converted networks give identical spike counts on all.
 */
export interface SnnGraph {
  readonly name: string;
  readonly input: InputPopulation;
  /** Topological order of the projections. */
  readonly populations: readonly Population[];
  readonly projections: readonly Projection[];
  readonly readout: Readout;
}

/** Neurons whose spike counts the caller sets: each integer is injected once, at the first step. */
export interface InputPopulation {
  readonly name: string;
  readonly shape: Shape3;
  /** Largest count; the least is 0. */
  readonly max: number;
}

/** A group of neurons with one parameter set per channel. Neuron index: `(y * width + x) * channels + channel`. */
export type Population = SpikingPopulation | PoolPopulation;

/** Neurons of one kind; the preset names a combination of fields of the parameterised neuron. */
export interface SpikingPopulation {
  readonly kind: "spiking";
  readonly name: string;
  readonly shape: Shape3;
  /** `st-bif`: fires with a tracer bound. `li`: integrates, never fires, is read out. */
  readonly preset: "st-bif" | "li";
  /** Firing threshold per channel, lsb, >= 1 (empty for `li`). */
  readonly vThreshold: Int32Array;
  /** Initial membrane potential per channel, lsb. */
  readonly vInit: Int32Array;
  /** Bounds of the spike tracer. */
  readonly tracerMin: number;
  readonly tracerMax: number;
  /** Proven width of the membrane, bits, signed. */
  readonly membraneBits: number;
}

/** Combines tracers of a window: `max` emits the move of the window's largest tracer, `sum` the sum of the moves. */
export interface PoolPopulation {
  readonly kind: "pool";
  readonly name: string;
  readonly shape: Shape3;
  readonly source: string;
  readonly op: "max" | "sum";
  readonly window: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [top: number, left: number];
  readonly tracerMin: number;
  readonly tracerMax: number;
}

/** Synapses between two populations, as a (possibly whole-image) cross-correlation window. Same fields as `LinearTerm`. */
export interface Projection {
  readonly source: string;
  readonly target: string;
  readonly kernel: readonly [height: number, width: number];
  readonly stride: readonly [vertical: number, horizontal: number];
  readonly padding: readonly [top: number, left: number];
  readonly groups: number;
  /** `[kernelHeight, kernelWidth, inChannels / groups, outChannels]`, row-major. */
  readonly weights: Int32Array;
  readonly weightBits: number;
}

/** How the decision is made: the channel of `population` with the largest membrane potential; ties go to the lowest. */
export interface Readout {
  readonly population: string;
  readonly kind: "membrane";
}

/** When populations update: see `schedule.ts`. All give the same counts for converted networks. */
export type Schedule = "graded" | "radix" | "unary" | "pipelined";
