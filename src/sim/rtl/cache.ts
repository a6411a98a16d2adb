import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** Compiled simulations that are kept; the least recently used go first. */
const keptEntries = 32;

/** `$SPIKEWRIGHT_CACHE`, else `spikewright` in the user's cache folder. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const explicit = environment["SPIKEWRIGHT_CACHE"];
  if (explicit) return explicit;
  const base = process.platform === "win32" ? environment["LOCALAPPDATA"] : environment["XDG_CACHE_HOME"];
  return join(base || join(homedir(), ".cache"), "spikewright");
}

/** Where the log of a compiler goes; it outlives the folder of a compilation that failed. */
export function compileLog(name: string): string {
  return join(cacheFolder(), "log", name);
}

/**
 * The folder of a compiled simulation: `make` fills a new one unless one of this digest is there. Two processes may make
 * the same at once; one of them wins, and the loser's is thrown away.
 */
export async function cached(digest: string, make: (folder: string) => Promise<void>): Promise<string> {
  const base = join(cacheFolder(), "simulations");
  const folder = join(base, digest);
  if (existsSync(folder)) {
    await utimes(folder, new Date(), new Date());
    return folder;
  }
  await mkdir(base, { recursive: true });
  const work = await mkdtemp(join(base, ".making-"));
  try {
    await make(work);
    await rename(work, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  await prune(base);
  return folder;
}

async function prune(base: string): Promise<void> {
  const names = (await readdir(base)).filter((name) => !name.startsWith("."));
  if (names.length <= keptEntries) return;
  const aged = await Promise.all(
    names.map(async (name) => ({
      name,
      time: await stat(join(base, name)).then(
        (s) => s.mtimeMs,
        () => 0,
      ),
    })),
  );
  aged.sort((a, b) => a.time - b.time);
  for (const { name } of aged.slice(0, names.length - keptEntries)) {
    await rm(join(base, name), { recursive: true, force: true });
  }
}
