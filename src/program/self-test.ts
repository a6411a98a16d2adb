import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CoreConfig } from "../arch/core-config.js";
import { packageRoot } from "../support/package-root.js";
import { assemble } from "./assembly/assemble.js";
import type { Program } from "./program.js";

/** A program that uses the units of a core, with the sample to run and what it must give. */
export interface SelfTest {
  readonly program: Program;
  readonly levels: Uint8Array;
  readonly decision: number;
  /** Potentials of the readout, lsb. */
  readonly potentials: Int32Array;
}

/** `firmware/selftest.asm` for a core with at least 8 lanes, weights of 4 bits and 4 quotient bits. */
export function selfTest(core: CoreConfig): SelfTest {
  return {
    program: firmware("selftest.asm", core),
    levels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    decision: 5,
    potentials: Int32Array.of(23, -176, -163, -56, -215, 205, 2, -216),
  };
}

/** `firmware/selftest-dynamics.asm` for a core with dynamics, at least 8 lanes and weights of 4 bits. */
export function dynamicsSelfTest(core: CoreConfig): SelfTest {
  return {
    program: firmware("selftest-dynamics.asm", core),
    // values of encoders, and the events of two steps
    levels: Uint8Array.of(30, 60, 90, 120, 150, 180, 210, 240, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1),
    decision: 0,
    potentials: Int32Array.of(34, 21, 14, 31, 6, -11, 5, -1),
  };
}

/** `firmware/selftest-scatter.asm` for a core with `scatter`. */
export function scatterSelfTest(core: CoreConfig): SelfTest {
  return {
    program: firmware("selftest-scatter.asm", core),
    levels: Uint8Array.of(1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1),
    decision: 3,
    potentials: Int32Array.of(149, 192, -189, 239, -10, -76, -117, 195),
  };
}

/** `firmware/selftest-learning.asm` for a core with learning, at least 8 lanes and weights of 4 bits. */
export function learningSelfTest(core: CoreConfig): SelfTest {
  return {
    program: firmware("selftest-learning.asm", core),
    levels: Uint8Array.of(40, 80, 120, 160, 200, 240, 20, 100),
    decision: 7,
    potentials: Int32Array.of(14, 13, 4, 4, 0, 34, 19, 92),
  };
}

function firmware(name: string, core: CoreConfig): Program {
  const file = join(packageRoot(), "firmware", name);
  return assemble(readFileSync(file, "utf8"), { file, core });
}
