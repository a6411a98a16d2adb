import { execFile } from "node:child_process";
import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { failure } from "../support/diagnostic.js";
import type { ResolvedTool, Tool, ToolchainKind } from "./tool.js";

export interface ResolveOptions {
  /** Default `auto`: native when found, else WebAssembly. */
  readonly kind?: ToolchainKind;
  /** Paths of executables by tool name; before everything else. */
  readonly paths?: Readonly<Record<string, string>>;
  /** Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Find one tool: explicit path, its environment variable, PATH, then the WebAssembly package.
 *
 * @throws SpikewrightError `tool-path` when an explicit path is not a program, `tool-not-found` with the install line.
 */
export async function resolveTool(tool: Tool, options: ResolveOptions = {}): Promise<ResolvedTool> {
  const found = await findTool(tool, options);
  if (found) return found;
  const kind = options.kind ?? "auto";
  const looked = [
    kind !== "wasm" && tool.native ? `"${tool.native.command}" on PATH` : "",
    kind !== "native" && tool.wasm ? `npm package ${tool.wasm.module}` : "",
  ].filter((place) => place !== "");
  throw failure(
    {
      code: "tool-not-found",
      message: `Cannot find ${tool.name}: ${looked.length > 0 ? `no ${looked.join(", no ")}` : `it has no ${kind} build`}, wanted a program to run`,
      place: { item: tool.name },
      hint: tool.native ? `Run ${tool.install}; or set ${tool.native.variable} to its path` : `Run ${tool.install}`,
    },
    "tool",
  );
}

/** Like `resolveTool`, but undefined when the tool is nowhere. A wrong explicit path still throws. */
export async function findTool(tool: Tool, options: ResolveOptions = {}): Promise<ResolvedTool | undefined> {
  const kind = options.kind ?? "auto";
  const path = kind === "wasm" ? undefined : nativePath(tool, options);
  if (path) return { tool, kind: "native", path, version: await nativeVersion(tool, path) };
  return kind === "native" ? undefined : wasmTool(tool);
}

function nativePath(tool: Tool, options: ResolveOptions): string | undefined {
  if (!tool.native) return undefined;
  const environment = options.environment ?? process.env;
  const explicit = options.paths?.[tool.name] ?? environment[tool.native.variable];
  if (!explicit) return onPath(tool.native.command, environment["PATH"] ?? "");
  const program =
    isAbsolute(explicit) || /[/\\]/.test(explicit) ? resolve(explicit) : onPath(explicit, environment["PATH"] ?? "");
  if (program && isProgram(program)) return program;
  throw failure({
    code: "tool-path",
    message: `Cannot run ${tool.name}: "${explicit}" is not a program, wanted the path of its executable`,
    place: { item: tool.name },
    found: explicit,
    wanted: "path of an executable",
    hint: `Correct the path, or unset ${tool.native.variable}`,
  });
}

function onPath(command: string, path: string): string | undefined {
  const suffixes = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .flatMap((folder) => suffixes.map((suffix) => join(folder, command + suffix)))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function nativeVersion(tool: Tool, path: string): Promise<string> {
  const { versionArguments, versionPattern } = tool.native!;
  if (!versionArguments || !versionPattern) return "unknown";
  try {
    const { stdout, stderr } = await promisify(execFile)(path, [...versionArguments], { timeout: 20_000 });
    return versionPattern.exec(stdout + stderr)?.[1] ?? "unknown";
  } catch (error) {
    // some versions of vvp exit with an error after they have printed their version
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    return versionPattern.exec(stdout + stderr)?.[1] ?? "unknown";
  }
}

function wasmTool(tool: Tool): ResolvedTool | undefined {
  if (!tool.wasm) return undefined;
  try {
    const entry = createRequire(import.meta.url).resolve(tool.wasm.module);
    const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));
    return { tool, kind: "wasm", version: String(version), url: pathToFileURL(entry).href };
  } catch {
    return undefined;
  }
}
