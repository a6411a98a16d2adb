import { readFileSync } from "node:fs";
import type { Design } from "../../../src/sim/rtl/design.js";
import { standInSource } from "../../toolchain/stand-in/plan.js";

/** A stream with handshakes on both sides; see stream.v. */
export const streamDesign: Design = {
  top: "stream",
  verilog: new Map([["stream.v", readFileSync("test/sim/rtl/stream.v", "utf8")]]),
  parameters: new Map([["Every", "3"]]),
  clock: "clk_i",
  ports: [
    { name: "valid_i", direction: "input", bits: 1 },
    { name: "ready_o", direction: "output", bits: 1 },
    { name: "a_i", direction: "input", bits: 40 },
    { name: "b_i", direction: "input", bits: 8 },
    { name: "valid_o", direction: "output", bits: 1 },
    { name: "sum_o", direction: "output", bits: 72 },
    { name: "odd_o", direction: "output", bits: 13 },
  ],
};

/** The stand-in design with a serial port, memories as behaviour. */
export const standInDesign: Design = {
  top: "stand_in",
  verilog: new Map(["stand_in", "cells_generic"].map((name) => [`${name}.v`, standInSource(name)])),
  parameters: new Map([["BaudDivider", "8"]]),
  clock: "clk_i",
  ports: [
    { name: "uart_rx_i", direction: "input", bits: 1 },
    { name: "uart_tx_o", direction: "output", bits: 1 },
    { name: "busy_o", direction: "output", bits: 1 },
    { name: "cycles_o", direction: "output", bits: 40 },
    { name: "a_o", direction: "output", bits: 8 },
  ],
};
