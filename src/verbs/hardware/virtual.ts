import { openVirtualPort, type VirtualPort } from "../../sim/virtual/virtual-board.js";
import { type CoreChoice, coreOfBoard } from "../network/core-choice.js";
import { coreConfigNamed } from "./build.js";
import { openVirtualEngine, type VirtualEngine } from "./virtual-engine.js";

export interface VirtualOptions extends CoreChoice {
  /** Default `icebreaker`. */
  readonly board?: string;
  /** Default `cycle`. */
  readonly engine?: VirtualEngine;
}

export interface VirtualResult {
  /** What `--port` takes. */
  readonly port: string;
  readonly board: string;
  readonly core: string;
  readonly engine: VirtualEngine;
}

/**
 * Starts a virtual board on a pseudo-terminal: the link and the core of a board, simulated to the clock cycle.
 *
 * @returns What to print, and the board to close.
 */
export async function virtual(
  options: VirtualOptions = {},
): Promise<{ readonly result: VirtualResult; readonly port: VirtualPort }> {
  const board = options.board ?? "icebreaker";
  const config = options.core ? coreConfigNamed(options.core) : coreOfBoard(board);
  const engine = options.engine ?? "cycle";
  const port = await openVirtualPort(config, await openVirtualEngine(config, engine));
  return { result: { port: port.path, board, core: config.name, engine }, port };
}
