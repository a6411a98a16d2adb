import type { Command } from "commander";
import type { NirDialect, NirDynamics, NirReset } from "../../frontend/nir/dynamics.js";
import { failure } from "../../support/diagnostic.js";
import { choiceOption, numberOption } from "../globals.js";

/** Options of verbs that give NIR graphs a meaning in steps. */
export interface NirFlags {
  readonly dt?: string;
  readonly reset?: string;
  readonly nirDialect?: string;
  readonly integration?: string;
}

export const dialectNames = ["spec", "norse", "snntorch", "spikingjelly", "sinabs"] as const;

interface NirChoices {
  readonly dt?: number;
  readonly reset?: NirReset;
  readonly dialect?: NirDialect;
  readonly integration?: NirDynamics["integration"];
}

export function nirOptionsOf({ dt, reset, nirDialect, integration }: NirFlags): NirChoices {
  return {
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
