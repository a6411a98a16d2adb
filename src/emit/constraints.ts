import type { Board } from "../board/board.js";
import { boardPorts } from "./ports.js";

/**
 * Pin constraints of the board top in the `.pcf` form of nextpnr-ice40.
 *
 * The receive pin gets a pull-up, so that an open line reads as idle. The frequency of the crystal is stated, from which
 * nextpnr derives that of the PLL's output.
 */
export function pinConstraints(board: Board): string {
  const lines = boardPorts(board).map(
    ({ port, pin, pullUp }) => `set_io ${pullUp ? "-pullup yes " : ""}${port} ${pin}`,
  );
  return [...lines, `set_frequency clk_pin_i ${board.clock.frequencyHz / 1e6}`, ""].join("\n");
}
