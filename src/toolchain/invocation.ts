import { failure } from "../support/diagnostic.js";
import type { ResolvedTool } from "./tool.js";

/** One run of a tool in a folder. */
export interface ToolRun {
  readonly arguments: readonly string[];
  /** Folder that the paths below are relative to. */
  readonly folder: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** File that receives the whole output. */
  readonly log: string;
  /** Called with every line of the output. */
  readonly onLine?: (line: string) => void;
  /** Stops the run; the returned promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Default one hour. */
  readonly timeoutMs?: number;
  /** Standard input of a native tool. */
  readonly input?: string;
}

/** What a back-end needs and reports. */
export interface ToolEnd {
  /** Exit code, or why there is none. */
  readonly exit: number | "timeout" | string;
}

export const defaultTimeoutMs = 3_600_000;

/** A failure that names an output which the tool should have written. */
export function outputMissing(tool: ResolvedTool, output: string): Error {
  return failure(
    {
      code: "tool-output-missing",
      message: `Cannot use the result of ${tool.tool.name}: it wrote no "${output}", wanted that file`,
      place: { file: output, item: tool.tool.name },
    },
    "tool",
  );
}

/** Splits chunks of bytes into lines; call with undefined at the end. */
export function lineSplitter(take: (line: string) => void): (chunk: Uint8Array | undefined) => void {
  const decoder = new TextDecoder();
  let rest = "";
  return (chunk) => {
    rest += chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    const lines = rest.split(/\r?\n/);
    rest = lines.pop()!;
    for (const line of lines) take(line);
    if (!chunk && rest !== "") take(rest);
  };
}
