import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { defaultTimeoutMs, lineSplitter, outputMissing, type ToolEnd, type ToolRun } from "./invocation.js";
import type { ResolvedTool } from "./tool.js";

/** Run an executable in the folder; ended by SIGTERM, then SIGKILL, when the signal fires or time is up. */
export async function runNative(
  tool: ResolvedTool & { readonly kind: "native" },
  run: ToolRun,
  take: (line: string) => void,
): Promise<ToolEnd> {
  const child = execa(tool.path, [...run.arguments], {
    cwd: run.folder,
    all: true,
    buffer: false,
    encoding: "buffer",
    reject: false,
    timeout: run.timeoutMs ?? defaultTimeoutMs,
    forceKillAfterDelay: 2000,
    ...(run.input === undefined ? { stdin: "ignore" as const } : { input: run.input }),
    ...(run.signal ? { cancelSignal: run.signal } : {}),
  });
  const split = lineSplitter(take);
  child.all.on("data", (chunk: Uint8Array) => split(chunk));
  const result = await child;
  split(undefined);
  if (result.timedOut) return { exit: "timeout" };
  if (result.exitCode === undefined)
    return { exit: result.signal ? `signal ${result.signal}` : "it could not be started" };
  if (result.exitCode === 0) {
    const missing = run.outputs.find((output) => !existsSync(join(run.folder, output)));
    if (missing !== undefined) throw outputMissing(tool, missing);
  }
  return { exit: result.exitCode };
}
