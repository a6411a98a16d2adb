import type { Command } from "commander";
import { doctor } from "../../verbs/hardware/doctor.js";
import { table } from "../table.js";
import { addVerb } from "../verb.js";

export function registerDoctor(program: Command): void {
  addVerb(
    program,
    "doctor",
    "look at tools, versions and permissions, and say what to run to mend them",
    "spikewright doctor",
    (command) => command,
    () => doctor(),
    (result, terminal) => {
      const rows = result.findings.map((f) => [
        f.state,
        f.item,
        f.detail,
        f.neededFor,
        f.remedy ? `run: ${f.remedy}` : "",
      ]);
      for (const text of table(["state", "item", "found", "needed for", ""], rows)) terminal.line(text);
      terminal.line();
      terminal.line(result.healthy ? "everything needed is there" : "something needed is missing: see the lines above");
    },
  );
}
