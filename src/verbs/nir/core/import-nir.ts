import { basename } from "node:path";
import { loadFile } from "../../../frontend/load.js";
import type { NirDialect, NirReset } from "../../../frontend/nir/dynamics.js";
import type { SampleEncoding } from "../../../snn/dynamics/encoding.js";
import { writeDynamics } from "../../../snn/dynamics/file/file.js";
import { failure } from "../../../support/diagnostic.js";
import type { VerbContext } from "../../context.js";
import { writeWhole } from "../../write-file.js";
import { importNirGraph, type NirLayerError } from "./import.js";

export interface ImportNirOptions {
  /** NET.spk to write. */
  readonly output: string;
  /** Steps of a sample. */
  readonly steps: number;
  /** Bits of a weight, 2..8. Default 8. */
  readonly weightBits?: number;
  /** How raw data become events. Default `regular`: a value of 1 is an event in every step. */
  readonly encoding?: Exclude<SampleEncoding["kind"], "delta">;
  /** Raw values are multiplied with it to levels 0..255. Default 256, and 1 where the data are events. */
  readonly inputScale?: number;
  readonly dt?: number;
  readonly reset?: NirReset;
  readonly dialect?: NirDialect;
  readonly dryRun?: boolean;
}

export interface ImportNirResult {
  readonly output: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly steps: number;
  readonly dt: number;
  readonly dtReason: string;
  readonly reset: string;
  readonly resetReason: string;
  readonly layers: readonly NirLayerError[];
}

/**
 * Quantises a NIR graph to a network with dynamics and writes it.
 *
 * @throws SpikewrightError as `importNirGraph`; `engine-not-for-file` for other files.
 */
export async function importNir(
  path: string,
  options: ImportNirOptions,
  context: VerbContext = {},
): Promise<ImportNirResult> {
  const loaded = await loadFile(path);
  if (loaded.kind !== "nir")
    throw failure({
      code: "engine-not-for-file",
      message: `Cannot import "${path}": it is a trained model, wanted a NIR graph`,
      place: { file: path },
      hint: "Convert the model: spikewright convert MODEL -o NET.spk --calibrate DATA",
    });
  for (const note of loaded.nir.notes) context.warn?.(note);
  const { output, steps, weightBits, encoding = "regular", inputScale, dt, reset, dialect, dryRun } = options;
  const { graph, layers, ...dynamics } = importNirGraph(loaded.nir.graph, {
    steps,
    ...(weightBits === undefined ? {} : { weightBits }),
    ...(dt === undefined ? {} : { dt }),
    ...(reset === undefined ? {} : { reset }),
    ...(dialect === undefined ? {} : { dialect }),
  });
  context.note?.(`step ${dynamics.dt}: ${dynamics.dtReason}; reset ${dynamics.reset}: ${dynamics.resetReason}`);
  const bytes = writeDynamics({
    graph,
    encoding: { kind: encoding, scale: inputScale ?? (encoding === "events" ? 1 : 256), offset: 0 },
    source: { format: "nir", file: basename(path) },
  });
  if (!dryRun) await writeWhole(output, bytes);
  return { output, size: bytes.length, steps, ...dynamics, layers };
}
