import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CoreConfig } from "../arch/core-config.js";
import { packageRoot } from "../support/package-root.js";
import { assemble } from "./assembly/assemble.js";
import type { Program } from "./program.js";

/** A program that uses every unit of a core, with the sample to run and what it must give. */
export interface SelfTest {
  readonly program: Program;
  readonly levels: Uint8Array;
  readonly decision: number;
  /** Potentials of the readout, lsb. */
  readonly potentials: Int32Array;
}

/** `firmware/selftest.asm` for a core with at least 8 lanes, weights of 4 bits and 4 quotient bits. */
export function selfTest(core: CoreConfig): SelfTest {
  const file = join(packageRoot(), "firmware", "selftest.asm");
  const program = assemble(readFileSync(file, "utf8"), { file, core });
  return {
    program,
    levels: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    decision: 5,
    potentials: Int32Array.of(23, -176, -163, -56, -215, 205, 2, -216),
  };
}
