import type { Command } from "commander";
import { evaluate } from "../../verbs/evaluate.js";
import type { SpikingAccuracyResult } from "../../verbs/network/evaluate-network.js";
import { simulatedEngines } from "../../verbs/network/open-engine.js";
import { choiceOption } from "../globals.js";
import { loadOptionsOf, type ModelFlags, withModelOptions } from "../model/options.js";
import { type DataFlags, dataOptionsOf, withDataOptions, withScaleOptions } from "../network-options.js";
import type { Terminal } from "../terminal.js";
import { addVerb } from "../verb.js";
import { type NirFlags, nirOptionsOf, withNirOptions } from "./nir-options.js";
import { type EngineFlags, engineOptionsOf, withEngineOptions } from "./verify.js";

const engines = ["float", ...simulatedEngines] as const;

interface Flags extends DataFlags, EngineFlags, ModelFlags, NirFlags {
  readonly engine?: string;
}

export function registerEvaluate(program: Command): void {
  addVerb(
    program,
    "evaluate <model>",
    "accuracy of a model or a NIR graph (float), or of a converted network on any engine",
    "spikewright evaluate net.spk --data test.idx.gz --labels labels.idx.gz --engine cycle",
    (command) =>
      withNirOptions(withEngineOptions(withScaleOptions(withDataOptions(withModelOptions(command)))))
        .option("--labels <file>", "classes, same formats as --data")
        .option(
          "--engine <name>",
          `float, ${simulatedEngines.join(", ")} (default: float for models, quantized for networks, snn for those with dynamics)`,
        ),
    (context, _terminal, _command, path: string, flags: Flags): Promise<SpikingAccuracyResult> =>
      evaluate(
        path,
        {
          ...dataOptionsOf(flags),
          ...loadOptionsOf(flags),
          ...engineOptionsOf(flags),
          data: flags.data,
          nir: nirOptionsOf(flags),
          ...(flags.labels === undefined ? {} : { labels: flags.labels }),
          ...(flags.engine === undefined ? {} : { engine: choiceOption("--engine", flags.engine, engines) }),
        },
        context,
      ),
    renderAccuracy,
  );
}

export function renderAccuracy(result: SpikingAccuracyResult, terminal: Terminal): void {
  terminal.line(
    `accuracy ${(100 * result.accuracy).toFixed(2)} % on ${result.samples} samples, engine ${result.engine}`,
  );
  if (result.cyclesPerSample) {
    const { mean, min, max } = result.cyclesPerSample;
    terminal.line(`clock cycles a sample: ${mean.toFixed(1)} (${min} to ${max})`);
  }
  if (result.synapticOperationsPerSample !== undefined) {
    const operations = result.synapticOperationsPerSample.toFixed(0);
    terminal.line(`a sample: ${result.spikesPerSample?.toFixed(1)} spikes, ${operations} synaptic operations`);
  }
  terminal.line(`${result.wallSeconds.toFixed(2)} s, ${result.samplesPerSecond.toFixed(0)} samples/s`);
}
