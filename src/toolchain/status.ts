import { findTool, type ResolveOptions } from "./resolve.js";
import type { Tool } from "./tool.js";
import { icepack, icetime, iceunpack } from "./tools/icestorm.js";
import { nextpnrIce40 } from "./tools/nextpnr-ice40.js";
import { clang, cxx, iverilog, verilator, vvp } from "./tools/simulators.js";
import { yosys } from "./tools/yosys.js";

/** Whether a tool is there, and what it is for. */
export interface ToolStatus {
  readonly name: string;
  readonly purpose: "build" | "timing sign-off" | "simulation";
  /** Null when the tool is nowhere. */
  readonly found: { readonly kind: "native" | "wasm"; readonly version: string; readonly place: string } | null;
  readonly install: string;
}

const known: readonly (readonly [Tool, ToolStatus["purpose"]])[] = [
  [yosys, "build"],
  [nextpnrIce40, "build"],
  [icepack, "build"],
  [icetime, "timing sign-off"],
  [verilator, "simulation"],
  [cxx, "simulation"],
  [clang, "simulation"],
  [iverilog, "simulation"],
  [vvp, "simulation"],
  [iceunpack, "simulation"],
];

/** Status of every tool that builds and simulations use, as the resolver would take them. */
export async function toolStatuses(options: ResolveOptions = {}): Promise<ToolStatus[]> {
  return Promise.all(
    known.map(async ([tool, purpose]) => {
      const found = await findTool(tool, options);
      const place = found?.kind === "native" ? found.path : (tool.wasm?.module ?? "");
      return {
        name: tool.name,
        purpose,
        found: found ? { kind: found.kind, version: found.version, place } : null,
        install: tool.install,
      };
    }),
  );
}
