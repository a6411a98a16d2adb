import type { ValueRange } from "../bounds.js";
import type { Shape3 } from "../graph.js";

/** Integer values of one layer or of the input for all calibration samples. */
export interface LevelStore {
  readonly shape: Shape3;
  /** `[samples, height, width, channels]`. */
  readonly data: Uint8Array | Int32Array;
  readonly range: ValueRange;
  /** Real value of one level. */
  readonly scale: number;
  /** Level that stands for 0. */
  readonly zero: number;
}

/** Room for `count` samples of values in `range`. */
export function levelArray(range: ValueRange, numbers: number): Uint8Array | Int32Array {
  return range[0] >= 0 && range[1] <= 255 ? new Uint8Array(numbers) : new Int32Array(numbers);
}
