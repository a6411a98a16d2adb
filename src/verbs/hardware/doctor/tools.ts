import { loadBoards } from "../../../board/load.js";
import { chipDatabaseInstall, findChipDatabase } from "../../../sim/netlist/chip-database-file.js";
import { programmerTool } from "../../../toolchain/flash.js";
import { findTool } from "../../../toolchain/resolve.js";
import type { Tool } from "../../../toolchain/tool.js";
import { icepack, icetime } from "../../../toolchain/tools/icestorm.js";
import { nextpnrIce40 } from "../../../toolchain/tools/nextpnr-ice40.js";
import { clang, cxx, iverilog, verilator } from "../../../toolchain/tools/simulators.js";
import { yosys } from "../../../toolchain/tools/yosys.js";
import type { Examined } from "./examined.js";

type NeededTool = Pick<Examined, "neededFor" | "optional"> & { readonly tool: Tool };

const externalTools: readonly NeededTool[] = [
  { tool: yosys, neededFor: "build", optional: false },
  { tool: nextpnrIce40, neededFor: "build", optional: false },
  { tool: icepack, neededFor: "build", optional: false },
  { tool: icetime, neededFor: "second opinion on timing", optional: true },
  { tool: clang, neededFor: "engine rtl without native tools", optional: false },
  { tool: verilator, neededFor: "engine rtl, the fastest way", optional: true },
  { tool: cxx, neededFor: "engine rtl with verilator", optional: true },
  { tool: iverilog, neededFor: "engine rtl, the slowest way", optional: true },
];

/** Looks for every external tool, those of the boards' programmers included. */
export async function examineTools(): Promise<Examined[]> {
  const tools = await Promise.all([...externalTools, ...terminals(), ...programmers()].map(examineTool));
  return [...tools, await chipDatabase()];
}

async function examineTool({ tool, ...need }: NeededTool): Promise<Examined> {
  const item = tool.name;
  try {
    const found = await findTool(tool);
    if (!found) return { item, state: "missing", detail: "not found", ...need, remedy: tool.install };
    const where = found.kind === "native" ? found.path : "WebAssembly from npm";
    const detail = found.version === "unknown" ? where : `${found.version} (${where})`;
    return { item, state: "ok", detail, ...need, remedy: null };
  } catch (error) {
    return { item, state: "problem", detail: (error as Error).message, ...need, remedy: tool.install };
  }
}

/** Linux: what the virtual board needs to be reachable by its path. */
function terminals(): NeededTool[] {
  if (process.platform !== "linux") return [];
  const tool: Tool = {
    name: "script",
    native: { command: "script", variable: "SCRIPT" },
    install: "apt install bsdutils",
    errorPattern: /^.*/,
  };
  return [{ tool, neededFor: "virtual", optional: true }];
}

/** Each programmer once, with the boards that it serves. */
function programmers(): NeededTool[] {
  const catalog = loadBoards();
  const all = [...catalog.boards.values()];
  return [...catalog.programmers].flatMap(([id, programmer]) => {
    const served = all.filter((board) => board.programmer.id === id).map((board) => board.id);
    const tool = programmerTool({ programmer: { ...programmer, id } });
    return served.length === 0 ? [] : [{ tool, neededFor: `flash ${served.join(", ")}`, optional: true }];
  });
}

async function chipDatabase(): Promise<Examined> {
  const common = { item: "chip database", neededFor: "engine netlist", optional: true };
  const file = await findChipDatabase("5k");
  return file === undefined
    ? { ...common, state: "missing", detail: "not found", remedy: chipDatabaseInstall }
    : { ...common, state: "ok", detail: file, remedy: null };
}
