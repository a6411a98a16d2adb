import type { Command } from "commander";
import { doctor } from "../../verbs/hardware/doctor/doctor.js";
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
    ({ healthy, findings }, terminal) => {
      const rows = findings.map((f) => [
        f.state === "missing" && f.optional ? "optional" : f.state,
        f.item,
        f.detail,
        f.neededFor,
      ]);
      for (const text of table(["state", "item", "found", "needed for"], rows)) terminal.line(text);
      const remedies = findings.filter((f) => f.remedy !== null);
      if (remedies.length > 0) terminal.line();
      for (const { item, remedy } of remedies) terminal.line(`${item}: ${remedy}`);
      terminal.line();
      terminal.line(healthy ? "everything needed is there" : "something needed is missing: see the lines above");
    },
  );
}
