import { stat } from "node:fs/promises";
import { failure } from "../../support/diagnostic.js";
import { readWhole } from "../bytes/file.js";
import { inflate, isGzip } from "../bytes/inflate.js";
import { isZip } from "../bytes/zip.js";
import { isIdx, readIdx } from "./array/idx.js";
import { isNpy, readNpy } from "./array/npy.js";
import { readNpz, readNpzLabels } from "./array/npz.js";
import { readImage, readImageFolder, shapeOf } from "./image/image-folder.js";
import { isPng } from "./image/png.js";
import { checkLabelCount, classIndices } from "./labels.js";
import { checkFinite, type DataArray, type SampleOptions, type Samples } from "./samples.js";
import { readCsv } from "./table/csv.js";
import { tableLabels, tableSamples } from "./table/table.js";

/** Bytes that a compressed data file may hold. */
const largestContent = 2 ** 30;

/**
 * Read samples: IDX, `.npy`, `.npz`, CSV (each but `.npz` also with gzip), a PNG image, or a folder of PNG images. The
 * format is recognised by content. Values are as stored.
 *
 * @throws `data-format-unknown`, `data-damaged`, `data-too-large`, `data-not-finite`, `labels-do-not-match` and the codes of
 *   the readers.
 */
export async function loadSamples(path: string, options: SampleOptions = {}): Promise<Samples> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) return await readImageFolder(path, options.limit);
  const bytes = await readData(path);
  if (isPng(bytes)) {
    const image = await readImage(path);
    return { kind: "dense", count: 1, shape: shapeOf(image), data: image.data, isByte: image.isByte };
  }
  if (isIdx(bytes)) return samplesOf(readIdx(bytes, path, options.limit), path);
  if (isNpy(bytes)) return samplesOf(readNpy(bytes, path, options.limit), path);
  if (isZip(bytes)) {
    const { samples, labels } = readNpz(bytes, path, options);
    return samplesOf(samples, path, labels);
  }
  if (!isText(bytes)) throw unknownFormat(path);
  const samples = tableSamples(readCsv(bytes, path, options.limit), path, options.labelColumn);
  checkFinite({ shape: [samples.count, ...samples.shape], data: samples.data }, path);
  return samples;
}

/**
 * Read labels as class indices: the formats of `loadSamples` but images, one number a sample or one-hot rows; of a table
 * with several columns that are not one-hot, the last column unless `options.labelColumn` names another.
 *
 * @throws `labels-not-classes`, `data-format-unknown` and the codes of the readers.
 */
export async function loadLabels(path: string, options: SampleOptions = {}): Promise<Int32Array> {
  const bytes = await readData(path);
  if (isIdx(bytes)) return classIndices(readIdx(bytes, path, options.limit), path);
  if (isNpy(bytes)) return classIndices(readNpy(bytes, path, options.limit), path);
  if (isZip(bytes)) return classIndices(readNpzLabels(bytes, path, options), path);
  if (!isText(bytes)) throw unknownFormat(path);
  return tableLabels(readCsv(bytes, path, options.limit), path, options.labelColumn);
}

async function readData(path: string): Promise<Uint8Array> {
  const bytes = await readWhole(path);
  return isGzip(bytes) ? inflate(bytes, "gzip", largestContent, path) : bytes;
}

function samplesOf(array: DataArray, file: string, labels?: DataArray): Samples {
  checkFinite(array, file);
  const [count = 1, ...shape] = array.shape;
  const found = labels && classIndices(labels, file);
  if (found) checkLabelCount(count, found.length, file);
  return {
    kind: "dense",
    count,
    shape,
    data: array.data,
    isByte: array.isByte === true,
    ...(found ? { labels: found } : {}),
  };
}

function isText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, 4096).some((byte) => byte < 9 || (byte > 13 && byte < 32));
}

function unknownFormat(file: string) {
  return failure({
    code: "data-format-unknown",
    message: `Cannot read "${file}": no reader knows its format`,
    place: { file },
    wanted: "IDX, .npy, .npz, CSV, PNG or a folder of PNG images",
    hint: "Convert the data to one of these formats",
  });
}
