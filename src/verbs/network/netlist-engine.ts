import { mapNetwork } from "../../map/map.js";
import type { Program } from "../../program/program.js";
import { openNetlistDevice } from "../../sim/netlist/device.js";
import { cacheFolder } from "../../sim/rtl/cache.js";
import type { SerialDevice } from "../../sim/serial/serial-device.js";
import type { Schedule, SnnGraph } from "../../snn/graph.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import { planBoardCore } from "../hardware/board-core.js";
import { buildCore } from "../hardware/build.js";
import { type CoreChoice, coreOfBoard } from "./core-choice.js";

/** Board whose bitstream is simulated unless another is named. */
const defaultBoard = "icebreaker";
/** A slow clock and a fast UART: the simulation gives its time to the core, not to the bits of the line. */
const simulated = { frequencyHz: 24e6, baud: 3e6 };

/**
 * Builds the core of a board (or takes the build from the cache), reads the bitstream back and simulates it behind its
 * UART pins.
 */
export async function openNetlistEngine(choice: CoreChoice, context: VerbContext): Promise<SerialDevice> {
  const board = choice.board ?? defaultBoard;
  const settings = { ...simulated, board, ...(choice.core === undefined ? {} : { core: choice.core }) };
  const { target, config, plan } = planBoardCore(settings);
  const chip = target.device.chipdb;
  const place = target.device.icetime?.package;
  if (!chip || !place) {
    throw failure({
      code: "netlist-unsupported",
      message: `Cannot read a bitstream of ${target.device.id} back: there is no chip database for it`,
      place: { item: target.board.id },
      hint: "Choose a board with an iCE40 (spikewright boards)",
    });
  }
  const output = `${cacheFolder()}/netlist-${board}-${config.name}`;
  const { bitstream } = await buildCore({ ...settings, output }, context);
  context.note?.(`netlist: ${bitstream}, read back and simulated behind its UART`);
  return await openNetlistDevice({
    bitstream: bitstream!,
    constraints: plan.files.get("pins.pcf")!,
    device: chip,
    package: place,
    clock: "clk_pin_i",
    config,
    divider: plan.clocking.baudDivider,
  });
}

/** The program for the core of the board whose bitstream is simulated. */
export function netlistProgram(snn: SnnGraph, choice: CoreChoice, schedule: Schedule): Program {
  const config = coreOfBoard(choice.board ?? defaultBoard);
  return mapNetwork(snn, config, { schedule }).program;
}
