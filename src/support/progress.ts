/** Where long work stands. `total` is absent while it is unknown. */
export interface Progress {
  /** What is being done, e.g. `place and route`. */
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
  /** Unit of `done`, e.g. `samples`. */
  readonly unit?: string;
}

/** Receives progress; called often, must be cheap. */
export type ProgressListener = (progress: Progress) => void;
