import type { Board } from "../board/board.js";
import { boardPorts } from "./ports.js";

/**
 * Pin constraints of the board top in the `.pcf` form of nextpnr-ice40.
 *
 * The receive pin gets a pull-up, so that an open line reads as idle. Frequencies are not stated: from that of
 * the crystal nextpnr would derive the clock of the core, and stop trying as soon as it is reached.
 */
export function pinConstraints(board: Board): string {
  const lines = boardPorts(board).map(
    ({ port, pin, pullUp }) => `set_io ${pullUp ? "-pullup yes " : ""}${port} ${pin}`,
  );
  return [...lines, ""].join("\n");
}
