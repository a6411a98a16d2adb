import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let found: string | undefined;

/**
 * Absolute path of the folder that holds the package: `boards`, `hdl` and `firmware` lie beside `package.json`, while
 * the code runs either from `src` or from `build/js/src`.
 */
export function packageRoot(): string {
  found ??= rootAbove(dirname(fileURLToPath(import.meta.url)));
  return found;
}

function rootAbove(folder: string): string {
  const file = join(folder, "package.json");
  if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).name === "spikewright") return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("package.json of spikewright not found above its own code");
  return rootAbove(parent);
}
