import { readFile } from "node:fs/promises";
import type { LoadOptions } from "../frontend/load.js";
import { isNetworkFile } from "../snn/file.js";
import { failure, SpikewrightError } from "../support/diagnostic.js";
import type { VerbContext } from "./context.js";
import { evaluateFloat } from "./model/evaluate-float.js";
import {
  type EvaluateNetworkOptions,
  evaluateNetwork,
  type SpikingAccuracyResult,
} from "./network/evaluate-network.js";
import type { simulatedEngines } from "./network/open-engine.js";
import { evaluateNir } from "./nir/evaluate-nir.js";
import type { NirDynamicsChoice, NirInputOptions } from "./nir/open-nir.js";

export interface EvaluateOptions extends Omit<EvaluateNetworkOptions, "engine">, LoadOptions {
  /** Default: `float` for models, `quantized` for converted networks, `snn` for networks with dynamics. */
  readonly engine?: "float" | (typeof simulatedEngines)[number];
  /** How a NIR graph runs. */
  readonly nir?: NirDynamicsChoice & Pick<NirInputOptions, "steps" | "isSequence">;
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
  const { engine, nir = {}, ...rest } = options;
  if (!isNetwork && (engine === undefined || engine === "float")) {
    try {
      return await evaluateFloat(path, rest, context, () => refuseNir(nir, path));
    } catch (error) {
      if (!(error instanceof SpikewrightError) || error.diagnostics[0]?.code !== "nir-not-layers") throw error;
      return await evaluateNir(path, { ...rest, ...nir }, context);
    }
  }
  refuseNir(nir, path);
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

/** Refuses what only says something about NIR graphs. */
function refuseNir(nir: object, path: string): void {
  const [given] = Object.keys(nir);
  if (given === undefined) return;
  throw failure({
    code: "option-not-for-file",
    message: `Cannot use "${given}" with "${path}": it is no NIR graph`,
    place: { file: path, item: given },
    hint: "Leave the option out",
  });
}
