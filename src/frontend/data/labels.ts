import { failure, type SpikewrightError } from "../../support/diagnostic.js";
import type { DataArray } from "./samples.js";

/**
 * Class indices from an array: one number a sample (`[n]` or `[n, 1]`), or one-hot rows `[n, classes]`.
 *
 * @throws `labels-not-classes`.
 */
export function classIndices(array: DataArray, file: string): Int32Array {
  const [count = 0, ...rest] = array.shape;
  const width = rest.reduce((product, n) => product * n, 1);
  if (array.shape.length === 0 || array.shape.length > 2)
    throw notClasses(file, `their shape is [${array.shape.join(", ")}]`);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const label = width === 1 ? array.data[i]! : hotColumn(array.data.subarray(i * width, (i + 1) * width));
    if (label === undefined) throw notClasses(file, `row ${i} is not one-hot`);
    if (!Number.isInteger(label) || label < 0 || label >= 2 ** 24) throw notClasses(file, `label ${i} is ${label}`);
    labels[i] = label;
  }
  return labels;
}

/** Index of the only value above the others, which are all equal; undefined when there is none. */
function hotColumn(row: Float32Array): number | undefined {
  let hot = 0;
  for (let i = 1; i < row.length; i++) if (row[i]! > row[hot]!) hot = i;
  const cold = row[hot === 0 ? 1 : 0]!;
  if (!(row[hot]! > cold)) return undefined;
  return row.every((value, i) => i === hot || value === cold) ? hot : undefined;
}

function notClasses(file: string, reason: string): SpikewrightError {
  return failure({
    code: "labels-not-classes",
    message: `Cannot read labels of "${file}": ${reason}`,
    place: { file },
    wanted: "one class index of 0 or more a sample, or one-hot rows",
    hint: "Give a file of class indices",
  });
}

/**
 * Check that there is a label for every sample.
 *
 * @throws `labels-do-not-match`.
 */
export function checkLabelCount(samples: number, labels: number, file?: string): void {
  if (samples === labels) return;
  throw failure({
    code: "labels-do-not-match",
    message: `Cannot use ${file === undefined ? "the labels" : `"${file}"`}: it has ${labels} labels for ${samples} samples`,
    ...(file === undefined ? {} : { place: { file } }),
    found: `${labels} labels`,
    wanted: `${samples} labels`,
    hint: "Give the labels that belong to these samples",
  });
}
