import type { Command } from "commander";
import { virtual } from "../../verbs/hardware/virtual.js";
import { exitCodes } from "../failure.js";
import { choiceOption, numberOption, seedOf, terminalOf } from "../globals.js";

/** Unlike the other verbs it goes on until it is interrupted, so it prints before it ends. */
export function registerVirtual(program: Command): void {
  const command = program
    .command("virtual")
    .description("a virtual board on a pseudo-terminal; prints the port to use and runs until interrupted")
    .option("--board <name>", "whose core to simulate", "icebreaker")
    .option("--core <name>", "core configuration")
    .option("--engine <cycle|rtl>", "cycle simulator, or the Verilog itself", "cycle")
    .option("--damage <share>", "damage this share of the bytes on the line, each way (0.001: one in 1,000)", "0")
    .addHelpText("after", "\nExample:\n  $ spikewright virtual --board icebreaker");
  command.action(async (flags: { board: string; core?: string; engine: string; damage: string }) => {
    const terminal = terminalOf(command);
    const { result, port } = await virtual({
      ...flags,
      engine: choiceOption("--engine", flags.engine, ["cycle", "rtl"] as const),
      damage: numberOption("--damage", flags.damage),
      seed: seedOf(command),
    });
    terminal.json(result);
    terminal.line(result.port);
    terminal.note(`virtual ${result.board} (core ${result.core}); try: spikewright load NET.spk --port ${result.port}`);
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.removeAllListeners(signal);
        process.once(signal, () => resolve());
      }
    });
    await port.close();
    if (result.damage > 0) terminal.note(`${port.damaged} bytes on the line were damaged`);
    process.exitCode = exitCodes.interrupted;
  });
}
