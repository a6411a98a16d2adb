import type { NirDialect, NirReset } from "../../frontend/nir/dynamics.js";
import { choiceOption, numberOption } from "../globals.js";

/** Options of verbs that give NIR graphs a meaning in steps. */
export interface NirFlags {
  readonly dt?: string;
  readonly reset?: string;
  readonly nirDialect?: string;
}

export const dialectNames = ["spec", "norse", "snntorch", "spikingjelly", "sinabs"] as const;

export function nirOptionsOf(flags: NirFlags): { dt?: number; reset?: NirReset; dialect?: NirDialect } {
  const { dt, reset, nirDialect } = flags;
  return {
    ...(dt === undefined ? {} : { dt: numberOption("--dt", dt) }),
    ...(reset === undefined ? {} : { reset: choiceOption("--reset", reset, ["zero", "subtract", "to-v-reset"]) }),
    ...(nirDialect === undefined ? {} : { dialect: choiceOption("--nir-dialect", nirDialect, dialectNames) }),
  };
}
