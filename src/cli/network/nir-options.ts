import type { Command } from "commander";
import type { NirDialect, NirDynamics, NirReset } from "../../frontend/nir/dynamics.js";
import { failure } from "../../support/diagnostic.js";
import { choiceOption, integerOption, numberOption } from "../globals.js";

/** Options of verbs that give NIR graphs a meaning in steps. */
export interface NirFlags {
  readonly dt?: string;
  readonly reset?: string;
  readonly nirDialect?: string;
  readonly integration?: string;
  readonly steps?: string;
  readonly sequence?: boolean;
}

/** Adds the options that say how a NIR graph runs. */
export function withNirOptions(command: Command): Command {
  return command
    .option("--dt <time>", "NIR: duration of a step in the unit of the file (default: inferred)")
    .option("--reset <zero|subtract|to-v-reset>", "NIR: what a spike does (default: inferred)")
    .option("--nir-dialect <name>", `NIR: step as this framework does: ${dialectNames.join(", ")}`)
    .option("--integration <euler|exact>", "NIR: how a step is computed (default: that of the dialect)")
    .option("--steps <n>", "NIR: spread events over n steps, or hold one sample for n")
    .option("--sequence", "NIR: the rows of the data are the steps of one sample");
}

export const dialectNames = ["spec", "norse", "snntorch", "spikingjelly", "sinabs"] as const;

interface NirChoices {
  readonly dt?: number;
  readonly reset?: NirReset;
  readonly dialect?: NirDialect;
  readonly integration?: NirDynamics["integration"];
  readonly steps?: number;
  readonly isSequence?: boolean;
}

export function nirOptionsOf({ dt, reset, nirDialect, integration, steps, sequence }: NirFlags): NirChoices {
  return {
    ...(steps === undefined ? {} : { steps: integerOption("--steps", steps, 1, 2 ** 31) }),
    ...(sequence === undefined ? {} : { isSequence: sequence }),
    ...(dt === undefined ? {} : { dt: numberOption("--dt", dt) }),
    ...(reset === undefined ? {} : { reset: choiceOption("--reset", reset, ["zero", "subtract", "to-v-reset"]) }),
    ...(nirDialect === undefined ? {} : { dialect: choiceOption("--nir-dialect", nirDialect, dialectNames) }),
    ...(integration === undefined
      ? {}
      : { integration: choiceOption("--integration", integration, ["euler", "exact"]) }),
  };
}

/**
 * Refuses options that were given and say nothing about the file.
 *
 * @param names Options as commander names them (`weightMap`).
 * @throws code `option-not-for-file`, for the first of them.
 */
export function refuseOptions(command: Command, names: readonly string[], what: string): void {
  const given = names.find((name) => command.getOptionValueSource(name) === "cli");
  if (given === undefined) return;
  const option = command.options.find((candidate) => candidate.attributeName() === given);
  throw failure({
    code: "option-not-for-file",
    message: `Cannot use ${option?.long ?? given} with ${what}`,
    place: { item: option?.long ?? given },
    hint: "Leave the option out",
  });
}
