import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { CoreConfig } from "../../arch/core-config.js";
import { packageRoot } from "../../support/package-root.js";

const filesSchema = z.object({
  files: z.array(z.object({ path: z.string(), technologies: z.array(z.string()).optional() })),
});

/** The Verilog of a core in reading order, by path relative to `hdl/`: what `hdl/files.json` lists for its technology. */
export function coreSources(technology: CoreConfig["technology"]): ReadonlyMap<string, string> {
  const folder = join(packageRoot(), "hdl");
  const { files } = filesSchema.parse(JSON.parse(readFileSync(join(folder, "files.json"), "utf8")));
  const wanted = files.filter((file) => file.technologies === undefined || file.technologies.includes(technology));
  return new Map(wanted.map(({ path }) => [path, readFileSync(join(folder, path), "utf8")]));
}
