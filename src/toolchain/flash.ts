import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ResolvedBoard } from "../board/find.js";
import { failure, SpikewrightError } from "../support/diagnostic.js";
import { programmerCause } from "./programmer-cause.js";
import { type ResolveOptions, resolveTool } from "./resolve.js";
import { runTool } from "./run.js";
import type { Tool } from "./tool.js";

export interface FlashOptions extends ResolveOptions {
  /** More arguments for the programmer, before the bitstream, e.g. to choose one of several boards. */
  readonly programmerArguments?: readonly string[];
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** What was run to write the bitstream. */
export interface FlashResult {
  readonly programmer: string;
  readonly command: readonly string[];
  readonly seconds: number;
}

/**
 * Write a bitstream to a board with the board's programmer.
 *
 * @throws SpikewrightError `bitstream-missing` (input), `tool-not-found` (tool), or one of the codes of
 * `programmerCause` (device) with cause and remedy; the signal's reason.
 */
export async function flash(
  target: ResolvedBoard,
  bitstream: string,
  options: FlashOptions = {},
): Promise<FlashResult> {
  if (!existsSync(bitstream)) {
    throw failure({
      code: "bitstream-missing",
      message: `Cannot flash ${target.board.name}: no file "${bitstream}", wanted a bitstream`,
      place: { file: bitstream },
      hint: "Build it with: spikewright build",
    });
  }
  const command = flashArguments(target, resolve(bitstream), options.programmerArguments);
  const tool = await resolveTool(programmerTool(target), { ...options, kind: "native" });
  const logs = await mkdtemp(join(tmpdir(), "spikewright-flash-"));
  const start = Date.now();
  const lines: string[] = [];
  try {
    await runTool(tool, {
      arguments: command,
      folder: process.cwd(),
      inputs: [],
      outputs: [],
      log: join(logs, "log"),
      timeoutMs: 300_000,
      onLine: (line) => {
        lines.push(line);
        options.onLine?.(line);
      },
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    throw error instanceof SpikewrightError ? deviceFailure(target, lines, error) : error;
  } finally {
    await rm(logs, { recursive: true, force: true });
  }
  return {
    programmer: tool.tool.name,
    command: [tool.tool.native!.command, ...command],
    seconds: (Date.now() - start) / 1000,
  };
}

/** Arguments of the board's programmer for a bitstream, placeholders replaced. */
export function flashArguments(target: ResolvedBoard, bitstream: string, more: readonly string[] = []): string[] {
  const { board, programmer } = target;
  const values: Record<string, string> = {
    BITSTREAM: bitstream,
    VID: board.usb?.vendorId ?? "",
    PID: board.usb?.productId ?? "",
  };
  return [...board.programmer.arguments, ...more, ...programmer.arguments].map((argument) =>
    argument.replaceAll(/\$\{([A-Z]+)\}/g, (_whole, name: string) => values[name] ?? ""),
  );
}

/** What the resolver has to know about a programmer. */
export function programmerTool({ programmer }: Pick<ResolvedBoard, "programmer">): Tool {
  return {
    name: programmer.id,
    native: { command: programmer.command, variable: programmer.variable },
    install: programmer.install,
    errorPattern: /^.*\b(?:error|fail|can't|cannot|unable|no dfu)\b.*/im,
  };
}

function deviceFailure(target: ResolvedBoard, lines: readonly string[], error: SpikewrightError): SpikewrightError {
  const cause = programmerCause(lines.slice(1).join("\n"), target);
  const said = error.diagnostics[0]!.found ?? "it failed";
  return failure(
    {
      code: cause.code,
      message: `Cannot flash ${target.board.name}: ${cause.cause} (${target.programmer.id}: ${said}), wanted a board that accepts the bitstream`,
      place: { item: target.board.id },
      found: cause.line ?? said,
      hint: cause.remedy,
    },
    "device",
  );
}
