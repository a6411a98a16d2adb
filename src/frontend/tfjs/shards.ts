import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { failure } from "../../support/diagnostic.js";
import { readWhole } from "../bytes/file.js";
import { decodeNumbers } from "../bytes/number-array.js";
import type { NamedTensor } from "../keras/weights/weights.js";
import type { Storage, WeightGroup } from "./manifest.js";

/**
 * Read the weights of all groups. Shards lie in the folder of the model file or below it.
 *
 * @throws `path-outside-model`, `weights-damaged` when the shards hold more or fewer bytes than the manifest says,
 *   `file-not-found`.
 */
export async function readShards(groups: readonly WeightGroup[], modelFile: string): Promise<NamedTensor[]> {
  const tensors: NamedTensor[] = [];
  for (const group of groups) {
    const wanted = group.weights.reduce((sum, entry) => sum + entry.elements * entry.storage.size, 0);
    const parts: Uint8Array[] = [];
    let found = 0;
    for (const path of group.paths) {
      const part = await readWhole(await pathInside(path, modelFile));
      found += part.length;
      parts.push(part);
      if (found > wanted) break;
    }
    if (found !== wanted) {
      const size = found > wanted ? `more than ${wanted}` : `${found}`;
      throw failure({
        code: "weights-damaged",
        message: `Cannot read the weights of "${modelFile}": ${group.paths.slice(0, 4).join(", ")} has ${size} bytes, wanted ${wanted}`,
        place: { file: modelFile, ...(group.paths[0] === undefined ? {} : { item: group.paths[0] }) },
        hint: "Copy or download the weight files again",
      });
    }
    const bytes = joined(parts);
    let at = 0;
    for (const { name, shape, elements, storage } of group.weights) {
      tensors.push({ name, shape, data: decode(bytes, storage, at, elements) });
      at += elements * storage.size;
    }
  }
  return tensors;
}

function decode(bytes: Uint8Array, storage: Storage, at: number, elements: number): Float32Array {
  const stored = decodeNumbers(bytes, storage, true, at, elements);
  const { scale, min } = storage;
  if (scale === undefined || min === undefined) return stored;
  return storage.isInteger ? stored.map((q) => Math.round(q * scale + min)) : stored.map((q) => q * scale + min);
}

/** The file that `path` of a manifest names, when it lies in the folder of the model, links followed. */
async function pathInside(path: string, modelFile: string): Promise<string> {
  if (/^[a-z]+:\/\/|\0/i.test(path)) throw outside(path, modelFile, "it is no path of a file");
  const folder = await realpath(dirname(modelFile));
  const target = resolve(folder, path);
  const actual = await realpath(target).catch(() => target);
  if (!isAbsolute(path) && isBelow(folder, target) && isBelow(folder, actual)) return actual;
  throw outside(path, modelFile, "it is outside the folder of the model");
}

function outside(path: string, modelFile: string, reason: string) {
  const shown = path.replaceAll("\0", "\\0");
  return failure({
    code: "path-outside-model",
    message: `Cannot read "${shown}" for "${modelFile}": ${reason}`,
    place: { file: modelFile, item: shown },
    hint: "Put the weight files beside the model file",
  });
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
