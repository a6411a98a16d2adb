import type { AnnGraph } from "../../ann/graph.js";
import type { Samples } from "../../frontend/data/samples.js";
import { kernelFlipUncertain } from "../../frontend/keras/kernel-flip.js";
import { type LoadOptions, loadModel } from "../../frontend/load.js";
import type { LedgerLine } from "../../quantize/ledger.js";
import { type QuantizeOptions, type QuantizeResult, quantize } from "../../quantize/quantize.js";
import { writeNetwork } from "../../snn/file.js";
import type { Schedule } from "../../snn/graph.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";
import { writeWhole } from "../write-file.js";
import { loadDecided } from "./float-accuracy.js";
import { type DataOptions, readLabels, readSamples, scaled, scalingOf } from "./input.js";

export interface ConvertOptions extends DataOptions, LoadOptions {
  readonly output: string;
  /** Samples that set the ranges: training data, never the test set. `limit` of them are used. */
  readonly calibrate: string;
  /** Classes of the calibration samples; only used to decide about rotated kernels. */
  readonly labels?: string;
  /** Bits of weights, 2..8. Default 4. */
  readonly weights?: number;
  /** Bits of activations, 1..8. Default 4. */
  readonly activations?: number;
  /** Bits of the input. Default: as activations. */
  readonly inputBits?: number;
  readonly perLayer?: QuantizeOptions["perLayer"];
  readonly method?: QuantizeOptions["method"];
  /** Schedule that engines take unless told otherwise. Default `graded`. */
  readonly schedule?: Schedule;
  readonly seed?: number;
  /** Do everything but write the file. */
  readonly dryRun?: boolean;
}

export interface ConvertResult {
  /** Path of the network file. */
  readonly output: string;
  readonly schedule: Schedule;
  readonly calibrationSamples: number;
  readonly ledger: readonly LedgerLine[];
  readonly layers: QuantizeResult["layers"];
  readonly weightsTotal: number;
  readonly neuronsTotal: number;
}

/** Samples used for calibration unless `limit` says otherwise. */
const defaultCalibration = 2000;

/** Turns a trained model into an integer spiking network and writes it as NET.spk. */
export async function convert(
  model: string,
  options: ConvertOptions,
  context: VerbContext = {},
): Promise<ConvertResult> {
  const first = await loadModel(model, options);
  const limit = options.limit ?? defaultCalibration;
  const samples = await readSamples(options.calibrate, first.inputs[0]!.shape, { ...options, limit }, context);
  const scaling = scalingOf(samples, options);
  warnAboutScale(samples, scaling.inputScale, scaling.inputOffset, context);
  const graph = await decidedGraph(model, options, samples, context);
  const result = await quantize(
    graph,
    { data: samples.data, count: samples.count },
    {
      weightBits: options.weights ?? 4,
      activationBits: options.activations ?? 4,
      ...(options.inputBits === undefined ? {} : { inputBits: options.inputBits }),
      ...(options.perLayer === undefined ? {} : { perLayer: options.perLayer }),
      ...(options.method === undefined ? {} : { method: options.method }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...scaling,
    },
    context.progress,
  );
  const schedule = options.schedule ?? "graded";
  const { quant, ledger, layers } = result;
  if (!options.dryRun) {
    const report = layers.map((layer) => ({ ...layer }));
    await writeWhole(options.output, writeNetwork({ quant, schedule, source: graph.source, ledger, report }));
  }
  return {
    output: options.output,
    schedule,
    calibrationSamples: samples.count,
    ledger,
    layers,
    weightsTotal: layers.reduce((sum, layer) => sum + layer.weights, 0),
    neuronsTotal: layers.reduce((sum, layer) => sum + layer.neurons, 0),
  };
}

/**
 * The model with its convolution kernels the right way round.
 *
 * @throws `kernel-flip-uncertain` when the file does not say and there are no labelled samples to tell.
 */
async function decidedGraph(
  model: string,
  options: ConvertOptions,
  samples: Samples,
  context: VerbContext,
): Promise<AnnGraph> {
  const graph = await loadModel(model, options);
  if (!kernelFlipUncertain(graph)) return graph;
  if (options.labels === undefined && !samples.labels) {
    throw failure({
      code: "kernel-flip-uncertain",
      message: `Cannot tell whether the convolution kernels of "${model}" are rotated: the file does not say, wanted labelled data or a choice`,
      place: { file: model, item: "--flip-kernels" },
      wanted: "--flip-kernels yes or no, or --labels",
      hint: "Give the classes of the calibration samples with --labels, or say --flip-kernels yes or no",
    });
  }
  const labels = (await readLabels(options.labels, samples, { limit: samples.count })).subarray(0, samples.count);
  return await loadDecided(model, options, { data: scaled(samples, scalingOf(samples, options)), labels }, context);
}

/** A hint when the network would see values far from what networks are trained on. */
function warnAboutScale(samples: Samples, scale: number, offset: number, context: VerbContext): void {
  let largest = 0;
  for (const value of samples.data) largest = Math.max(largest, Math.abs(value * scale + offset));
  // Bytes that were scaled twice reach 1/255.
  if (largest <= 16 && largest > 1 / 64) return;
  context.warn?.({
    code: "input-scale-unusual",
    severity: "warning",
    message: `The largest input that the network sees is ${largest.toPrecision(3)}: most networks are trained on values near 0..1`,
    place: { item: "--input-scale" },
    found: largest.toPrecision(3),
    hint: "Give --input-scale and --input-offset as in training, e.g. --input-scale 1/255",
  });
}
