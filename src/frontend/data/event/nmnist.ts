import { readWhole } from "../../bytes/file.js";
import { listSampleFiles } from "../folder.js";
import { damagedData } from "../samples.js";
import type { EventRecording, EventSamples } from "./events.js";

/** Side of the sensor of N-MNIST, pixels. */
const side = 34;
const recordBytes = 5;
/** A record with this row carries no event: later times are 2^13 microseconds further on. */
const overflowRow = 240;
const overflowTime = 2 ** 13;

/**
 * Decode an N-MNIST recording: 5 bytes an event, `x`, `y`, then 24 bits big-endian of which the first is the polarity and
 * the others the time in microseconds.
 *
 * @throws `data-damaged` for a size that is no multiple of 5, and events outside 34 x 34.
 */
export function decodeNmnist(bytes: Uint8Array, file: string): EventRecording {
  if (bytes.length === 0 || bytes.length % recordBytes !== 0)
    throw damagedData(file, `its ${bytes.length} bytes are no whole number of events of 5 bytes`);
  const records = bytes.length / recordBytes;
  const times = new Float64Array(records);
  const x = new Uint16Array(records);
  const y = new Uint16Array(records);
  const polarity = new Uint8Array(records);
  let count = 0;
  let offset = 0;
  for (let at = 0; at < bytes.length; at += recordBytes) {
    const [column, row, high] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
    if (row === overflowRow) {
      offset += overflowTime;
      continue;
    }
    if (column >= side || row >= side)
      throw damagedData(
        file,
        `event ${at / recordBytes} is at ${column}, ${row}, outside ${side} x ${side}`,
        "Give recordings of N-MNIST",
      );
    times[count] = offset + ((high & 0x7f) << 16) + (bytes[at + 3]! << 8) + bytes[at + 4]!;
    x[count] = column;
    y[count] = row;
    polarity[count] = high >> 7;
    count++;
  }
  return {
    times: times.subarray(0, count),
    x: x.subarray(0, count),
    y: y.subarray(0, count),
    polarity: polarity.subarray(0, count),
  };
}

/** Read one recording, or a folder of them with a sub-folder a digit (see `listSampleFiles`). */
export async function readNmnist(path: string, isFolder: boolean, limit?: number): Promise<EventSamples> {
  const files = isFolder ? await listSampleFiles(path, ".bin", limit) : { paths: [path] };
  const recordings: EventRecording[] = [];
  for (const file of files.paths) recordings.push(decodeNmnist(await readWhole(file), file));
  const labels = "labels" in files ? files.labels : undefined;
  return {
    kind: "events",
    count: recordings.length,
    width: side,
    height: side,
    polarities: 2,
    recordings,
    ...(labels ? { labels } : {}),
  };
}
