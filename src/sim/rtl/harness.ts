import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../support/package-root.js";

/** Text of a file of `hdl/harness`. */
export function harnessText(name: string): string {
  return readFileSync(join(packageRoot(), "hdl", "harness", name), "utf8");
}
