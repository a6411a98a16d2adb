import type { Noise } from "../../sim/virtual/noisy-transport.js";
import { openVirtualPort, type VirtualPort } from "../../sim/virtual/virtual-board.js";
import { failure } from "../../support/diagnostic.js";
import { coreConfigNamed } from "../core-config-named.js";
import { type CoreChoice, coreOfBoard } from "../network/core-choice.js";
import { openVirtualEngine, type VirtualEngine } from "./virtual-engine.js";

export interface VirtualOptions extends CoreChoice {
  /** Default `icebreaker`. */
  readonly board?: string;
  /** Default `cycle`. */
  readonly engine?: VirtualEngine;
  /** Share of the bytes on the line that are damaged, each way: changed, lost or doubled. 0..1, default 0. */
  readonly damage?: number;
  /** Of the damage. Default 1. */
  readonly seed?: number;
}

export interface VirtualResult {
  /** What `--port` takes. */
  readonly port: string;
  readonly board: string;
  readonly core: string;
  readonly engine: VirtualEngine;
  readonly damage: number;
}

/**
 * Starts a virtual board on a pseudo-terminal: the link and the core of a board, simulated to the clock cycle.
 *
 * @returns What to print, and the board to close.
 * @throws SpikewrightError `damage-range`, `board-unknown`, `core-unknown`, `pty-unavailable`.
 */
export async function virtual(
  options: VirtualOptions = {},
): Promise<{ readonly result: VirtualResult; readonly port: VirtualPort }> {
  const board = options.board ?? "icebreaker";
  const config = options.core ? coreConfigNamed(options.core) : coreOfBoard(board);
  const engine = options.engine ?? "cycle";
  const noise = noiseOf(options);
  const port = await openVirtualPort(config, await openVirtualEngine(config, engine), noise);
  return { result: { port: port.path, board, core: config.name, engine, damage: options.damage ?? 0 }, port };
}

function noiseOf({ damage = 0, seed = 1 }: VirtualOptions): Noise | undefined {
  if (!(damage >= 0 && damage <= 1)) {
    throw failure({
      code: "damage-range",
      message: `Cannot damage a share of ${damage} of the bytes: wanted 0 to 1`,
      found: String(damage),
      wanted: "0..1",
      hint: "One byte in a thousand is 0.001",
    });
  }
  return damage === 0 ? undefined : { every: 1 / damage, seed };
}
