import { decodeNumbers, elementReader, isKnownElementType } from "../../bytes/number-array.js";
import { datasetAt, type Hdf5Group } from "../../hdf5/tree.js";
import { checkLabelCount } from "../labels.js";
import { damagedData } from "../samples.js";
import type { EventRecording, EventSamples } from "./events.js";

/** Cochlea channels of the Spiking Heidelberg Digits and Speech Commands. */
const units = 700;
const microsecondsPerSecond = 1e6;

/** Whether an HDF5 file is laid out like the Spiking Heidelberg data sets. */
export function isHeidelberg(root: Hdf5Group): boolean {
  return datasetAt(root, "spikes/times")?.type === "rows" && datasetAt(root, "spikes/units")?.type === "rows";
}

/**
 * Events of a Spiking Heidelberg file: `spikes/times` (seconds, mostly half precision) and `spikes/units` (0..699) hold a
 * sequence a sample, `labels` a class a sample. The unit is `x`; there is one polarity.
 *
 * @throws `data-damaged`, `labels-do-not-match`.
 */
export function readHeidelberg(root: Hdf5Group, file: string): EventSamples {
  const times = datasetAt(root, "spikes/times");
  const channels = datasetAt(root, "spikes/units");
  if (times?.type !== "rows" || channels?.type !== "rows")
    throw damagedData(file, "it has no spikes/times and spikes/units");
  if (!isKnownElementType(times.format) || !isKnownElementType(channels.format))
    throw damagedData(file, "its numbers have an unknown type");
  if (times.rows.length !== channels.rows.length)
    throw damagedData(file, `it has times of ${times.rows.length} samples and units of ${channels.rows.length}`);
  const recordings = times.rows.map((row, i) =>
    recording(row, times.format, channels.rows[i]!, channels.format, file, i),
  );
  const labels = datasetAt(root, "labels");
  const found =
    labels?.type === "number" && isKnownElementType(labels.format)
      ? Int32Array.from(decodeNumbers(labels.bytes, labels.format, true))
      : undefined;
  if (found) checkLabelCount(recordings.length, found.length, file);
  return {
    kind: "events",
    count: recordings.length,
    width: units,
    height: 1,
    polarities: 1,
    recordings,
    ...(found ? { labels: found } : {}),
  };
}

type Format = Parameters<typeof isKnownElementType>[0];

function recording(
  timeBytes: Uint8Array,
  timeFormat: Format,
  unitBytes: Uint8Array,
  unitFormat: Format,
  file: string,
  sample: number,
): EventRecording {
  const count = timeBytes.length / timeFormat.size;
  if (count !== unitBytes.length / unitFormat.size)
    throw damagedData(file, `sample ${sample} has different numbers of times and units`);
  const readTime = elementReader(
    new DataView(timeBytes.buffer, timeBytes.byteOffset, timeBytes.byteLength),
    timeFormat,
    true,
  );
  const readUnit = elementReader(
    new DataView(unitBytes.buffer, unitBytes.byteOffset, unitBytes.byteLength),
    unitFormat,
    true,
  );
  const times = new Float64Array(count);
  const x = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    const unit = readUnit(i * unitFormat.size);
    const time = readTime(i * timeFormat.size);
    if (!(unit >= 0 && unit < units && Number.isInteger(unit)))
      throw damagedData(file, `sample ${sample} has unit ${unit}, wanted 0..${units - 1}`);
    if (!(time >= 0 && Number.isFinite(time))) throw damagedData(file, `sample ${sample} has time ${time}`);
    times[i] = time * microsecondsPerSecond;
    x[i] = unit;
  }
  return { times, x, y: new Uint16Array(count), polarity: new Uint8Array(count) };
}
