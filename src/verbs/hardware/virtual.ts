import { openVirtualPort, type VirtualPort } from "../../sim/virtual/virtual-board.js";
import { type CoreChoice, coreOfBoard } from "../network/core-choice.js";
import { coreConfigNamed } from "./build.js";

export interface VirtualOptions extends CoreChoice {
  /** Default `icebreaker`. */
  readonly board?: string;
}

export interface VirtualResult {
  /** What `--port` takes. */
  readonly port: string;
  readonly board: string;
  readonly core: string;
  readonly engine: "cycle";
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
  const port = await openVirtualPort(config);
  return { result: { port: port.path, board, core: config.name, engine: "cycle" }, port };
}
