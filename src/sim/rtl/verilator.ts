import { copyFile, rm, writeFile } from "node:fs/promises";
import { arch, cpus } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../../support/package-root.js";
import { runTool } from "../../toolchain/run.js";
import type { ResolvedTool } from "../../toolchain/tool.js";
import { cached, compileLog } from "./cache.js";
import { type Design, designDigest, wrapperModule } from "./design.js";
import { harnessText } from "./harness.js";
import type { BatchRunner } from "./machine.js";
import { ProcessRunner } from "./process-runner.js";
import { writeVerilog } from "./sources.js";

export interface CompileOptions {
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** Time spent on optimisation: 3 for long runs, 1 for large designs that run briefly. Default 3. */
  readonly effort?: 1 | 3;
}

const harness = ["port_machine.h", "verilator_main.cpp"];

/** Compile the design with Verilator, unless it was compiled before, and start it. */
export async function openVerilator(
  tool: ResolvedTool,
  design: Design,
  options: CompileOptions = {},
): Promise<BatchRunner> {
  const effort = options.effort ?? 3;
  // the program is compiled for this very processor
  const machine = [process.platform, arch(), cpus()[0]?.model ?? ""];
  const digest = designDigest(design, [
    "verilator",
    tool.version,
    ...machine,
    String(effort),
    ...harness.map(harnessText),
  ]);
  const folder = await cached(digest, (work) => compile(tool, design, work, effort, options));
  return new ProcessRunner("verilator", join(folder, "simulation"), []);
}

async function compile(
  tool: ResolvedTool,
  design: Design,
  folder: string,
  effort: number,
  options: CompileOptions,
): Promise<void> {
  const verilog = await writeVerilog(design, folder);
  for (const file of harness) await copyFile(join(packageRoot(), "hdl", "harness", file), join(folder, file));
  await writeFile(join(folder, "ports.inc"), design.ports.map(({ name, bits }) => `PORT(${name}, ${bits})\n`).join(""));
  await runTool(tool, {
    arguments: [
      ...["--cc", "--exe", "--build", "--top-module", wrapperModule, "-Mdir", "obj", "-o", "../simulation"],
      ...["-O3", "--x-assign", "fast", "--x-initial", "fast", "--noassert", "-Wno-fatal", "-Wno-lint", "-Wno-style"],
      ...["-CFLAGS", `-O${effort} -march=native -DCLOCK=${design.clock}`],
      ...verilog,
      "verilator_main.cpp",
    ],
    folder,
    inputs: [],
    outputs: ["simulation"],
    log: compileLog("verilator.log"),
    ...(options.onLine ? { onLine: options.onLine } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  await rm(join(folder, "obj"), { recursive: true, force: true });
}
