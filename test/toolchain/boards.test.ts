import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { coreConfigs } from "../../src/arch/core-config.js";
import { findBoard } from "../../src/board/find.js";
import { loadBoards } from "../../src/board/load.js";
import { planCore } from "../../src/emit/core-plan.js";
import { coreParameters } from "../../src/emit/parameters.js";
import { build } from "../../src/toolchain/build.js";

const catalog = loadBoards();
const folder = mkdtempSync(join(tmpdir(), "boards-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const buildable = [...catalog.boards.values()].filter(
  (board) => catalog.devices.get(board.device)!.coreConfig !== null,
);

/** A module with the face of `snn_system` that sends back what it receives. */
function echoSystem(parameters: Iterable<string>): string {
  const list = [...parameters, "BaudDivider", "BaudFraction"].map((name) => `  parameter ${name} = 0`);
  return `module snn_system #(\n${list.join(",\n")}\n) (
  input wire clk_i, input wire rst_i, input wire uart_rx_i, output reg uart_tx_o, output wire busy_o
);
  reg [15:0] count_q;
  assign busy_o = count_q[15];
  always @(posedge clk_i) begin
    uart_tx_o <= uart_rx_i || rst_i;
    count_q <= rst_i || !uart_rx_i ? 16'hffff : count_q - {15'd0, busy_o};
  end
endmodule
`;
}

describe("the board tops", () => {
  it.each(buildable.map((board) => board.id))("of %s are placed and routed, pins and PLL included", async (id) => {
    const target = findBoard(catalog, id);
    const config = coreConfigs.find((one) => one.name === target.device.coreConfig)!;
    const verilog = new Map([["snn_system.v", echoSystem(coreParameters(config).keys())]]);
    const plan = planCore(target, config, verilog);
    const result = await build(plan, join(folder, id));
    expect(result.resources["ICESTORM_PLL"]!.used).toBe(1);
    expect(result.fmaxHz).toBeGreaterThan(plan.clocking.frequencyHz);
  });
});
