import type { Command } from "commander";
import type { DataOptions } from "../verbs/model/input.js";
import { choiceOption, integerOption, numberOption } from "./globals.js";

export interface DataFlags {
  readonly data: string;
  readonly labels?: string;
  readonly limit?: string;
  readonly inputScale?: string;
  readonly inputOffset?: string;
  readonly inputLayout?: string;
  readonly labelColumn?: string;
  readonly array?: string;
}

/** Options of every verb that reads samples. */
export function withDataOptions(command: Command): Command {
  return command
    .requiredOption("--data <file>", "samples: IDX (.gz too), .npy, .npz, CSV, PNG folder")
    .option("--limit <n>", "use the first n samples");
}

export function withScaleOptions(command: Command): Command {
  return command
    .option(
      "--input-layout <channels-last|channels-first>",
      "axis order of the data, where it is not that of the model",
    )
    .option("--label-column <name|index>", "column of a table with the classes (negative: from the end)")
    .option("--array <name>", "array of an .npz with the samples")
    .option("--input-scale <x>", "the network sees value * x + offset (8-bit images: 1/255 unless told)")
    .option("--input-offset <x>", "see --input-scale (0 unless told)");
}

export function dataOptionsOf(flags: Omit<DataFlags, "data">): DataOptions {
  return {
    ...(flags.limit === undefined ? {} : { limit: integerOption("--limit", flags.limit, 1, 2 ** 31) }),
    ...(flags.inputLayout === undefined
      ? {}
      : { inputLayout: choiceOption("--input-layout", flags.inputLayout, ["channels-last", "channels-first"]) }),
    ...(flags.labelColumn === undefined
      ? {}
      : { labelColumn: /^-?\d+$/.test(flags.labelColumn) ? Number(flags.labelColumn) : flags.labelColumn }),
    ...(flags.array === undefined ? {} : { array: flags.array }),
    ...(flags.inputScale === undefined ? {} : { inputScale: numberOption("--input-scale", flags.inputScale) }),
    ...(flags.inputOffset === undefined ? {} : { inputOffset: numberOption("--input-offset", flags.inputOffset) }),
  };
}
