import { type FittedSamples, fitShape } from "../../frontend/data/fit.js";
import { checkLabelCount } from "../../frontend/data/labels.js";
import { type ImageLayout, moveChannels } from "../../frontend/data/layout.js";
import { loadLabels, loadSamples } from "../../frontend/data/load.js";
import type { SampleOptions, Samples } from "../../frontend/data/samples.js";
import { failure } from "../../support/diagnostic.js";
import type { VerbContext } from "../context.js";

/** What the network sees is `value * inputScale + inputOffset`. */
export interface InputScaling {
  readonly inputScale: number;
  readonly inputOffset: number;
}

export interface DataOptions extends Partial<InputScaling> {
  /** Use at most this many samples. */
  readonly limit?: number;
  /** Axis order of the samples in the data, where it is not that of the model. */
  readonly inputLayout?: ImageLayout;
  /** Column of a table that holds the class: its name, or its index (negative: from the end). */
  readonly labelColumn?: string | number;
  /** Array of an `.npz` that holds the samples. */
  readonly array?: string;
}

/** The options that the readers of data take. */
function readingOf({ limit, labelColumn, array }: DataOptions): SampleOptions {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(labelColumn === undefined ? {} : { labelColumn }),
    ...(array === undefined ? {} : { array }),
  };
}

/** 8-bit images are scaled to 0..1 unless told otherwise; everything else is taken as it is. */
export function scalingOf(samples: Samples, options: Partial<InputScaling>): InputScaling {
  return {
    inputScale: options.inputScale ?? (samples.isByte ? 1 / 255 : 1),
    inputOffset: options.inputOffset ?? 0,
  };
}

/** Arrays of an `.npz` with labels go by their own names. */
function labelReadingOf({ limit, labelColumn }: DataOptions): SampleOptions {
  return readingOf({
    ...(limit === undefined ? {} : { limit }),
    ...(labelColumn === undefined ? {} : { labelColumn }),
  });
}

/** Reads samples and gives them the model's input shape, saying so when they had another. */
export async function readSamples(
  path: string,
  inputShape: readonly number[],
  options: DataOptions & { readonly labels?: string },
  context: VerbContext,
): Promise<Samples> {
  // A file of labels has the column, unless there is none.
  const { labelColumn: column, ...others } = options;
  const isOwn = column !== undefined && options.labels === undefined;
  const read = await loadSamples(path, readingOf(isOwn ? options : others));
  const loaded = options.inputLayout === undefined ? read : moveChannels(read, options.inputLayout, inputShape);
  const { samples, note }: FittedSamples = fitShape(loaded, inputShape);
  if (note !== "") context.note?.(note);
  if (samples.count > 0) return samples;
  throw failure({
    code: "data-empty",
    message: `Cannot use "${path}": it has no samples`,
    place: { file: path },
    hint: "Give a file with at least one sample",
  });
}

/**
 * Class of each sample: from `labels`, else from the samples themselves.
 *
 * @throws `labels-do-not-match` when there are fewer or more labels than samples, `labels-missing` when there are none.
 */
export async function readLabels(
  path: string | undefined,
  samples: Samples,
  options: DataOptions,
): Promise<Int32Array> {
  if (path === undefined) {
    if (samples.labels) return samples.labels;
    throw failure({
      code: "labels-missing",
      message: "Cannot tell the accuracy: no labels were given",
      wanted: "one class a sample",
      hint: "Give them with --labels",
    });
  }
  const labels = await loadLabels(path, labelReadingOf(options));
  checkLabelCount(samples.count, labels.length, path);
  return labels;
}

/** Scaled copy of the samples, as the float network sees them. */
export function scaled(samples: Samples, { inputScale, inputOffset }: InputScaling): Float32Array {
  return samples.data.map((value) => value * inputScale + inputOffset);
}
