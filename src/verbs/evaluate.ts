import { readFile } from "node:fs/promises";
import type { LoadOptions } from "../frontend/load.js";
import { isNetworkFile } from "../snn/file.js";
import { failure } from "../support/diagnostic.js";
import type { VerbContext } from "./context.js";
import { evaluateFloat } from "./model/evaluate-float.js";
import {
  type EvaluateNetworkOptions,
  evaluateNetwork,
  type SpikingAccuracyResult,
} from "./network/evaluate-network.js";
import type { simulatedEngines } from "./network/open-engine.js";

export interface EvaluateOptions extends Omit<EvaluateNetworkOptions, "engine">, LoadOptions {
  /** Default: `float` for models, `quantized` for converted networks, `snn` for networks with dynamics. */
  readonly engine?: "float" | (typeof simulatedEngines)[number];
}

/**
 * Accuracy of a model in float, or of a converted network on any engine, on labelled data.
 *
 * @param path A trained model, or NET.spk: told apart by content.
 * @throws `engine-not-for-file` when the engine does not run such a file.
 */
export async function evaluate(
  path: string,
  options: EvaluateOptions,
  context: VerbContext = {},
): Promise<SpikingAccuracyResult> {
  const isNetwork = isNetworkFile(new Uint8Array(await readFile(path)));
  const { engine, ...rest } = options;
  if (!isNetwork && (engine === undefined || engine === "float")) return await evaluateFloat(path, rest, context);
  if (isNetwork && engine !== "float")
    return await evaluateNetwork(path, { ...rest, ...(engine === undefined ? {} : { engine }) }, context);
  const [found, wanted, hint] = isNetwork
    ? ["a converted network", "a trained model", "Give the model that the network was converted from"]
    : [
        "a trained model",
        "a network made by convert",
        "Convert the model first: spikewright convert MODEL -o NET.spk --calibrate DATA",
      ];
  throw failure({
    code: "engine-not-for-file",
    message: `Cannot run "${path}" on engine ${engine}: it is ${found}, wanted ${wanted}`,
    place: { file: path },
    found,
    wanted,
    hint,
  });
}
