import type { Command } from "commander";
import { type ExportNirResult, exportNir } from "../../verbs/nir/export-nir.js";
import { choiceOption, isDryRun } from "../globals.js";
import { addVerb } from "../verb.js";
import { dialectNames, type NirFlags, nirOptionsOf } from "./nir-options.js";

interface Flags extends NirFlags {
  readonly output: string;
}

export function registerExport(program: Command): void {
  addVerb(
    program,
    "export <format> <network>",
    "write a converted network in another format (nir: integrate-and-fire neurons, rates stand for levels)",
    "spikewright export nir net.spk -o net.nir --nir-dialect snntorch",
    (command) =>
      command
        .requiredOption("-o, --output <file>", "file to write")
        .option("--nir-dialect <name>", `framework that will read it: ${dialectNames.join(", ")}`, "spec")
        .option(
          "--dt <time>",
          "duration of a step in the unit of the file (default 1: time counts steps; 1e-4 for spikingjelly)",
        ),
    (context, _terminal, command, format: string, network: string, flags: Flags): Promise<ExportNirResult> => {
      choiceOption("export", format, ["nir"]);
      const { dt, dialect } = nirOptionsOf(flags);
      const options = {
        output: flags.output,
        dryRun: isDryRun(command),
        ...(dt === undefined ? {} : { dt }),
        ...(dialect === undefined ? {} : { dialect }),
      };
      return exportNir(network, options, context);
    },
    (result, terminal) => {
      terminal.line(
        `${result.output}: ${result.nodes} nodes, ${result.size} bytes, step ${result.dt}, for ${result.dialect}`,
      );
    },
  );
}
