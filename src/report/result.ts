import type { Shape3 } from "../quantize/graph.js";
import type { LedgerLine } from "../quantize/ledger.js";
import type { Schedule } from "../snn/graph.js";
import type { CellUse } from "../toolchain/flow/place-report.js";

/** What `report` gives; plain data, the JSON document of the verb. Units stand in the keys. */
export type ReportResult = NetworkReport | BuildReport;

/** A network file, mapped to one core. */
export interface NetworkReport {
  readonly kind: "network";
  readonly file: string;
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string;
  readonly name: string;
  readonly source: { readonly format: string; readonly producer?: string; readonly file?: string };
  readonly schedule: Schedule;
  /** Most time-steps of a sample under the schedule. */
  readonly steps: number;
  readonly input: { readonly shape: Shape3; readonly bits: number };
  readonly neuronsTotal: number;
  readonly weightsTotal: number;
  /** Share of weights that are 0. */
  readonly zeroWeightsPercent: number;
  readonly layers: readonly LayerSummary[];
  readonly core: CoreSummary;
  readonly worstCase: WorstCaseSummary;
  /** What running samples on engine `cycle` gave; null without data. */
  readonly measured: MeasuredSummary | null;
  readonly ledger: readonly LedgerLine[];
  /** Files that were written. */
  readonly files: readonly string[];
}

/** One layer of the integer network. Errors are those of the conversion, null where the file has none. */
export interface LayerSummary {
  readonly name: string;
  readonly kind: "neurons" | "readout" | "max pool" | "sum pool";
  readonly shape: Shape3;
  /** 0 for pools, which compute values without a membrane of their own. */
  readonly neurons: number;
  readonly weights: number;
  /** Widest of its terms; 0 for pools. */
  readonly weightBits: number;
  /** Bits of the largest threshold; 0 where nothing fires by itself. */
  readonly thresholdBits: number;
  /** 0 for pools. */
  readonly membraneBits: number;
  /** Difference to the source model over the calibration samples, real units. */
  readonly maxError: number | null;
  readonly meanError: number | null;
  /** Activations at the largest level; null for readout and pools, like the next. */
  readonly saturatedPercent: number | null;
  /** Neurons that were 0 in every calibration sample. */
  readonly deadPercent: number | null;
}

/** The core that the network was mapped to, and what the network takes of it. */
export interface CoreSummary {
  readonly name: string;
  readonly lanes: number;
  readonly weightBits: number;
  /** False: a core made to measure for simulation, which no board has. */
  readonly isReal: boolean;
  readonly memories: readonly MemoryUse[];
}

/** One memory of the core, in its own words. */
interface MemoryUse {
  readonly memory: string;
  readonly used: number;
  readonly available: number;
  /** What takes most of it. */
  readonly largest: { readonly item: string; readonly words: number } | null;
}

/** Proven from the program alone: no sample takes longer. */
export interface WorstCaseSummary {
  readonly cycles: number;
  /** In order of the program; layers that are computed with another one are not among them. */
  readonly layers: readonly { readonly layer: string; readonly cycles: number }[];
  /** What belongs to no layer: instructions between passes. */
  readonly controlCycles: number;
  readonly latencies: readonly WorstCaseLatency[];
}

/** Boards that clock the core alike. */
export interface CoreClock {
  readonly boards: readonly string[];
  readonly coreHz: number;
}

interface WorstCaseLatency extends CoreClock {
  readonly latencyUs: number;
}

interface MeasuredLatency extends CoreClock {
  readonly meanUs: number;
  readonly maxUs: number;
}

export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/** Counts of engine `cycle` over samples; cycles as the board takes them. */
export interface MeasuredSummary {
  readonly engine: "cycle";
  readonly samples: number;
  /** Null without labels. */
  readonly accuracy: number | null;
  readonly cyclesPerSample: Spread;
  readonly spikesPerSample: Spread;
  readonly synapticOperationsPerSample: Spread;
  readonly synapticOperationsPerCycle: number;
  readonly latencies: readonly MeasuredLatency[];
  readonly cyclesHistogram: readonly Bin[];
  /** Layers that fire. */
  readonly activity: readonly LayerActivity[];
}

/** Samples whose value lies in `from <= value < to`. */
export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly samples: number;
}

export interface LayerActivity {
  readonly layer: string;
  /** Neurons, or outputs of a pool. */
  readonly values: number;
  /** Mean share of computed values that end a sample with a spike count other than 0. */
  readonly activePercent: number;
  /** Mean share of values that the core computed at all; a pool after a layer may never look at some. */
  readonly computedPercent: number;
  /** Mean sum of the magnitudes of all spike counts. */
  readonly countPerSample: number;
}

/** A build folder. */
export interface BuildReport {
  readonly kind: "build";
  readonly folder: string;
  /** Core configuration. */
  readonly name: string;
  readonly board: string;
  readonly device: string;
  /** Digest of the plan: sources, constraints, options. */
  readonly digest: string;
  readonly toolchain: Readonly<Record<string, { readonly kind: string; readonly version: string }>>;
  /** The seed of the bitstream. */
  readonly seed: number;
  readonly tried: readonly TriedSeed[];
  readonly resources: Readonly<Record<string, CellUse>>;
  readonly fmaxHz: number;
  readonly targetHz: number;
  /** `fmaxHz` above `targetHz`; negative when timing is missed. */
  readonly marginPercent: number;
  /** Wall time of the build. */
  readonly seconds: number;
  readonly bitstream: BitstreamSummary;
  readonly files: readonly string[];
}

interface TriedSeed {
  readonly seed: number;
  /** The lower of the two below; null when place and route had no result. */
  readonly fmaxHz: number | null;
  readonly nextpnrHz: number | null;
  readonly icetimeHz: number | null;
}

export interface BitstreamSummary {
  readonly file: string;
  /** SHA-256 that the build wrote down, hexadecimal. */
  readonly digest: string;
  /** Null when the file is missing. */
  readonly bytes: number | null;
  /** `changed`: the file is not the one that was built. */
  readonly state: "intact" | "changed" | "missing";
}
