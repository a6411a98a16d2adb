import { seededRandom } from "../../../support/random.js";
import type { FoldedNeurons, FoldedTerm } from "../../fold/folded.js";
import type { LevelStore } from "../store.js";
import type { Design } from "./moments.js";

/**
 * What a layer's free weights see: one row a sampled neuron position, one column a weight of an output channel, in the
 * order of the terms and of their weights `[kernelHeight, kernelWidth, in]`.
 */
export interface SampledDesign extends Design {
  /** Which sample and which pixel of the target each row is. */
  readonly samples: Int32Array;
  readonly pixels: Int32Array;
}

/** Most numbers in a design. */
const mostNumbers = 2 ** 25;
/** More rows gain nothing. */
const mostRows = 24_000;

/** Samples rows of a layer over all samples, spread over its pixels. Only terms with one group take part. */
export function sampleDesign(
  layer: FoldedNeurons,
  terms: readonly FoldedTerm[],
  sources: ReadonlyMap<string, LevelStore>,
  count: number,
  seed: number,
): SampledDesign {
  const [height, width] = layer.shape;
  const columns = terms.reduce((sum, term) => sum + columnsOf(term, sources), 0);
  const available = count * height * width;
  const rows = Math.max(1, Math.min(available, mostRows, Math.floor(mostNumbers / columns)));
  const random = seededRandom(seed);
  const levels = new Float32Array(rows * columns);
  const samples = new Int32Array(rows);
  const pixels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    // One row in each of `rows` equal runs of positions: even over the samples, random within.
    const position = Math.min(available - 1, Math.floor(((row + random()) * available) / rows));
    samples[row] = Math.floor(position / (height * width));
    pixels[row] = position % (height * width);
    let at = row * columns;
    for (const term of terms) {
      fillRow(term, sources.get(term.from)!, samples[row]!, pixels[row]!, width, levels, at);
      at += columnsOf(term, sources);
    }
  }
  return { rows, columns, levels, samples, pixels };
}

/** Weights of one output channel in a term with one group. */
export function columnsOf(term: FoldedTerm, sources: ReadonlyMap<string, LevelStore>): number {
  return term.kernel[0] * term.kernel[1] * sources.get(term.from)!.shape[2];
}

function fillRow(
  term: FoldedTerm,
  source: LevelStore,
  sample: number,
  pixel: number,
  targetWidth: number,
  levels: Float32Array,
  at: number,
): void {
  const [sourceHeight, sourceWidth, channels] = source.shape;
  const top = Math.floor(pixel / targetWidth) * term.stride[0] - term.padding[0];
  const left = (pixel % targetWidth) * term.stride[1] - term.padding[1];
  const base = sample * sourceHeight * sourceWidth * channels;
  for (let ky = 0; ky < term.kernel[0]; ky++) {
    const y = top + ky;
    if (y < 0 || y >= sourceHeight) continue;
    for (let kx = 0; kx < term.kernel[1]; kx++) {
      const x = left + kx;
      if (x < 0 || x >= sourceWidth) continue;
      const from = base + (y * sourceWidth + x) * channels;
      const to = at + (ky * term.kernel[1] + kx) * channels;
      for (let c = 0; c < channels; c++) levels[to + c] = source.data[from + c]!;
    }
  }
}

/** Columns `first .. last - 1` of a design. */
export function columnsOfDesign(design: Design, first: number, last: number): Design {
  const columns = last - first;
  if (columns === design.columns) return design;
  const levels = new Float32Array(design.rows * columns);
  for (let row = 0; row < design.rows; row++) {
    const from = row * design.columns;
    levels.set(design.levels.subarray(from + first, from + last), row * columns);
  }
  return { rows: design.rows, columns, levels };
}
