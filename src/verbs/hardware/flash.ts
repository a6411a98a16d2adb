import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { findBoard } from "../../board/find.js";
import { loadBoards } from "../../board/load.js";
import { failure } from "../../support/diagnostic.js";
import { type FlashResult, flash as writeBitstream } from "../../toolchain/flash.js";
import { manifestFile } from "../../toolchain/manifest.js";
import type { VerbContext } from "../context.js";

export interface FlashOptions {
  /** Board by name. */
  readonly board: string;
  /** More arguments for the programmer, e.g. to choose one of several boards. */
  readonly programmerArguments?: readonly string[];
}

/**
 * Configures the FPGA of a board with the bitstream of a build folder (or a bitstream file).
 *
 * @throws `build-missing`, `build-other-device`, `board-unknown`, and the codes of the programmer with cause and remedy.
 */
export async function flash(path: string, options: FlashOptions, context: VerbContext = {}): Promise<FlashResult> {
  const target = findBoard(loadBoards(), options.board);
  const bitstream = (await isFolder(path)) ? await bitstreamOf(path, target.device.id) : path;
  return await writeBitstream(target, bitstream, {
    onLine: (line) => context.note?.(line),
    ...(options.programmerArguments ? { programmerArguments: options.programmerArguments } : {}),
    ...(context.signal ? { signal: context.signal } : {}),
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

const partOfManifest = z.object({ bitstream: z.string(), device: z.string() });

async function bitstreamOf(folder: string, device: string): Promise<string> {
  let manifest: z.output<typeof partOfManifest>;
  try {
    manifest = partOfManifest.parse(JSON.parse(await readFile(join(folder, manifestFile), "utf8")));
  } catch {
    throw failure({
      code: "build-missing",
      message: `Cannot flash "${folder}": it holds no finished build`,
      place: { file: folder },
      wanted: `a folder with ${manifestFile}`,
      hint: "Build it first: spikewright build --core --board BOARD -o DIR",
    });
  }
  if (manifest.device !== device) {
    throw failure({
      code: "build-other-device",
      message: `Cannot flash "${folder}": it was built for ${manifest.device}, the board has ${device}`,
      place: { file: folder },
      found: manifest.device,
      wanted: device,
      hint: "Build for this board: spikewright build --core --board BOARD -o DIR",
    });
  }
  return join(folder, manifest.bitstream);
}
