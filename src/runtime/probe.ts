import { statusDone } from "../arch/packet.js";
import { packValues } from "../arch/run-frame.js";
import { type Program, shapeSize } from "../program/program.js";
import { sampleFailed, wrongSize } from "./core-failure.js";
import type { CoreLink } from "./core-link.js";
import { type NeuronWord, readState } from "./state.js";

/** What a core held when it was stopped within a sample. */
export interface Probe {
  /** Passes done; fewer than asked for when the sample has fewer. */
  readonly finished: boolean;
  /** Word after the instruction that ended the last pass. */
  readonly programCounter: number;
  readonly cycles: number;
  readonly neurons: readonly NeuronWord[];
}

/**
 * Runs a sample on a core that holds `program` until `passes` passes are done, and reads state words; then restarts the
 * program.
 *
 * @param passes 1..4095.
 * @param address First state word, `count` of them.
 * @throws SpikewrightError `input-shape`, `core-stopped`, those of `Exchange.request`.
 */
export async function probeSample(
  link: CoreLink,
  program: Program,
  levels: Uint8Array,
  passes: number,
  address: number,
  count: number,
): Promise<Probe> {
  const { bits, shape } = program.input;
  const wanted = shapeSize(shape);
  if (levels.length !== wanted) throw wrongSize(levels.length, wanted);
  await link.stop();
  await link.writeRegister("break", passes);
  await link.restart();
  try {
    const status = await feed(link, levels, bits);
    const finished = (status & statusDone) !== 0;
    if (!finished && (status & 7) !== 4) throw sampleFailed(link.exchange.transport.name, 0, status);
    const registers = await link.registers();
    const neurons = await readState(link, address, count);
    const programCounter = (registers.get("status")! >>> 16) & 0x3ff;
    return { finished, programCounter, cycles: registers.get("cycles")!, neurons };
  } finally {
    await link.stop();
    await link.writeRegister("break", 0);
    await link.restart();
  }
}

/** Feeds one sample, in pieces if it must be; returns the status of its result. */
async function feed(link: CoreLink, levels: Uint8Array, bits: number): Promise<number> {
  const piece = (256 * 8) / bits;
  for (let at = 0; ; at += piece) {
    const data = packValues(levels.subarray(at, at + piece), bits);
    const request = { bits, long: false, repeatable: false, wanted: levels.length - at, results: 1, data };
    const [result] = await link.run(request, 1000);
    if (at + piece >= levels.length) return result!.status;
  }
}
