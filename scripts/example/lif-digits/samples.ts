import { loadSamples } from "../../../src/frontend/data/load.js";
import { type DynamicsGraph, encodeSample, type SampleEncoding } from "../../../src/index.js";
import { failure } from "../../../src/support/diagnostic.js";
import { pixels } from "./network.js";

/** A digit as the network takes it, and its class. */
export interface DigitSample {
  /** `events[step * 64 + pixel]`, 0 or 1. */
  readonly events: Uint8Array;
  readonly label: number;
}

/** A pixel of value v fires in about `v / 15` of the steps, at even distances; values are 0..16. */
export const encoding: SampleEncoding = { kind: "regular", scale: 17, offset: 0 };

/** Rows of 64 pixels 0..16 and a class, as CSV. */
interface DigitTable {
  readonly count: number;
  readonly rows: ArrayLike<number>;
}

export async function readDigits(path: string): Promise<DigitTable> {
  const { count, shape, data } = await loadSamples(path);
  if (data.length === count * (pixels + 1)) return { count, rows: data };
  throw failure({
    code: "wrong-shape",
    message: `Cannot read digits from "${path}": samples of shape [${shape.join(", ")}], wanted 64 pixels and a class`,
    place: { file: path },
  });
}

/** The first half is for training; the second half comes from other writers and is for tests. */
export function halves(
  graph: DynamicsGraph,
  { count, rows }: DigitTable,
): { readonly train: readonly DigitSample[]; readonly test: readonly DigitSample[] } {
  const columns = pixels + 1;
  const samples = Array.from({ length: count }, (_, n): DigitSample => {
    const image = Array.from({ length: pixels }, (_, i) => rows[n * columns + i]!);
    return { events: encodeSample(graph, encoding, image), label: rows[n * columns + pixels]! };
  });
  const half = Math.floor(count / 2);
  return { train: samples.slice(0, half), test: samples.slice(half) };
}
