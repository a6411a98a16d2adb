/**
 * Runs the test suites of other projects against the readers and the float evaluation.
 *
 *   npm run conformance                 passed, unsupported (with codes), failed a suite
 *   npm run conformance -- --json       {suites: [{name, passed, unsupported, failed, unsupportedByCode}]}
 *   npm run conformance -- --write      puts the table into README.md
 *   npm run conformance -- FOLDER       material elsewhere than ../shared/material
 *
 * Exit code 1 when a case failed or a suite is below its bar, 2 when the material is not there.
 */
import { materialBelow, missingMaterial, runAll } from "./conformance/suites.js";
import { complaints, conformanceTable, summarise } from "./conformance/summary.js";
import { writeSection } from "./generate/section.js";

const words = process.argv.slice(2);
const material = materialBelow(words.find((word) => !word.startsWith("--")) ?? "../shared/material");
const missing = missingMaterial(material);
if (missing.length > 0) {
  console.error(`error: cannot run the suites: ${missing.join(", ")} not found`);
  process.exit(2);
}
let done = 0;
const results = await runAll(material, () => {
  done++;
  if (process.stderr.isTTY) process.stderr.write(`\r${done} cases`);
});
if (process.stderr.isTTY) process.stderr.write("\r");
const suites = results.map(summarise);
if (words.includes("--json")) console.log(JSON.stringify({ suites }, null, 2));
else {
  for (const suite of suites) {
    console.log(`${suite.name}: ${suite.passed} passed, ${suite.unsupported} unsupported, ${suite.failed} failed`);
    for (const [code, times] of Object.entries(suite.unsupportedByCode)) console.log(`  ${code}: ${times}`);
  }
}
if (words.includes("--write")) writeSection("README.md", "conformance", conformanceTable(suites));
const wrong = complaints(results);
for (const line of wrong) console.error(`failed: ${line}`);
process.exit(wrong.length > 0 ? 1 : 0);
