import type { Command } from "commander";
import { registerInspect } from "./model/inspect.js";

/** Every verb, in the order of the help page. */
export function registerVerbs(program: Command): void {
  registerInspect(program);
}
