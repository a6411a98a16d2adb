import { join } from "node:path";
import type { BuildStep, BuildTool } from "../../emit/plan.js";
import type { ProgressListener } from "../../support/progress.js";
import { runTool } from "../run.js";
import type { ResolvedTool } from "../tool.js";

export interface StepOptions {
  /** Tools by name; optional steps whose tool is missing are left out. */
  readonly tools: ReadonlyMap<BuildTool, ResolvedTool>;
  /** Where the logs go. */
  readonly logs: string;
  readonly onProgress?: ProgressListener;
  readonly onLine?: (tool: string, line: string) => void;
  readonly signal?: AbortSignal;
  /** What one run of a tool may take. Default 30 minutes. */
  readonly timeLimitMs?: number;
}

/** Long enough for a machine with much else to do: place and route takes half a minute where there is nothing. */
const defaultTimeLimitMs = 1_800_000;

/** Run one step of a plan in `folder` and return the output of the tool. */
export async function runStep(
  step: BuildStep,
  folder: string,
  options: StepOptions,
  stage: string,
  log: string = step.tool,
): Promise<string> {
  options.onProgress?.({ stage, done: 0 });
  return await runTool(options.tools.get(step.tool)!, {
    arguments: step.arguments,
    folder,
    inputs: step.inputs,
    outputs: step.outputs,
    log: join(options.logs, `${log}.log`),
    timeoutMs: options.timeLimitMs ?? defaultTimeLimitMs,
    ...(options.onLine ? { onLine: (line) => options.onLine!(step.tool, line) } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}
