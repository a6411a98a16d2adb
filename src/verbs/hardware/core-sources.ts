import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { CoreConfig } from "../../arch/core-config.js";
import { packageRoot } from "../../support/package-root.js";

const fileSchema = z.object({ file: z.string(), technologies: z.array(z.string()).optional() });
const filesSchema = z.record(z.string(), z.unknown());

/**
 * Verilog in reading order by path relative to `hdl/`: what `hdl/files.json` lists for a technology.
 *
 * @param lists Names of lists in that file: `core`, and `link` for the whole system.
 */
export function coreSources(
  technology: CoreConfig["technology"],
  lists: readonly string[] = ["core"],
): ReadonlyMap<string, string> {
  const folder = join(packageRoot(), "hdl");
  const all = filesSchema.parse(JSON.parse(readFileSync(join(folder, "files.json"), "utf8")));
  const files = lists.flatMap((list) => z.array(fileSchema).parse(all[list]));
  const wanted = files.filter((entry) => entry.technologies === undefined || entry.technologies.includes(technology));
  return new Map(wanted.map(({ file }) => [file, readFileSync(join(folder, file), "utf8")]));
}
