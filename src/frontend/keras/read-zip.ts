import { failure } from "../../support/diagnostic.js";
import { decodeText, type Json, parseJson, stringMember } from "../bytes/json.js";
import type { ZipArchive } from "../bytes/zip.js";
import { readHdf5 } from "../hdf5/read.js";
import type { ImportedGraph } from "./kernel-flip.js";
import { buildGraph } from "./model.js";
import { dialectOf, producerLine } from "./topology/dialect.js";
import { readTopology } from "./topology/topology.js";
import { Keras3Weights } from "./weights/keras3-weights.js";

/** Whether an archive is a `.keras` file. */
export function isKerasArchive(archive: ZipArchive): boolean {
  return archive.entries.has("config.json") && archive.entries.has("metadata.json");
}

/**
 * Read a Keras 3 `.keras` archive: `metadata.json`, `config.json`, `model.weights.h5`.
 *
 * @throws `weights-missing` where the weights are not in HDF5, and those of `ZipArchive`, `readHdf5` and `readKerasH5`.
 */
export async function readKerasZip(archive: ZipArchive, file: string): Promise<ImportedGraph> {
  const topology = parseEntry(archive, "config.json", file);
  const metadata = parseEntry(archive, "metadata.json", file);
  const stored = archive.read("model.weights.h5");
  if (!stored) {
    throw failure({
      code: "weights-missing",
      message: `Cannot read "${file}": it has no model.weights.h5`,
      place: { file },
      found: [...archive.entries.keys()].slice(0, 12).join(", "),
      wanted: "model.weights.h5",
      hint: "Save the model with model.save() of Keras 3",
    });
  }
  const start = archive.positionOf("model.weights.h5");
  const source = start === undefined ? stored : { path: file, start, length: stored.length };
  const root = await readHdf5(source, { file: `${file}/model.weights.h5` });
  const model = readTopology(topology, file);
  const dialect = dialectOf(topology, { version: stringMember(metadata, "keras_version") });
  return buildGraph(model, {
    dialect,
    weights: new Keras3Weights(file, root, model),
    isTheano: false,
    source: { format: "keras-zip", producer: producerLine(dialect), file },
  });
}

function parseEntry(archive: ZipArchive, name: string, file: string): Json {
  const place = `${file}/${name}`;
  return parseJson(decodeText(archive.read(name) ?? new Uint8Array(), place), place);
}
