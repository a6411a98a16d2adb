import type { Diagnostic } from "../support/diagnostic.js";
import type { ProgressListener } from "../support/progress.js";

/** What every verb may use besides its own options. All optional: a library call needs none. */
export interface VerbContext {
  readonly progress?: ProgressListener;
  /** Receives warnings; without it they are dropped. */
  readonly warn?: (finding: Diagnostic) => void;
  /** Receives remarks: what was chosen and why. */
  readonly note?: (text: string) => void;
  /** Stops long work between samples and kills external tools. */
  readonly signal?: AbortSignal;
}
