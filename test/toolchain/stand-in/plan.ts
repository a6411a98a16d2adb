import { readFileSync } from "node:fs";
import { loadBoards } from "../../../src/board/load.js";
import { type BuildPlan, planBuild } from "../../../src/emit/plan.js";

/** One source of the stand-in design. */
export function standInSource(name: string): string {
  return readFileSync(`test/toolchain/stand-in/${name}.v`, "utf8");
}

/** The stand-in design on an iCEBreaker, clocked by its crystal. */
export function standInPlan(): BuildPlan {
  const names = ["stand_in", "cells_ice40", "board"];
  return planBuild({
    name: "stand_in",
    board: "icebreaker",
    top: "board_top",
    verilog: new Map(names.map((name) => [`${name}.v`, standInSource(name)])),
    constraints: [
      "set_io clk_pin_i 35",
      "set_io -pullup yes uart_rx_i 6",
      "set_io uart_tx_o 9",
      "set_io led_o 11",
      "set_frequency clk_pin_i 12",
      "",
    ].join("\n"),
    device: loadBoards().devices.get("ice40up5k-sg48")!,
    targetHz: 12e6,
    seeds: 1,
  });
}
