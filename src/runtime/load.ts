import { programHash } from "../program/hash.js";
import { memoryImages } from "../program/memory-image.js";
import type { Program } from "../program/program.js";
import { verifyProgram } from "../program/verify.js";
import { SpikewrightError } from "../support/diagnostic.js";
import type { ProgressListener } from "../support/progress.js";
import { notLoaded } from "./core-failure.js";
import type { CoreLink } from "./core-link.js";

export interface LoadOptions {
  /** Write even if the core says that it holds the program. Default false. */
  readonly force?: boolean;
  readonly onProgress?: ProgressListener;
}

/**
 * Puts a program into a core, compares every memory by the checksum that the core computes, and starts it.
 *
 * The register `hash` is 0 while memories are being written, so half a program is never taken for a whole one. A core
 * that holds the program already is compared and started only.
 *
 * @returns Whether memories were written.
 * @throws SpikewrightError those of `verifyProgram`; `memory-differs`; those of `Exchange.request`.
 */
export async function loadProgram(link: CoreLink, program: Program, options: LoadOptions = {}): Promise<boolean> {
  verifyProgram(program, link.config);
  const hash = programHash(program);
  await link.stop();
  const held = (await link.registers()).get("hash") === hash;
  const written = options.force === true || !held || !(await holds(link, program));
  if (written) {
    await link.writeRegister("hash", 0);
    for (const { memory, bytes } of memoryImages(program, link.config)) {
      await link.write(memory, 0, bytes, options.onProgress);
      await link.check(memory, 0, bytes);
    }
    await link.writeRegister("hash", hash);
  }
  await start(link, program);
  return written;
}

/**
 * Starts a program that is in the core already.
 *
 * @throws SpikewrightError `program-not-loaded`.
 */
export async function adoptProgram(link: CoreLink, program: Program): Promise<void> {
  verifyProgram(program, link.config);
  await link.stop();
  const hash = (await link.registers()).get("hash")!;
  if (hash !== programHash(program)) throw notLoaded(link.exchange.transport.name, hash);
  await start(link, program);
}

async function start(link: CoreLink, program: Program): Promise<void> {
  await link.writeRegister("watchdog", program.worstCaseCycles);
  await link.writeRegister("break", 0);
  await link.restart();
}

async function holds(link: CoreLink, program: Program): Promise<boolean> {
  try {
    for (const { memory, bytes } of memoryImages(program, link.config)) await link.check(memory, 0, bytes);
    return true;
  } catch (error) {
    if (error instanceof SpikewrightError && error.diagnostics[0]?.code === "memory-differs") return false;
    throw error;
  }
}
