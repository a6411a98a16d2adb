import type { FoldedNeurons } from "../fold/folded.js";
import type { LevelStore } from "./store.js";

/** How one layer is rounded. */
export interface LayerRounding {
  readonly weightBits: number;
  readonly activationBits: number;
  /** Round weights one after the other on what the layer sees, instead of each to the nearest. */
  readonly compensate: boolean;
  readonly seed: number;
}

/** A layer on its way to integers. */
export interface Draft {
  readonly layer: FoldedNeurons;
  /** Levels of the layers it reads, by name, for all calibration samples. */
  readonly sources: ReadonlyMap<string, LevelStore>;
  /** Real charges of the source model, `[samples, neurons]`. */
  readonly charges: Float32Array;
  readonly samples: number;
  /** Real value of one level of the result; 1 for the readout. */
  readonly unit: number;
  /** Per channel, lsb of the membrane in one level: the threshold; for the readout lsb in one real unit, the same for all. */
  readonly grid: Float64Array;
  /** Integer weights of each term. */
  readonly weights: readonly Int32Array[];
}
