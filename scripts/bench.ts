/**
 * Prints the project's figures, each measured now.
 *
 *   npm run bench                     all, as a table
 *   npm run bench -- --json [NAME]    [{name, value, unit, command}]
 */
import { SpikewrightError } from "../src/support/diagnostic.js";
import { figures } from "./bench/figures.js";

const words = process.argv.slice(2);
const json = words.includes("--json");
const names = words.filter((word) => !word.startsWith("--"));
const unknown = names.filter((name) => !figures.some((figure) => figure.name === name));
if (unknown.length > 0) {
  console.error(`error: no figure ${unknown.join(", ")}: wanted ${figures.map((f) => f.name).join(", ")}`);
  process.exit(2);
}

const results: { name: string; value: number; unit: string; command: string }[] = [];
for (const { name, unit, measure } of figures.filter((f) => names.length === 0 || names.includes(f.name))) {
  try {
    const value = Number((await measure()).toPrecision(5));
    results.push({ name, value, unit, command: `npm run bench -- --json ${name}` });
    if (!json) console.log(`${name}: ${value} ${unit}`);
  } catch (error) {
    if (!(error instanceof SpikewrightError)) throw error;
    console.error(`${name}: not measured: ${error.message}`);
    process.exitCode = 1;
  }
}
if (json) console.log(JSON.stringify(results, null, 2));
process.exit();
