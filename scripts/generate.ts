/**
 * Writes the parts of README.md that follow from the code.
 *
 *   node build/js/scripts/generate.js            writes them
 *   node build/js/scripts/generate.js --check    exits 1 when they are stale
 */
import { readFileSync } from "node:fs";
import { layerTable } from "./generate/layers/table.js";
import { sectionOf, writeSection } from "./generate/section.js";

const file = "README.md";
const table = await layerTable();
if (!process.argv.includes("--check")) writeSection(file, "layers", table);
else if (sectionOf(readFileSync(file, "utf8"), "layers") !== table) {
  console.error(`${file}: the table of layers is stale; run: npm run build && node build/js/scripts/generate.js`);
  process.exit(1);
}
process.exit();
