import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { isNetworkFile } from "../../snn/file.js";
import { failure } from "../../support/diagnostic.js";
import { evaluateFloat } from "../../verbs/model/evaluate-float.js";
import { evaluateNetwork, type SpikingAccuracyResult } from "../../verbs/network/evaluate-network.js";
import { simulatedEngines } from "../../verbs/network/open-engine.js";
import { choiceOption } from "../globals.js";
import { loadOptionsOf, type ModelFlags, withModelOptions } from "../model/options.js";
import { type DataFlags, dataOptionsOf, withDataOptions, withScaleOptions } from "../network-options.js";
import type { Terminal } from "../terminal.js";
import { addVerb } from "../verb.js";
import { type EngineFlags, engineOptionsOf, withEngineOptions } from "./verify.js";

interface Flags extends DataFlags, EngineFlags, ModelFlags {
  readonly engine?: string;
}

export function registerEvaluate(program: Command): void {
  addVerb(
    program,
    "evaluate <model>",
    "accuracy of a model (float) or of a converted network on any engine",
    "spikewright evaluate net.spk --data test.idx.gz --labels labels.idx.gz --engine cycle",
    (command) =>
      withEngineOptions(withScaleOptions(withDataOptions(withModelOptions(command))))
        .option("--labels <file>", "classes, same formats as --data")
        .option(
          "--engine <name>",
          `float, ${simulatedEngines.join(", ")} (default: float for models, quantized for networks)`,
        ),
    async (context, _terminal, _command, path: string, flags: Flags): Promise<SpikingAccuracyResult> => {
      const isNetwork = isNetworkFile(new Uint8Array(await readFile(path)));
      const engine = choiceOption("--engine", flags.engine ?? (isNetwork ? "quantized" : "float"), [
        "float",
        ...simulatedEngines,
      ] as const);
      const data = {
        ...dataOptionsOf(flags),
        data: flags.data,
        ...(flags.labels === undefined ? {} : { labels: flags.labels }),
      };
      if (engine === "float") {
        if (!isNetwork) return await evaluateFloat(path, { ...data, ...loadOptionsOf(flags) }, context);
        throw wrongEngine(
          path,
          "float",
          "a converted network",
          "a trained model",
          "Give the model the network was converted from",
        );
      }
      if (isNetwork) return await evaluateNetwork(path, { ...data, ...engineOptionsOf(flags), engine }, context);
      throw wrongEngine(
        path,
        engine,
        "a trained model",
        "a network made by convert",
        "Convert the model first: spikewright convert MODEL -o NET.spk --calibrate DATA",
      );
    },
    renderAccuracy,
  );
}

function wrongEngine(path: string, engine: string, found: string, wanted: string, hint: string) {
  return failure({
    code: "engine-not-for-file",
    message: `Cannot run "${path}" on engine ${engine}: it is ${found}, wanted ${wanted}`,
    place: { file: path },
    found,
    wanted,
    hint,
  });
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
