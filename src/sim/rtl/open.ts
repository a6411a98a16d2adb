import { failure } from "../../support/diagnostic.js";
import { findTool, type ResolveOptions } from "../../toolchain/resolve.js";
import { clang, cxx, iverilog, verilator, vvp } from "../../toolchain/tools/simulators.js";
import { yosys } from "../../toolchain/tools/yosys.js";
import { openCxxrtl } from "./cxxrtl.js";
import { checkDesign, type Design } from "./design.js";
import { openIcarus } from "./icarus.js";
import { type BatchRunner, type RtlBackend, RtlMachine } from "./machine.js";
import { type CompileOptions, openVerilator } from "./verilator.js";

export interface RtlOptions extends ResolveOptions, CompileOptions {
  /** Default: the first that is there of Verilator, CXXRTL, Icarus. */
  readonly backend?: RtlBackend;
}

/** In the order of preference: fastest first. Icarus is a thousandth as fast, but compiles at once. */
const backends: readonly RtlBackend[] = ["verilator", "cxxrtl", "icarus"];

const installLines: Readonly<Record<RtlBackend, string>> = {
  verilator: verilator.install,
  cxxrtl: "npm install @yowasp/yosys @yowasp/clang",
  icarus: iverilog.install,
};

/**
 * Compile a design with the first simulator that is there and start it. What was compiled is kept in the user's cache.
 *
 * @throws SpikewrightError `simulator-not-found`, `design-ports`, those of `runTool`; the reason of the signal.
 */
export async function openRtl(design: Design, options: RtlOptions = {}): Promise<RtlMachine> {
  checkDesign(design);
  const wanted = options.backend ? [options.backend] : backends;
  for (const backend of wanted) {
    const runner = await openBackend(backend, design, options);
    if (runner) return new RtlMachine(design, backend, runner);
  }
  throw failure(
    {
      code: "simulator-not-found",
      message: `Cannot simulate Verilog: found none of ${wanted.join(", ")}, wanted one`,
      wanted: wanted.join(" | "),
      hint: `Run ${wanted.map((backend) => installLines[backend]).join("; or ")}`,
    },
    "tool",
  );
}

/** Back-ends whose tools are there, fastest first. */
export async function availableBackends(options: ResolveOptions = {}): Promise<RtlBackend[]> {
  const found: RtlBackend[] = [];
  if ((await findTool(verilator, options)) && (await findTool(cxx, options))) found.push("verilator");
  const npm = { ...options, kind: "wasm" as const };
  if (options.kind !== "native" && (await findTool(yosys, npm)) && (await findTool(clang, npm))) found.push("cxxrtl");
  if ((await findTool(iverilog, options)) && (await findTool(vvp, options))) found.push("icarus");
  return found;
}

async function openBackend(backend: RtlBackend, design: Design, options: RtlOptions): Promise<BatchRunner | undefined> {
  if (backend === "verilator") {
    const tool = await findTool(verilator, options);
    return tool && (await findTool(cxx, options)) ? openVerilator(tool, design, options) : undefined;
  }
  if (backend === "icarus") {
    const compiler = await findTool(iverilog, options);
    const runtime = await findTool(vvp, options);
    return compiler && runtime ? openIcarus(compiler, runtime, design, options) : undefined;
  }
  if (options.kind === "native") return undefined;
  const synthesis = await findTool(yosys, { ...options, kind: "wasm" });
  const compiler = await findTool(clang, { ...options, kind: "wasm" });
  if (synthesis?.kind !== "wasm" || compiler?.kind !== "wasm") return undefined;
  return openCxxrtl(synthesis, compiler, design, options);
}
