import { stat } from "node:fs/promises";
import { readStart } from "../../bytes/file.js";
import { isHdf5, readHdf5 } from "../../hdf5/read.js";
import { damagedData, type SampleOptions } from "../samples.js";
import type { EventSamples } from "./events.js";
import { readNmnist } from "./nmnist.js";
import { isHeidelberg, readHeidelberg } from "./spiking-heidelberg.js";

/**
 * Read event recordings: an N-MNIST `.bin` file or a folder of them (with a sub-folder a digit), or an HDF5 file laid out
 * like the Spiking Heidelberg Digits.
 *
 * @throws `data-damaged`, `labels-do-not-match` and those of `readHdf5`.
 */
export async function loadEvents(path: string, options: Pick<SampleOptions, "limit"> = {}): Promise<EventSamples> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) return await readNmnist(path, true, options.limit);
  const { bytes, length } = await readStart(path);
  if (!isHdf5(bytes)) return await readNmnist(path, false, options.limit);
  const source = { path, start: 0, length };
  const root = await readHdf5(source, { file: path, ...(options.limit === undefined ? {} : { rows: options.limit }) });
  if (!isHeidelberg(root))
    throw damagedData(path, "it has no spikes/times and spikes/units", "Give a file of event recordings");
  return readHeidelberg(root, path);
}
