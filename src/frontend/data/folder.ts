import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { damagedData } from "./samples.js";

/** Files of a folder of samples, with a label each where they lie in sub-folders. */
export interface SampleFiles {
  readonly paths: readonly string[];
  readonly labels?: Int32Array;
}

/**
 * List the files that end in `suffix`: directly in `folder`, or in its sub-folders, one a class. A class is the number in
 * the name of its sub-folder where all of them are numbers, else its place among the sorted names. Classes take turns, so
 * that any first part of the list is balanced.
 *
 * @throws `data-damaged` when there is none.
 */
export async function listSampleFiles(
  folder: string,
  suffix: string,
  limit = Number.POSITIVE_INFINITY,
): Promise<SampleFiles> {
  const entries = await readdir(folder, { withFileTypes: true });
  const own = sorted(
    entries.filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith(suffix)).map((entry) => entry.name),
  );
  if (own.length > 0) return { paths: own.slice(0, limit).map((name) => join(folder, name)) };
  const classes = sorted(entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name));
  const isNumbered = classes.every((name) => /^\d{1,6}$/.test(name));
  const lists = await Promise.all(
    classes.map(async (name, place) => {
      const files = await readdir(join(folder, name), { withFileTypes: true });
      const names = files
        .filter((file) => file.isFile() && file.name.toLowerCase().endsWith(suffix))
        .map((file) => file.name);
      return { label: isNumbered ? Number(name) : place, paths: sorted(names).map((file) => join(folder, name, file)) };
    }),
  );
  const longest = lists.reduce((most, list) => Math.max(most, list.paths.length), 0);
  const all: { path: string; label: number }[] = [];
  for (let i = 0; i < longest && all.length < limit; i++) {
    for (const list of lists) {
      const path = list.paths[i];
      if (path !== undefined && all.length < limit) all.push({ path, label: list.label });
    }
  }
  if (all.length === 0)
    throw damagedData(
      folder,
      `it has no ${suffix} files`,
      `Put ${suffix} files into it, or into one sub-folder a class`,
    );
  return { paths: all.map((entry) => entry.path), labels: Int32Array.from(all, (entry) => entry.label) };
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
