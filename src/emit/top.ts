import type { Board } from "../board/board.js";
import type { Clocking } from "./clocking.js";
import type { PllSettings } from "./pll.js";
import { boardPorts } from "./ports.js";

/** Name of the module that `boardTop` writes. */
export const boardTopModule = "board_top";

/**
 * Verilog of the board top: PLL, reset, pins, and one `snn_system`.
 *
 * The reset lasts 128 cycles after the PLL has locked, which also covers the time in which block RAM of iCE40 does not
 * read its initial contents yet (about 3 µs after configuration).
 *
 * @param parameters Parameters of `snn_system` as Verilog literals.
 */
export function boardTop(board: Board, clocking: Clocking, parameters: ReadonlyMap<string, string>): string {
  const ports = boardPorts(board);
  const header = ports.map(({ port, direction }) => `  ${direction === "input" ? "input " : "output"} wire ${port}`);
  const drives = ports.flatMap(({ port, drive }) => (drive === undefined ? [] : [`  assign ${port} = ${drive};`]));
  const list = [...parameters].map(([name, value]) => `    .${name}(${value})`);
  return `// Top of ${board.name}: clock, reset and pins around the core. Written by spikewright.
// Core clock ${clocking.frequencyHz / 1e6} MHz, UART ${Math.round(clocking.baud)} baud.

\`default_nettype none

module ${boardTopModule} (
${header.join(",\n")}
);

${clockSource(board, clocking.pll)}

  // reset until the clock has been stable for 128 cycles
  reg [1:0] locked_q = 2'b00;
  reg [7:0] stable_q = 8'd0;
  wire rst = !stable_q[7];
  always @(posedge clk) begin
    locked_q <= {locked_q[0], locked};
    if (!locked_q[1]) stable_q <= 8'd0;
    else if (rst) stable_q <= stable_q + 8'd1;
  end

  wire busy;
${drives.join("\n")}

  snn_system #(
${list.join(",\n")}
  ) core (
    .clk_i(clk),
    .rst_i(rst),
    .uart_rx_i(uart_rx_i),
    .uart_tx_o(uart_tx_o),
    .busy_o(busy)
  );

endmodule

\`default_nettype wire
`;
}

function clockSource(board: Board, pll: PllSettings | undefined): string {
  if (!pll) return "  wire clk = clk_pin_i;\n  wire locked = 1'b1;";
  const [cell, input] = board.clock.pll === "pad" ? ["SB_PLL40_PAD", "PACKAGEPIN"] : ["SB_PLL40_CORE", "REFERENCECLK"];
  return `  wire clk;
  wire locked;
  ${cell} #(
    .FEEDBACK_PATH("SIMPLE"),
    .DIVR(4'd${pll.divr}),
    .DIVF(7'd${pll.divf}),
    .DIVQ(3'd${pll.divq}),
    .FILTER_RANGE(3'd${pll.filterRange})
  ) pll (
    .${input}(clk_pin_i),
    .PLLOUTGLOBAL(clk),
    .LOCK(locked),
    .RESETB(1'b1),
    .BYPASS(1'b0)
  );`;
}
