import type { Command } from "commander";
import { boards } from "../../verbs/hardware/boards.js";
import { table } from "../table.js";
import { addVerb } from "../verb.js";

export function registerBoards(program: Command): void {
  addVerb(
    program,
    "boards",
    "list the known boards",
    "spikewright boards",
    (command) => command,
    () => boards(),
    (result, terminal) => {
      const rows = result.boards.map((b) => [
        b.id,
        b.name,
        b.device,
        b.core ?? "-",
        b.status.synthesis,
        b.status.hardware,
      ]);
      for (const text of table(["board", "name", "device", "core", "synthesis", "hardware"], rows)) terminal.line(text);
    },
  );
}
