import { failure } from "../../../support/diagnostic.js";
import { ZipArchive } from "../../bytes/zip.js";
import { type DataArray, damagedData, type SampleOptions } from "../samples.js";
import { readNpy } from "./npy.js";

const sampleNames = ["x", "X", "data", "images", "samples", "x_test", "X_test", "test_images", "arr_0"];
const labelNames = ["y", "Y", "labels", "label", "targets", "y_test", "Y_test", "test_labels", "arr_1"];

/** Samples and, where the archive has them under a usual name, labels. */
export interface NpzContent {
  readonly samples: DataArray;
  readonly labels?: DataArray;
}

/**
 * Read samples of an `.npz` archive. The array is the one named by `options.array`, the only one, or the first of the
 * usual names (`x`, `data`, `images`, `x_test`, `arr_0` …); labels likewise (`y`, `labels`, `y_test`, `arr_1` …).
 *
 * @throws `npz-array-unknown`, and those of `readNpy` and `ZipArchive`.
 */
export function readNpz(bytes: Uint8Array, file: string, options: SampleOptions): NpzContent {
  const archive = new ZipArchive(bytes, file);
  const names = [...archive.entries.keys()].filter((name) => name.endsWith(".npy")).map((name) => name.slice(0, -4));
  const samples = choose(names, options.array, sampleNames, file);
  const labels = labelNames.find((name) => names.includes(name) && name !== samples);
  return {
    samples: readEntry(archive, samples, file, options.limit),
    ...(labels === undefined || options.array !== undefined
      ? {}
      : { labels: readEntry(archive, labels, file, options.limit) }),
  };
}

/** Read labels of an `.npz` archive; the array is chosen as in `readNpz`. */
export function readNpzLabels(bytes: Uint8Array, file: string, options: SampleOptions): DataArray {
  const archive = new ZipArchive(bytes, file);
  const names = [...archive.entries.keys()].filter((name) => name.endsWith(".npy")).map((name) => name.slice(0, -4));
  return readEntry(archive, choose(names, options.array, labelNames, file), file, options.limit);
}

function choose(names: readonly string[], wanted: string | undefined, usual: readonly string[], file: string): string {
  const found =
    wanted !== undefined
      ? names.find((name) => name === wanted)
      : names.length === 1
        ? names[0]
        : usual.find((name) => names.includes(name));
  if (found !== undefined) return found;
  throw failure({
    code: "npz-array-unknown",
    message: `Cannot choose an array of "${file}": it has ${names.slice(0, 20).join(", ") || "none"}, wanted ${wanted ?? usual.join(" or ")}`,
    place: { file },
    hint: "Save the array alone as .npy, or under one of these names",
  });
}

function readEntry(archive: ZipArchive, name: string, file: string, limit: number | undefined): DataArray {
  const content = archive.read(`${name}.npy`);
  if (!content) throw damagedData(file, `array "${name}" is missing`);
  return readNpy(content, `${file}/${name}`, limit);
}
