#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { packageRoot } from "../support/package-root.js";
import { exitCodes, renderFailure } from "./failure.js";
import { terminalOf } from "./globals.js";
import { registerVerbs } from "./verbs.js";

const version = (JSON.parse(readFileSync(`${packageRoot()}/package.json`, "utf8")) as { version: string }).version;

const program = new Command("spikewright")
  .description("Make a trained neural network run as an exact spiking network on a cheap FPGA board, or in software.")
  .version(version)
  .option("--json", "print one JSON document on stdout, everything else on stderr")
  .option("-v, --verbose", "say more")
  .option("-q, --quiet", "results and errors only")
  .option("--no-color", "no colours (also NO_COLOR)")
  .option("--seed <n>", "seed of everything random", "1")
  .option("--dry-run", "say what would be written, write nothing")
  .showHelpAfterError("(spikewright --help lists the verbs)")
  .configureHelp({ sortSubcommands: false, showGlobalOptions: true });

registerVerbs(program);

/** Options may stand before or after the verb; commander wants the global ones known to the verb too. */
for (const verb of program.commands) verb.exitOverride().showHelpAfterError(`(spikewright ${verb.name()} --help)`);
program.exitOverride();

process.once("SIGINT", () => {
  process.stderr.write("\ninterrupted\n");
  process.exit(exitCodes.interrupted);
});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.input;
  else process.exitCode = renderFailure(error, terminalOf(program));
}
