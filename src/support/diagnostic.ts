/** Where in the user's input a diagnostic points. */
export interface Place {
  /** Path as the user gave it. */
  readonly file?: string;
  /** Layer, node, board field, option or signal. */
  readonly item?: string;
}

/**
 * One finding about the user's input, a tool or a device.
 *
 * `code` is kebab-case and stable: tests and callers match on it, never on the text. `message` is one line in
 * sentence case without final period: what could not be done, a colon, what was found, what was wanted.
 */
export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly place?: Place;
  /** What was found, e.g. `dilation 2`. */
  readonly found?: string;
  /** What was wanted, e.g. `dilation 1`. */
  readonly wanted?: string;
  /** What the user can do about it; one imperative sentence. */
  readonly hint?: string;
}

/** Whose turn it is to act; decides the exit code of the command line. */
export type Blame = "input" | "verification" | "tool" | "device";

/** Thrown once per stage with every finding of that stage. A plain `Error` is a bug in spikewright. */
export class SpikewrightError extends Error {
  override readonly name = "SpikewrightError";
  readonly diagnostics: readonly Diagnostic[];
  readonly blame: Blame;

  constructor(diagnostics: readonly Diagnostic[], blame: Blame = "input", options?: ErrorOptions) {
    super(diagnostics.map((d) => d.message).join("\n"), options);
    this.diagnostics = diagnostics;
    this.blame = blame;
  }
}

/** A `SpikewrightError` with one finding of severity `error`. */
export function failure(finding: Omit<Diagnostic, "severity">, blame: Blame = "input"): SpikewrightError {
  return new SpikewrightError([{ severity: "error", ...finding }], blame);
}
