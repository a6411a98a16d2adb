import { stat } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "../../support/diagnostic.js";
import { fileDigest, type Manifest, manifestFile, readManifest } from "../../toolchain/manifest.js";
import type { BitstreamSummary, BuildReport } from "../result.js";

/** A manifest is a few kilobytes; anything larger is none. */
const largestManifest = 2 ** 22;

/**
 * Reads what a build folder says about itself, and whether its bitstream is still the one that was built.
 *
 * @throws `build-missing` when the folder has no manifest, `build-damaged` when the manifest cannot be used.
 */
export async function summarizeBuild(folder: string): Promise<BuildReport> {
  const manifest = await openManifest(folder);
  const { name, board, device, digest, toolchain, seed, tried, resources, fmaxHz, targetHz, seconds } = manifest;
  return {
    kind: "build",
    folder,
    name,
    board,
    device,
    digest,
    toolchain,
    seed,
    tried,
    resources,
    fmaxHz,
    targetHz,
    marginPercent: targetHz > 0 ? 100 * (fmaxHz / targetHz - 1) : 0,
    seconds,
    bitstream: await summarizeBitstream(folder, manifest),
    files: [],
  };
}

async function openManifest(folder: string): Promise<Manifest> {
  const file = join(folder, manifestFile);
  const bytes = await sizeOf(file);
  if (bytes === null) {
    throw failure({
      code: "build-missing",
      message: `Cannot report on "${folder}": it holds no "${manifestFile}", wanted a finished build or a network file`,
      place: { file: folder },
      wanted: "a folder made by: spikewright build",
      hint: "Build first: spikewright build --core --board B -o FOLDER",
    });
  }
  const manifest = bytes > largestManifest ? undefined : await readManifest(folder);
  if (manifest) return manifest;
  throw failure({
    code: "build-damaged",
    message: `Cannot read "${file}": it is no manifest of a build that this version understands`,
    place: { file },
    hint: "Build again with this version of spikewright",
  });
}

async function summarizeBitstream(folder: string, manifest: Manifest): Promise<BitstreamSummary> {
  const file = join(folder, manifest.bitstream);
  const found = await fileDigest(file);
  const state = found === undefined ? "missing" : found === manifest.bitstreamDigest ? "intact" : "changed";
  return { file, digest: manifest.bitstreamDigest, bytes: found === undefined ? null : await sizeOf(file), state };
}

/** Bytes of a file; null when there is none. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch {
    return null;
  }
}
