import type { Command } from "commander";
import { failure } from "../support/diagnostic.js";
import { Terminal } from "./terminal.js";

interface GlobalOptions {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly seed?: string;
  readonly dryRun?: boolean;
}

/** The terminal that the global options of `command` ask for. */
export function terminalOf(command: Command): Terminal {
  const options = command.optsWithGlobals<GlobalOptions>();
  return new Terminal({
    json: options.json === true,
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    color: options.color !== false && !process.env["NO_COLOR"] && process.stderr.isTTY === true,
  });
}

/** `--seed`, an integer 0..2^32-1. */
export function seedOf(command: Command): number {
  return integerOption("--seed", command.optsWithGlobals<GlobalOptions>().seed ?? "1", 0, 2 ** 32 - 1);
}

export function isDryRun(command: Command): boolean {
  return command.optsWithGlobals<GlobalOptions>().dryRun === true;
}

/** @throws code `option-not-integer` when `text` is not an integer in `min..max`. */
export function integerOption(option: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw failure({
    code: "option-not-integer",
    message: `Cannot use ${option} ${text}: wanted an integer ${min}..${max}`,
    place: { item: option },
    found: text,
    wanted: `${min}..${max}`,
    hint: `give ${option} a whole number`,
  });
}

/** @throws code `option-not-number` when `text` is not a finite number. */
export function numberOption(option: string, text: string): number {
  const fraction = /^\s*([-+.\deE]+)\s*\/\s*([-+.\deE]+)\s*$/.exec(text);
  const value = fraction ? Number(fraction[1]) / Number(fraction[2]) : Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw failure({
    code: "option-not-number",
    message: `Cannot use ${option} ${text}: wanted a number or a fraction such as 1/255`,
    place: { item: option },
    found: text,
    hint: `give ${option} a finite number`,
  });
}

/** @throws code `option-unknown-value` when `text` is none of `allowed`. */
export function choiceOption<T extends string>(option: string, text: string, allowed: readonly T[]): T {
  if ((allowed as readonly string[]).includes(text)) return text as T;
  throw failure({
    code: "option-unknown-value",
    message: `Cannot use ${option} ${text}: wanted one of ${allowed.join(", ")}`,
    place: { item: option },
    found: text,
    wanted: allowed.join(", "),
    hint: `choose one of ${allowed.join(", ")}`,
  });
}
