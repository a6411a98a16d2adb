import type { Command } from "commander";
import type { VerbContext } from "../verbs/context.js";
import { terminalOf } from "./globals.js";
import type { Terminal } from "./terminal.js";

/**
 * Adds a verb. `action` gets the arguments and options of commander, then the context of the library function and the
 * terminal; what it returns becomes the JSON document, and `render` draws it for people.
 */
export function addVerb<Arguments extends unknown[], Result>(
  program: Command,
  usage: string,
  description: string,
  example: string,
  options: (command: Command) => Command,
  action: (context: VerbContext, terminal: Terminal, command: Command, ...args: Arguments) => Promise<Result> | Result,
  render: (result: Result, terminal: Terminal) => void,
): void {
  const command = options(program.command(usage).description(description)).addHelpText(
    "after",
    `\nExample:\n  $ ${example}`,
  );
  command.action(async (...all: unknown[]) => {
    const args = all.slice(0, -1) as Arguments;
    const terminal = terminalOf(command);
    const abort = new AbortController();
    process.once("SIGINT", () => abort.abort());
    const result = await action(contextOf(terminal, abort.signal), terminal, command, ...args);
    if (terminal.options.json) terminal.json(result);
    else render(result, terminal);
  });
}

function contextOf(terminal: Terminal, signal: AbortSignal): VerbContext {
  return {
    progress: terminal.progress,
    warn: (finding) => terminal.diagnostic(finding),
    note: (text) => terminal.note(text),
    signal,
  };
}
