import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { coreConfigs, up5kLifW8 } from "../../src/arch/core-config.js";
import { coreParameters } from "./core/simulate.js";
import { missingTools } from "./tool.js";
import { vendorCells, vendorOptions } from "./vendor-cells.js";

const folder = mkdtempSync(join(tmpdir(), "snn-lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

// the vendor's cells are not what is looked at; without a time scale they ask for none of ours
const cells = join(folder, "cells_sim.v");
writeFileSync(cells, readFileSync(vendorCells, "utf8").replace(/^`timescale.*$/m, ""));
const waiver = join(folder, "cells.vlt");
writeFileSync(waiver, '`verilator_config\nlint_off -file "*cells_sim.v"\n');

const folders = ["hdl/rtl", "hdl/dynamics", "hdl/tech"];
const files = folders.flatMap((path) => readdirSync(path).map((file) => join(path, file)));
const modules = files.map((file) => file.replace(/^.*\/(\w+)\.v$/, "$1"));
const libraries = folders.flatMap((path) => ["-y", path]);

/** A module with parameters: every one with its defaults, the core in every shape that is built, and the largest. */
type Top = readonly [module: string, parameters: Readonly<Record<string, number>>];
const largest = {
  ...{
    Lanes: 32,
    WeightBits: 8,
    AccumulatorBits: 32,
    MembraneBits: 40,
    ThresholdBits: 31,
    QuotientBits: 8,
    IndexBits: 16,
  },
  ...{ WeightDepth: 65536, ListDepth: 65536, PointerDepth: 65536, ParameterDepth: 65536, StateDepth: 65536 },
  ...{ ProgramDepth: 1024, HostBits: 256, Technology: 0 },
};
const smallest = {
  ...{ Lanes: 2, WeightBits: 2, AccumulatorBits: 8, MembraneBits: 9, ThresholdBits: 1, QuotientBits: 1, IndexBits: 8 },
  ...{ WeightDepth: 16, ListDepth: 16, PointerDepth: 16, ParameterDepth: 16, StateDepth: 16 },
  ...{ ProgramDepth: 32, HostBits: 64, Technology: 2 },
};
const dynamics = { MembraneBits: 16, ThresholdBits: 16, QuotientBits: 1, Dynamics: 1 };
const largestLearning = {
  ...{ ...largest, ...dynamics, Learning: 2, AccumulatorBits: 24 },
  ...{ WeightDepth: 16384, ListDepth: 2048, StateDepth: 2048 },
};

const fileOf = (module: string): string => files[modules.indexOf(module)]!;

const tops: readonly Top[] = [
  ...modules.map((module): Top => [module, {}]),
  ...coreConfigs.map((config): Top => ["snn_core", coreParameters(config)]),
  ["snn_core", largest],
  ["snn_core", smallest],
  ["snn_core", largestLearning],
  ["snn_core", { ...smallest, ...dynamics, Learning: 1 }],
  ["snn_core", { ...largestLearning, Learning: 0, Technology: 2 }],
  ["snn_core", { ...largestLearning, Learning: 0, Scatter: 1, Lanes: 16, WeightBits: 4, IndexBits: 14 }],
  ["snn_core", { ...smallest, ...dynamics, Lanes: 16, WeightBits: 4, Scatter: 1 }],
  ["snn_core", { ...coreParameters(up5kLifW8), Technology: 0 }],
];

const tools = {
  verilator: ([module, parameters]: Top, text?: string) => [
    ...["--lint-only", "-Wall", "-DNO_ICE40_DEFAULT_ASSIGNMENTS", ...libraries, "--top-module", module],
    ...Object.entries(parameters).map(([name, value]) => `-G${name}=${value}`),
    ...[waiver, cells, text ?? fileOf(module)],
  ],
  iverilog: ([module, parameters]: Top, text?: string) => [
    ...["-g2005", "-Wall", "-t", "null", ...vendorOptions, ...libraries, "-s", module],
    ...Object.entries(parameters).map(([name, value]) => `-P${module}.${name}=${value}`),
    ...[text ?? fileOf(module), cells],
  ],
  yosys: ([module, parameters]: Top, text?: string) => {
    const own = files.filter((file) => text === undefined || file !== fileOf(module));
    const set = Object.entries(parameters).map(([name, value]) => `-set ${name} ${value}`);
    const chparam = set.length > 0 ? `chparam ${set.join(" ")} ${module};` : "";
    const read = `read_verilog -defer ${[...own, ...(text ? [text] : [])].join(" ")}; read_verilog -lib +/ice40/cells_sim.v;`;
    return ["-q", "-p", `${read} ${chparam} hierarchy -check -top ${module}; proc; check -assert`];
  },
} as const;
type Tool = keyof typeof tools;

/** Everything the tool has to say. */
function complaints(tool: Tool, top: Top, text?: string): string {
  const { stdout, stderr, status } = spawnSync(tool, tools[tool](top, text), { encoding: "utf8" });
  return `${stdout}${stderr}${status === 0 ? "" : `exit ${status}`}`;
}

describe.each(Object.keys(tools) as Tool[])("%s", (tool) => {
  it.runIf(missingTools(`Verilog without warnings in ${tool}`, tool).length === 0)(
    "has nothing to say about any module",
    () => {
      const said = tops.map((top) => ({ top, said: complaints(tool, top) }));
      expect(said.filter((entry) => entry.said !== "")).toEqual([]);

      const wrong = join(folder, "wrong.v");
      const right = readFileSync("hdl/rtl/snn_counter.v", "utf8");
      writeFileSync(wrong, right.replace("value_i : next[Width:1]", "value_i : nxet[Width:1]"));
      expect(complaints(tool, ["snn_counter", {}], wrong)).toMatch(/nxet/);
    },
  );
});
