import type { Command } from "commander";
import type { DataOptions } from "../verbs/model/input.js";
import { integerOption, numberOption } from "./globals.js";

export interface DataFlags {
  readonly data: string;
  readonly labels?: string;
  readonly limit?: string;
  readonly inputScale?: string;
  readonly inputOffset?: string;
}

/** Options of every verb that reads samples. */
export function withDataOptions(command: Command): Command {
  return command
    .requiredOption("--data <file>", "samples: IDX (.gz too), .npy, .npz, CSV, PNG folder")
    .option("--limit <n>", "use the first n samples");
}

export function withScaleOptions(command: Command): Command {
  return command
    .option("--input-scale <x>", "the network sees value * x + offset (8-bit images: 1/255 unless told)")
    .option("--input-offset <x>", "see --input-scale (0 unless told)");
}

export function dataOptionsOf(flags: Omit<DataFlags, "data">): DataOptions {
  return {
    ...(flags.limit === undefined ? {} : { limit: integerOption("--limit", flags.limit, 1, 2 ** 31) }),
    ...(flags.inputScale === undefined ? {} : { inputScale: numberOption("--input-scale", flags.inputScale) }),
    ...(flags.inputOffset === undefined ? {} : { inputOffset: numberOption("--input-offset", flags.inputOffset) }),
  };
}
