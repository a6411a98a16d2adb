import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runTool } from "../../toolchain/run.js";
import type { ResolvedTool } from "../../toolchain/tool.js";
import { cached, compileLog } from "./cache.js";
import { type Design, designDigest } from "./design.js";
import { harnessText } from "./harness.js";
import { icarusPorts } from "./icarus-ports.js";
import type { BatchRunner } from "./machine.js";
import { ProcessRunner } from "./process-runner.js";
import { writeVerilog } from "./sources.js";
import type { CompileOptions } from "./verilator.js";

/** Compile the design for Icarus, unless it was compiled before, and start it. */
export async function openIcarus(
  compiler: ResolvedTool,
  runtime: ResolvedTool,
  design: Design,
  options: CompileOptions = {},
): Promise<BatchRunner> {
  const digest = designDigest(design, ["icarus", compiler.version, harnessText("port_machine.v"), icarusPorts(design)]);
  const folder = await cached(digest, (work) => compile(compiler, design, work, options));
  const program = runtime.kind === "native" ? runtime.path : "vvp";
  return new ProcessRunner("icarus", program, ["-n", join(folder, "simulation.vvp")]);
}

async function compile(compiler: ResolvedTool, design: Design, folder: string, options: CompileOptions): Promise<void> {
  const verilog = await writeVerilog(design, folder);
  await writeFile(join(folder, "ports.vh"), icarusPorts(design));
  await writeFile(join(folder, "port_machine.v"), harnessText("port_machine.v"));
  await runTool(compiler, {
    arguments: ["-g2012", "-s", "port_machine", "-o", "simulation.vvp", ...verilog, "port_machine.v"],
    folder,
    inputs: [],
    outputs: ["simulation.vvp"],
    log: compileLog("iverilog.log"),
    ...(options.onLine ? { onLine: options.onLine } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}
