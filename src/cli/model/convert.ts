import type { Command } from "commander";
import { type ConvertResult, convert } from "../../verbs/model/convert.js";
import { integerOption, isDryRun, seedOf } from "../globals.js";
import { scheduleOption } from "../network/verify.js";
import { dataOptionsOf, withScaleOptions } from "../network-options.js";
import { table } from "../table.js";
import type { Terminal } from "../terminal.js";
import { addVerb } from "../verb.js";
import { loadOptionsOf, type ModelFlags, withModelOptions } from "./options.js";

interface Flags extends ModelFlags {
  readonly output: string;
  readonly calibrate: string;
  readonly labels?: string;
  readonly limit?: string;
  readonly weights: string;
  readonly activations: string;
  readonly inputBits?: string;
  readonly schedule: string;
  readonly inputScale?: string;
  readonly inputOffset?: string;
}

export function registerConvert(program: Command): void {
  addVerb(
    program,
    "convert <model>",
    "turn a trained model into an integer spiking network; prints the conversion ledger and an error table",
    "spikewright convert model.h5 -o net.spk --calibrate train-images.idx.gz --weights 4 --activations 4",
    (command) =>
      withScaleOptions(withModelOptions(command))
        .requiredOption("-o, --output <file>", "network file to write, e.g. net.spk")
        .requiredOption("--calibrate <file>", "training samples that set the ranges")
        .option("--labels <file>", "their classes; only needed where the file leaves kernel rotation open")
        .option("--limit <n>", "use the first n calibration samples (default 2000)")
        .option("--weights <bits>", "bits of weights, 2 to 8", "4")
        .option("--activations <bits>", "bits of activations, 1 to 8", "4")
        .option("--input-bits <bits>", "bits of the input (default: as activations)")
        .option("--schedule <graded|radix|unary|pipelined>", "schedule that engines take unless told", "graded"),
    (context, _terminal, command, model: string, flags: Flags): Promise<ConvertResult> =>
      convert(
        model,
        {
          ...loadOptionsOf(flags),
          ...dataOptionsOf(flags),
          output: flags.output,
          calibrate: flags.calibrate,
          ...(flags.labels === undefined ? {} : { labels: flags.labels }),
          weights: integerOption("--weights", flags.weights, 2, 8),
          activations: integerOption("--activations", flags.activations, 1, 8),
          ...(flags.inputBits === undefined ? {} : { inputBits: integerOption("--input-bits", flags.inputBits, 1, 8) }),
          schedule: scheduleOption(flags.schedule),
          seed: seedOf(command),
          dryRun: isDryRun(command),
        },
        context,
      ),
    render,
  );
}

function render(result: ConvertResult, terminal: Terminal): void {
  terminal.line("Conversion ledger");
  const ledger = result.ledger.map((l) => [l.layer, l.op, l.outcome, l.note]);
  for (const text of table(["layer", "operator", "outcome", "note"], ledger)) terminal.line(text);
  terminal.line();
  terminal.line("Layers (errors against float, in real units, over the calibration samples)");
  const rows = result.layers.map((l) => [
    l.name,
    l.neurons,
    l.weights,
    l.weightBits || "-",
    l.thresholdBits || "-",
    l.membraneBits || "-",
    l.maxError.toPrecision(3),
    l.meanError.toPrecision(3),
  ]);
  const header = [
    "layer",
    "neurons",
    "weights",
    "weight bits",
    "threshold bits",
    "membrane bits",
    "max error",
    "mean error",
  ];
  for (const text of table(header, rows)) terminal.line(text);
  terminal.line();
  const totals = `${result.neuronsTotal.toLocaleString("en-US")} neurons, ${result.weightsTotal.toLocaleString("en-US")} weights`;
  terminal.line(
    `${result.output}: ${totals}, calibrated on ${result.calibrationSamples} samples, schedule ${result.schedule}`,
  );
}
