import { failure, type SpikewrightError } from "../../support/diagnostic.js";

/** Samples as numbers, as the file has them: no scaling. */
export interface Samples {
  readonly kind: "dense";
  readonly count: number;
  /** Shape of one sample. */
  readonly shape: readonly number[];
  /** `count` samples one after the other, each row-major. */
  readonly data: Float32Array;
  /** Class index of each sample. */
  readonly labels?: Int32Array;
  /** The values are stored as unsigned bytes, as in images: 0..255. */
  readonly isByte?: boolean;
  /** The samples are rows of a table, one of whose columns may be the label. */
  readonly isTable?: boolean;
}

export interface SampleOptions {
  /** Read at most this many samples. */
  readonly limit?: number;
  /** Column of a table that holds the label: its name, or its index (negative: from the end). */
  readonly labelColumn?: string | number;
  /** Array of an `.npz` that holds the samples (or labels). */
  readonly array?: string;
}

/** An array of a data file before it is taken for samples or labels. */
export interface DataArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** The values are stored as unsigned bytes. */
  readonly isByte?: boolean;
}

/** Largest number of values that one file may give. */
const mostValues = 2 ** 28;

/**
 * Check the extents of an array before memory is taken for it.
 *
 * @returns The number of elements.
 * @throws `data-too-large` above 2^28 elements, `data-damaged` for extents that are no counts.
 */
export function checkExtents(shape: readonly number[], file: string): number {
  if (shape.length > 8 || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw damagedData(file, `its shape is [${shape.slice(0, 12).join(", ")}]`);
  }
  const count = shape.reduce((product, n) => product * n, 1);
  if (count <= mostValues) return count;
  throw failure({
    code: "data-too-large",
    message: `Cannot read "${file}": it has ${count} values, wanted at most ${mostValues}`,
    place: { file },
    found: `${count} values`,
    wanted: `at most ${mostValues} values`,
    hint: "Read fewer samples with --limit, or split the file",
  });
}

/** An error about a data file that is not what its format wants. */
export function damagedData(file: string, reason: string, hint?: string): SpikewrightError {
  return failure({
    code: "data-damaged",
    message: `Cannot read "${file}": ${reason}`,
    place: { file },
    hint: hint ?? "Copy or download the file again; it is damaged or incomplete",
  });
}

/** The shape with its first extent cut to `limit`. */
export function limited(shape: readonly number[], limit: number | undefined): readonly number[] {
  return shape.length === 0 || limit === undefined ? shape : [Math.min(shape[0]!, limit), ...shape.slice(1)];
}

/**
 * Check that every value is finite.
 *
 * @throws `data-not-finite`.
 */
export function checkFinite(array: DataArray, file: string): void {
  const { data } = array;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i]!)) continue;
    throw failure({
      code: "data-not-finite",
      message: `Cannot use "${file}": value ${i} is ${data[i]}, wanted a finite number`,
      place: { file },
      hint: "Replace missing values before using the data",
    });
  }
}
