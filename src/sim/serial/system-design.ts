import type { Design } from "../rtl/design.js";

/**
 * `snn_system` as a design to simulate: the whole of a board but for clock and pins.
 *
 * @param parameters Parameters of `snn_system` as Verilog literals; see `coreParameters` of `src/emit`.
 * @param verilog Sources in reading order.
 */
export function systemDesign(parameters: ReadonlyMap<string, string>, verilog: ReadonlyMap<string, string>): Design {
  return {
    top: "snn_system",
    verilog,
    parameters,
    clock: "clk_i",
    ports: [
      { name: "rst_i", direction: "input", bits: 1 },
      { name: "uart_rx_i", direction: "input", bits: 1 },
      { name: "uart_tx_o", direction: "output", bits: 1 },
      { name: "busy_o", direction: "output", bits: 1 },
    ],
  };
}
