import type { Command } from "commander";
import { type ImportNirResult, importNir } from "../../verbs/nir/core/import-nir.js";
import { choiceOption, integerOption, isDryRun, numberOption } from "../globals.js";
import { table } from "../table.js";
import { addVerb } from "../verb.js";
import { dialectNames, type NirFlags, nirOptionsOf } from "./nir-options.js";

interface Flags extends NirFlags {
  readonly output: string;
  readonly steps: string;
  readonly weightBits: string;
  readonly encoding: string;
  readonly inputScale?: string;
}

const encodings = ["regular", "random", "values", "events"] as const;

export function registerImport(program: Command): void {
  addVerb(
    program,
    "import <format> <file>",
    "a spiking network of another format (nir) as a network with dynamics, quantised, with the error of each layer",
    "spikewright import nir braille.nir -o braille.spk --steps 256 --encoding events",
    (command) =>
      command
        .requiredOption("-o, --output <file>", "network file to write")
        .requiredOption("--steps <n>", "steps of a sample")
        .option("--weight-bits <n>", "bits of a weight, 2..8", "8")
        .option("--encoding <name>", `how data become events: ${encodings.join(", ")}`, "regular")
        .option("--input-scale <x>", "raw values times this are levels 0..255 (default: 256, for events 1)")
        .option("--dt <time>", "duration of a step in the unit of the file (default: inferred)")
        .option("--reset <zero|subtract|to-v-reset>", "what a spike does (default: inferred)")
        .option("--nir-dialect <name>", `step as this framework does: ${dialectNames.join(", ")}`),
    (context, _terminal, command, format: string, file: string, flags: Flags): Promise<ImportNirResult> => {
      choiceOption("import", format, ["nir"]);
      const options = {
        ...nirOptionsOf(flags),
        output: flags.output,
        steps: integerOption("--steps", flags.steps, 1, 65535),
        weightBits: integerOption("--weight-bits", flags.weightBits, 2, 8),
        encoding: choiceOption("--encoding", flags.encoding, encodings),
        ...(flags.inputScale === undefined ? {} : { inputScale: numberOption("--input-scale", flags.inputScale) }),
        dryRun: isDryRun(command),
      };
      return importNir(file, options, context);
    },
    (result, terminal) => {
      const percent = (x: number) => `${(100 * x).toFixed(2)} %`;
      const rows = result.layers.map((layer) => [
        layer.name,
        layer.neurons,
        layer.synapses,
        layer.scale.toPrecision(4),
        percent(layer.relativeWeightError),
        percent(layer.thresholdError),
        percent(layer.leakError),
      ]);
      terminal.line(`${result.output}: ${result.size} bytes, ${result.steps} steps of ${result.dt}`);
      const header = ["population", "neurons", "synapses", "lsb", "weight error", "threshold error", "leak error"];
      for (const line of table(header, rows)) terminal.line(line);
    },
  );
}
