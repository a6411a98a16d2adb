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
  readonly core?: string;
  readonly weights?: string;
  readonly activations?: string;
  readonly schedule?: string;
}

export function registerCheck(program: Command): void {
  addVerb(
    program,
    "check <model>",
    "list every blocker at once, and on which boards and cores a model or NET.spk fits; exit code 2 if it is blocked",
    "spikewright check model.h5 --board icebreaker",
    (command) =>
      withModelOptions(command)
        .option("--board <name>", "only this board")
        .option("--core <name>", "only this core configuration; for network files")
        .option("--weights <bits>", "bits of weights (default: those of the board's core)")
        .option("--activations <bits>", "bits of activations (default 4)")
        .option("--schedule <graded|radix|unary|pipelined>", "default: graded"),
    async (context, _terminal, _command, model: string, flags: Flags): Promise<CheckResult> => {
      const { board, core, weights, activations, schedule } = flags;
      const options = {
        ...loadOptionsOf(flags),
        ...(board === undefined ? {} : { board }),
        ...(core === undefined ? {} : { core }),
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
  if (!result.cores) terminal.line(conversionText(result));
  const boards = Object.entries(result.fits);
  const lines = [
    ...Object.entries(result.cores ?? {}).map(([core, { fits, resources, reasons }]) => [
      "core",
      core,
      ...fitText(fits, resources, reasons),
    ]),
    ...boards.map(([board, fits]) => [
      "board",
      board,
      ...fitText(fits, result.resources[board], result.reasons[board]),
    ]),
  ];
  if (lines.length === 0) return;
  if (!result.cores) terminal.line();
  for (const text of table(["for", "name", "", ""], lines)) terminal.line(text);
}

function conversionText({ convertible, blockers }: CheckResult): string {
  if (convertible) return "every layer can be converted";
  return `${blockers.length} blockers: the model cannot be converted as it is`;
}

function fitText(
  fits: boolean,
  resources: CheckResult["resources"][string] = [],
  reasons: CheckResult["reasons"][string] = [],
): readonly string[] {
  if (!fits) return ["does not fit", reasons[0]?.reason ?? ""];
  return ["fits", resources.map(({ resource, used, available }) => `${resource} ${used}/${available}`).join(", ")];
}
