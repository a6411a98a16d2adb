import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { failure } from "../support/diagnostic.js";
import { defaultTimeoutMs, type ToolEnd, type ToolRun } from "./invocation.js";
import { runNative } from "./native.js";
import type { ResolvedTool } from "./tool.js";
import { runWasm } from "./wasm.js";

/** Lines of the output that are kept in memory, from its end. */
const keptLines = 2000;

/**
 * Run a tool and return the last 2,000 lines of its output, both streams together.
 *
 * @throws SpikewrightError (blame `tool`) `tool-failed`, `tool-timeout`, `tool-output-missing`; the reason of `signal`.
 */
export async function runTool(tool: ResolvedTool, run: ToolRun): Promise<string> {
  run.signal?.throwIfAborted();
  await mkdir(dirname(run.log), { recursive: true });
  const log = createWriteStream(run.log);
  const lines: string[] = [];
  const take = (line: string): void => {
    log.write(`${line}\n`);
    lines.push(line);
    if (lines.length > 2 * keptLines) lines.splice(0, keptLines);
    run.onLine?.(line);
  };
  try {
    take(`${tool.tool.name} (${tool.kind} ${tool.version}): ${run.arguments.join(" ")}`);
    const end = tool.kind === "native" ? await runNative(tool, run, take) : await runWasm(tool, run, take);
    run.signal?.throwIfAborted();
    if (end.exit !== 0) throw toolFailure(tool, run, end, lines);
  } finally {
    await new Promise((done) => log.end(done));
  }
  return lines.slice(-keptLines).join("\n");
}

function toolFailure(tool: ResolvedTool, run: ToolRun, end: ToolEnd, lines: readonly string[]): Error {
  const name = tool.tool.name;
  if (end.exit === "timeout") {
    const seconds = (run.timeoutMs ?? defaultTimeoutMs) / 1000;
    return failure(
      {
        code: "tool-timeout",
        message: `Cannot finish ${name}: no end after ${seconds} s, wanted an end`,
        place: { file: run.log, item: name },
        found: `${seconds} s`,
        hint: `Allow more time, or read how far it came in the log "${run.log}"`,
      },
      "tool",
    );
  }
  const said = tool.tool.errorPattern.exec(lines.join("\n"))?.[0] ?? lines.at(-1) ?? "it said nothing";
  const found = typeof end.exit === "number" ? `exit code ${end.exit}` : end.exit;
  return failure(
    {
      code: "tool-failed",
      message: `Cannot finish ${name}: ${said.trim().slice(0, 400)} (${found}), wanted exit code 0`,
      place: { file: run.log, item: name },
      found,
      wanted: "exit code 0",
      hint: `Read the log "${run.log}"`,
    },
    "tool",
  );
}
