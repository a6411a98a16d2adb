import { programHash } from "../../program/hash.js";
import { type Program, watchdogCycles } from "../../program/program.js";
import { verifyProgram } from "../../program/verify.js";
import type { CycleCore } from "./core.js";

/**
 * Puts a program into a core's memories, as a host would over its bus but at once, and starts it.
 *
 * @throws SpikewrightError as `verifyProgram`.
 */
export function loadProgram(core: CycleCore, program: Program): void {
  verifyProgram(program, core.config);
  const { memories } = core;
  memories.program.fill(0);
  memories.program.set(program.words);
  memories.thresholds.set(program.thresholds);
  memories.initials.set(program.initials);
  const { kernel } = memories;
  const { lanes } = program.needs;
  for (let row = 0, at = 0; at < program.weights.length; row++, at += lanes) {
    kernel.weights.set(program.weights.subarray(at, at + lanes), row * kernel.lanes);
  }
  core.memoriesChanged();
  core.registers.hash = programHash(program);
  core.registers.watchdog = watchdogCycles(program);
  core.restart();
}
