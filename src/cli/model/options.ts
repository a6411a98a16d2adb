import type { Command } from "commander";
import type { FlipKernels } from "../../frontend/keras/kernel-flip.js";
import type { LoadOptions } from "../../frontend/load.js";
import { choiceOption } from "../globals.js";

export interface ModelFlags {
  readonly topology?: string;
  readonly flipKernels?: string;
}

/** Options of every verb that reads a model file. */
export function withModelOptions(command: Command): Command {
  return command
    .option("--topology <json>", "architecture of a weights-only Keras file")
    .option("--flip-kernels <auto|yes|no>", "rotate convolution kernels of files of old Keras under Theano", "auto");
}

export function loadOptionsOf(flags: ModelFlags): LoadOptions {
  return {
    ...(flags.topology === undefined ? {} : { topology: flags.topology }),
    flipKernels: choiceOption<FlipKernels>("--flip-kernels", flags.flipKernels ?? "auto", ["auto", "yes", "no"]),
  };
}
