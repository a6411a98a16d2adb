import type { CoreConfig } from "../arch/core-config.js";
import { timing } from "../arch/timing.js";

/**
 * Everything that is loaded into a core to make it run one network, and what a host must know to use it.
 *
 * Plain data. Memories are filled from address 0. Control flow starts at word 0; every sample runs from its `input`
 * instruction to `done`.
 */
export interface Program {
  readonly name: string;
  readonly needs: CoreNeeds;
  /** Instructions and step tables. */
  readonly words: Uint32Array;
  /** Threshold of each parameter word, lsb; with dynamics the high half of the word (`dynamics/words.ts`). */
  readonly thresholds: Uint32Array;
  /** Initial membrane of each parameter word, lsb; with dynamics the low half. As many as `thresholds`. */
  readonly initials: Int32Array;
  /** Rows of `needs.lanes` weights, lane fastest. */
  readonly weights: Int8Array;
  readonly input: ProgramInput;
  readonly readout: ProgramReadout;
  /** Populations whose activity can be told from the passes, in topological order. */
  readonly populations: readonly ProgramPopulation[];
  /** One for each `pass` instruction that serves a population, in address order. */
  readonly passes: readonly PassNote[];
  /** Clock cycles that no sample exceeds. */
  readonly worstCaseCycles: number;
}

/**
 * What a core must offer. `lanes` and `dynamics` must be equal, with `scatter` also `weightBits`; everything else is a minimum:
 * words used and bits needed.
 * `config` names the configuration that the program was made for.
 */
export interface CoreNeeds extends Omit<CoreConfig, "name" | "technology" | "linkDepth"> {
  readonly config: string;
}

/** `[height, width, channels]`. */
export type ProgramShape = readonly [height: number, width: number, channels: number];

/** Values that the host sends for each sample: levels `0..max`, channels last. */
export interface ProgramInput {
  readonly name: string;
  readonly shape: ProgramShape;
  readonly max: number;
  /** Bits of one value on the link: 1, 2, 4 or 8. */
  readonly bits: number;
  /**
   * Parts in which a sample is taken, each by an `input` of its own, in this order. Absent: all at once, and a sample that is
   * run again gives the same result.
   */
  readonly parts?: readonly InputPart[];
}

/** So many `input` instructions for so many values each. */
export interface InputPart {
  readonly values: number;
  readonly times: number;
}

/** Where the result lies: state words `state .. state + neurons - 1` hold the membranes of the readout after `done`. */
export interface ProgramReadout {
  readonly population: string;
  readonly shape: ProgramShape;
  readonly state: number;
}

export interface ProgramPopulation {
  readonly name: string;
  readonly shape: ProgramShape;
  /** A pool has no neurons of its own: its tracers are the sums of what it emitted. */
  readonly kind: "spiking" | "pool";
}

/** What a `pass` instruction means, so that a monitor of any engine can name the neurons it sees. */
export interface PassNote {
  /** Address of the `pass` instruction. */
  readonly address: number;
  /** Population that the visited neurons belong to; absent when they are the members of a pool's windows. */
  readonly neurons?: string;
  /** Row of visited target positions that the pass begins with (in pooled positions when merging). */
  readonly firstRow: number;
  /** Group of lanes that the pass begins with. */
  readonly firstGroup: number;
  /** Population that the emitted candidates belong to, and the index in it of the first. */
  readonly candidates?: { readonly population: string; readonly first: number };
  /** Order in which neurons are visited, see `pass/visit-order.ts`. */
  readonly visit: VisitOrder;
  /** What happens in network time, e.g. `graded`, `integrate`, `plane 3`, `step`. */
  readonly meaning: string;
}

/** Loop bounds of a pass, as its registers `grid`, `window` and `lanes` say. */
export interface VisitOrder {
  readonly columns: number;
  readonly rows: number;
  readonly windowColumns: number;
  readonly windowRows: number;
  readonly groups: number;
  /** Lanes used in a visit. */
  readonly lanes: number;
  /** Lanes used in the visits of the last group. */
  readonly lastLanes: number;
  /** Lanes that hold one position; more lanes are the next positions in x. */
  readonly positionLanes: number;
  /** Every position is a step of the same neurons. */
  readonly rewind?: boolean;
}

/** Value for the `watchdog` register: the longest that a sample can take, or 0 (never) when the register cannot hold it. */
export function watchdogCycles({ worstCaseCycles }: Program): number {
  return worstCaseCycles < 2 ** timing.cycleBits ? worstCaseCycles : 0;
}

/** Bits a value takes on the link, so that values never straddle bytes. */
export function inputBits(max: number): number {
  return max <= 1 ? 1 : max <= 3 ? 2 : max <= 15 ? 4 : 8;
}

/** Neurons of a shape. */
export function shapeSize(shape: ProgramShape): number {
  return shape[0] * shape[1] * shape[2];
}
