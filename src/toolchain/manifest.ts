import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const toolVersion = z.object({ kind: z.enum(["native", "wasm"]), version: z.string() });
const seedResult = z.object({
  seed: z.int(),
  /** Null, as the others, when place and route had no result. */
  fmaxHz: z.number().nullable(),
  nextpnrHz: z.number().nullable(),
  icetimeHz: z.number().nullable(),
});

/** What a build folder says about itself: enough to repeat the build and to see that nothing changed. */
const manifestSchema = z.object({
  /** Digest of the plan. */
  digest: z.string(),
  name: z.string(),
  board: z.string(),
  device: z.string(),
  toolchain: z.record(z.string(), toolVersion),
  seed: z.int(),
  tried: z.array(seedResult),
  resources: z.record(z.string(), z.object({ used: z.number(), available: z.number() })),
  fmaxHz: z.number(),
  targetHz: z.number(),
  /** Wall time of the build that made the files, seconds. */
  seconds: z.number(),
  bitstream: z.string(),
  /** SHA-256 of the bitstream, hexadecimal. */
  bitstreamDigest: z.string(),
});

export type Manifest = z.output<typeof manifestSchema>;

/** File name of the manifest in a build folder. */
export const manifestFile = "manifest.json";

/** The manifest of a build folder; undefined when there is none, or none that this version understands. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(await readFile(join(folder, manifestFile), "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** SHA-256 of a file, hexadecimal; undefined when it cannot be read. */
export async function fileDigest(path: string): Promise<string | undefined> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch {
    return undefined;
  }
}
