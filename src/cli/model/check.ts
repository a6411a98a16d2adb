import type { Command } from "commander";
import { type CheckResult, check } from "../../verbs/model/check.js";
import { exitCodes } from "../failure.js";
import { integerOption } from "../globals.js";
import { scheduleOption } from "../network/verify.js";
import { table } from "../table.js";
import type { Terminal } from "../terminal.js";
import { addVerb } from "../verb.js";
import { loadOptionsOf, type ModelFlags, withModelOptions } from "./options.js";

interface Flags extends ModelFlags {
  readonly board?: string;
  readonly weights?: string;
  readonly activations?: string;
  readonly schedule?: string;
}

export function registerCheck(program: Command): void {
  addVerb(
    program,
    "check <model>",
    "list every blocker at once, and on which boards the model fits; exit code 2 if it is blocked",
    "spikewright check model.h5 --board icebreaker",
    (command) =>
      withModelOptions(command)
        .option("--board <name>", "only this board")
        .option("--weights <bits>", "bits of weights (default: those of the board's core)")
        .option("--activations <bits>", "bits of activations (default 4)")
        .option("--schedule <graded|radix|unary|pipelined>", "default: graded"),
    async (context, _terminal, _command, model: string, flags: Flags): Promise<CheckResult> => {
      const { board, weights, activations, schedule } = flags;
      const options = {
        ...loadOptionsOf(flags),
        ...(board === undefined ? {} : { board }),
        ...(weights === undefined ? {} : { weights: integerOption("--weights", weights, 2, 8) }),
        ...(activations === undefined ? {} : { activations: integerOption("--activations", activations, 1, 8) }),
        ...(schedule === undefined ? {} : { schedule: scheduleOption(schedule) }),
      };
      const result = await check(model, options, context);
      if (result.blockers.length > 0) process.exitCode = exitCodes.input;
      return result;
    },
    render,
  );
}

function render(result: CheckResult, terminal: Terminal): void {
  for (const blocker of result.blockers) {
    terminal.diagnostic({
      ...blocker,
      severity: "error",
      message: blocker.reason,
      ...(blocker.hint ? { hint: blocker.hint } : {}),
    } as never);
  }
  terminal.line(
    result.convertible
      ? "every layer can be converted"
      : `${result.blockers.length} blockers: the model cannot be converted as it is`,
  );
  const boards = Object.entries(result.fits);
  if (boards.length === 0) return;
  terminal.line();
  const rows = boards.map(([board, fits]) => {
    const uses = (result.resources[board] ?? []).map((u) => `${u.resource} ${u.used}/${u.available}`);
    return [board, fits ? "fits" : "does not fit", fits ? uses.join(", ") : (result.reasons[board]?.[0]?.reason ?? "")];
  });
  for (const text of table(["board", "", ""], rows)) terminal.line(text);
}
