import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CoreConfig } from "../../../src/arch/core-config.js";
import { vendorOptions } from "../vendor-cells.js";

export const hdl = join(import.meta.dirname, "../../../hdl");

export type Technology = CoreConfig["technology"];
export const technologyCodes: Readonly<Record<Technology, number>> = { generic: 0, ice40up: 1, ice40hx: 2 };

interface FileEntry {
  readonly file: string;
  readonly technologies?: readonly Technology[];
}

/** Paths of the core's Verilog files for one technology, in the order of hdl/files.json. */
export function coreFiles(technology: Technology): string[] {
  const { core } = JSON.parse(readFileSync(join(hdl, "files.json"), "utf8")) as { core: FileEntry[] };
  return core
    .filter(({ technologies }) => technologies === undefined || technologies.includes(technology))
    .map(({ file }) => join(hdl, file));
}

/** Verilog parameters of a configuration. `LinkDepth` is left out: it only shows in a register. */
export function coreParameters(config: CoreConfig): Record<string, number> {
  const { name: _, technology, linkDepth: __, ...numbers } = config;
  const named = Object.entries(numbers).map(([key, value]) => [key[0]!.toUpperCase() + key.slice(1), value as number]);
  return { ...(Object.fromEntries(named) as Record<string, number>), Technology: technologyCodes[technology] };
}

/** Compiles a bench with Icarus; fails on any warning. Returns the path of the compiled simulation. */
export function compile(top: string, files: readonly string[], parameters: Readonly<Record<string, number>>): string {
  const output = join(mkdtempSync(join(tmpdir(), "spikewright-hdl-")), `${top}.vvp`);
  const overrides = Object.entries(parameters).map(([name, value]) => `-P${top}.${name}=${value}`);
  const args = ["-g2005", "-Wall", ...vendorOptions, "-s", top, "-o", output, ...overrides, ...files];
  const log = execFileSync("iverilog", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  if (log !== "") throw new Error(log);
  return output;
}

/** Runs a compiled simulation and returns its lines. */
export function simulate(compiled: string, plusargs: readonly string[]): string[] {
  const text = execFileSync("vvp", ["-n", compiled, ...plusargs.map((arg) => `+${arg}`)], {
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  return text.split("\n").filter((line) => line !== "" && !line.includes("$finish called"));
}

/** Writes words, one a line in hexadecimal, where `$readmemh` finds them. */
export function memoryFile(words: readonly string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "spikewright-hdl-")), "words.hex");
  writeFileSync(path, `${words.join("\n")}\n`);
  return path;
}
