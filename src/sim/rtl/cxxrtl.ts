import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runTool } from "../../toolchain/run.js";
import type { ResolvedTool } from "../../toolchain/tool.js";
import { cached, compileLog } from "./cache.js";
import { type Design, designDigest, wrapperModule } from "./design.js";
import { harnessText } from "./harness.js";
import type { BatchRunner } from "./machine.js";
import { writeVerilog } from "./sources.js";
import type { CompileOptions } from "./verilator.js";
import { startWasm } from "./wasm-runner.js";

type WasmTool = ResolvedTool & { readonly kind: "wasm" };

/** Headers that the generated code includes. */
const headers = ["cxxrtl/cxxrtl.h", "cxxrtl/cxxrtl_time.h", "cxxrtl/capi/cxxrtl_capi.h"];

/**
 * Compile the design with CXXRTL of the npm Yosys and with the npm clang to WebAssembly, unless it was compiled before,
 * and start it. Takes about 20 seconds, and needs nothing but npm packages.
 */
export async function openCxxrtl(
  yosys: WasmTool,
  clang: WasmTool,
  design: Design,
  options: CompileOptions = {},
): Promise<BatchRunner> {
  const effort = options.effort ?? 3;
  const parts = ["cxxrtl", yosys.version, clang.version, String(effort)];
  const digest = designDigest(design, [...parts, harnessText("port_machine.h"), harnessText("cxxrtl_main.cpp")]);
  const folder = await cached(digest, (work) => compile(yosys, clang, design, work, effort, options));
  return startWasm(await readFile(join(folder, "simulation.wasm")));
}

async function compile(
  yosys: WasmTool,
  clang: WasmTool,
  design: Design,
  folder: string,
  effort: number,
  options: CompileOptions,
): Promise<void> {
  const common = {
    folder,
    ...(options.onLine ? { onLine: options.onLine } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const verilog = await writeVerilog(design, folder);
  const script = `read_verilog ${verilog.join(" ")}; hierarchy -top ${wrapperModule}; write_cxxrtl -header -g0 design.cc`;
  await runTool(yosys, {
    ...common,
    arguments: ["-q", "-p", script],
    inputs: verilog,
    outputs: ["design.cc", "design.h"],
    log: compileLog("yosys.log"),
  });
  await writeRuntime(yosys, folder);
  for (const file of ["port_machine.h", "cxxrtl_main.cpp"]) await writeFile(join(folder, file), harnessText(file));
  const ports = design.ports.map(({ name, bits }) => `PORT(${memberOf(name)}, ${bits})\n`);
  await writeFile(join(folder, "ports.inc"), ports.join(""));
  await runTool(clang, {
    ...common,
    arguments: [
      ...[`-O${effort}`, "-fno-exceptions", "-mexec-model=reactor", "-I.", `-DCLOCK=${memberOf(design.clock)}`],
      ...["cxxrtl_main.cpp", "design.cc", "-o", "simulation.wasm"],
    ],
    inputs: ["cxxrtl_main.cpp", "design.cc", "design.h", "port_machine.h", "ports.inc", ...headers],
    outputs: ["simulation.wasm"],
    log: compileLog("clang.log"),
  });
}

/** Name of a port in the class that write_cxxrtl makes. */
function memberOf(port: string): string {
  return `p_${port.replaceAll("_", "__")}`;
}

/** Write the headers of the runtime, which are part of the Yosys package. */
async function writeRuntime(yosys: WasmTool, folder: string): Promise<void> {
  const module = pathToFileURL(join(dirname(fileURLToPath(yosys.url)), "resources-yosys.js")).href;
  const { filesystem } = await import(module);
  for (const header of headers) {
    let text = filesystem.share.include.backends.cxxrtl.runtime;
    for (const part of header.split("/")) text = text[part];
    await mkdir(dirname(join(folder, header)), { recursive: true });
    await writeFile(join(folder, header), text);
  }
}
