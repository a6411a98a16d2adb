import type { Diagnostic } from "../support/diagnostic.js";
import type { Progress } from "../support/progress.js";

/** How the command line talks: chosen once from the global options and the environment. */
export interface TerminalOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/**
 * The only writer to stdout and stderr.
 *
 * Results go to stdout; with `--json` that is exactly one JSON document and everything else goes to stderr. Progress is
 * a bar with rate and time left on a terminal, and plain lines (one a stage) otherwise.
 */
export class Terminal {
  readonly options: TerminalOptions;
  readonly #bar: boolean;
  #stage = "";
  #stageStarted = 0;
  #barShown = false;
  #lastDrawn = 0;

  constructor(options: TerminalOptions) {
    this.options = options;
    this.#bar = process.stderr.isTTY === true && !options.quiet;
  }

  /** A line of the human-readable result; nothing under `--json`. */
  line(text = ""): void {
    if (this.options.json) return;
    this.#clearBar();
    process.stdout.write(`${text}\n`);
  }

  /** The machine-readable result; nothing without `--json`. */
  json(value: unknown): void {
    if (this.options.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** A remark beside the result: what was chosen, what was skipped. */
  note(text: string): void {
    if (this.options.quiet) return;
    this.#clearBar();
    process.stderr.write(`${this.#paint("2", text)}\n`);
  }

  /** Only with `-v`. */
  detail(text: string): void {
    if (this.options.verbose) this.note(text);
  }

  diagnostic(d: Diagnostic): void {
    this.#clearBar();
    const label = d.severity === "error" ? this.#paint("1;31", "error") : this.#paint("1;33", "warning");
    if (d.severity === "warning" && this.options.quiet) return;
    process.stderr.write(`${label}: ${lowerFirst(d.message)}\n`);
    if (d.hint) process.stderr.write(`${this.#paint("36", "hint")}: ${d.hint}\n`);
  }

  /** Shows where long work stands. */
  readonly progress = (progress: Progress): void => {
    if (this.options.quiet) return;
    const now = Date.now();
    if (progress.stage !== this.#stage) {
      this.#clearBar();
      this.#stage = progress.stage;
      this.#stageStarted = now;
      this.#lastDrawn = 0;
      if (!this.#bar) process.stderr.write(`${progress.stage} ...\n`);
    }
    if (!this.#bar || (now - this.#lastDrawn < 100 && progress.done !== progress.total)) return;
    this.#lastDrawn = now;
    process.stderr.write(`\r\x1b[2K${barText(progress, (now - this.#stageStarted) / 1000)}`);
    this.#barShown = true;
  };

  #clearBar(): void {
    if (!this.#barShown) return;
    process.stderr.write("\r\x1b[2K");
    this.#barShown = false;
  }

  #paint(code: string, text: string): string {
    return this.options.color ? `\x1b[${code}m${text}\x1b[0m` : text;
  }
}

/** One line: stage, bar, count, rate, time left. */
export function barText(progress: Progress, seconds: number): string {
  const { stage, done, total, unit } = progress;
  const rate = seconds > 0.2 && done > 0 ? done / seconds : 0;
  const rateText = rate > 0 && unit ? `  ${shortNumber(rate)} ${unit}/s` : "";
  if (total === undefined || total <= 0) return `${stage}  ${shortNumber(done)}${unit ? ` ${unit}` : ""}${rateText}`;
  const share = Math.min(1, done / total);
  const filled = Math.round(share * 24);
  const left = rate > 0 ? `  ${Math.ceil((total - done) / rate)} s left` : "";
  return `${stage}  [${"#".repeat(filled)}${".".repeat(24 - filled)}] ${Math.floor(share * 100)} %${rateText}${left}`;
}

function shortNumber(x: number): string {
  return x >= 1000 || Number.isInteger(x) ? Math.round(x).toLocaleString("en-US") : x.toPrecision(3);
}

/** Messages are sentences; after `error:` they go on in lower case, but names, acronyms and quotes stay. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}
