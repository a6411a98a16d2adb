import type { Command } from "commander";
import { flash } from "../../verbs/hardware/flash.js";
import { addVerb } from "../verb.js";

export function registerFlash(program: Command): void {
  addVerb(
    program,
    "flash <folder>",
    "configure the FPGA of a board with a built bitstream",
    "spikewright flash build/icebreaker --board icebreaker",
    (command) => command.requiredOption("--board <name>", "board (spikewright boards)"),
    (context, _terminal, _command, folder: string, flags: { board: string }) =>
      flash(folder, { board: flags.board }, context),
    (result, terminal) => terminal.line(`flashed with ${result.programmer} in ${result.seconds.toFixed(1)} s`),
  );
}
