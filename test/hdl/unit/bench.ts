import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vendorCells, vendorOptions } from "../vendor-cells.js";

const root = join(import.meta.dirname, "../../..");
const folders = ["rtl", "dynamics", "tech"].map((folder) => join(root, "hdl", folder));

/** Values of ports by name. Outputs that are left out or undefined are not compared; inputs that are left out are 0. */
export type Ports = Readonly<Record<string, number | bigint | undefined>>;
export type Parameters = Readonly<Record<string, number>>;

/** A clock cycle: the inputs, steady in it, and the outputs as they are before it ends. */
export interface Cycle {
  readonly inputs: Ports;
  readonly outputs: Ports;
}

interface Port {
  readonly name: string;
  readonly range: string;
}

/** The Verilog file of a module. */
export function sourceOf(module: string): string {
  const path = folders.map((folder) => join(folder, `${module}.v`)).find(existsSync);
  if (path === undefined) throw new Error(`no module ${module} in hdl/rtl, hdl/dynamics or hdl/tech`);
  return readFileSync(path, "utf8");
}

const portLine = (direction: string): RegExp =>
  new RegExp(`^ *${direction} +(?:wire|reg)? *(\\[.*\\])? *(\\w+)(?:,|\\s*$)`, "gm");

/** Ports of a direction, in order, as the module declares them. */
function portsOf(text: string, direction: "input" | "output"): Port[] {
  const header = text.slice(text.indexOf("\nmodule "), text.indexOf("\n);"));
  return [...header.matchAll(portLine(direction))].map(([, range, name]) => ({ name: name!, range: range ?? "" }));
}

/** A bench that reads a line of input values a cycle and prints a line of output values. */
function benchOf(module: string, text: string, parameters: Parameters): string {
  const defaults = [...text.matchAll(/^ *parameter +(\w+) *= *([^,\n]+)/gm)].map(([, name, value]) => [name!, value!]);
  const inputs = portsOf(text, "input").filter(({ name }) => name !== "clk_i");
  const outputs = portsOf(text, "output");
  const clock = portsOf(text, "input").some(({ name }) => name === "clk_i") ? ["clk_i"] : [];
  return [
    "module unit_bench;",
    ...defaults.map(([name, value]) => `localparam ${name} = ${parameters[name!] ?? value};`),
    "reg clk_i = 0;",
    ...inputs.map(({ name, range }) => `reg ${range} ${name} = 0;`),
    ...outputs.map(({ name, range }) => `wire ${range} ${name};`),
    `${module} #(${defaults.map(([name]) => `.${name}(${name})`).join(", ")}) unit (`,
    [...clock, ...[...inputs, ...outputs].map(({ name }) => name)].map((name) => `.${name}(${name})`).join(", "),
    ");",
    "integer file, got;",
    "initial begin",
    'file = $fopen("inputs", "r");',
    "got = 1;",
    "while (got > 0) begin",
    `got = $fscanf(file, "${inputs.map(() => "%h").join(" ")}", ${inputs.map(({ name }) => name).join(", ")});`,
    "if (got > 0) begin",
    `#1 $display("${outputs.map(() => "%h").join(" ")}", ${outputs.map(({ name }) => name).join(", ")});`,
    "#1 clk_i = 1; #1 clk_i = 0;",
    "end end",
    "$finish; end endmodule",
  ].join("\n");
}

const hex = (value: number | bigint): string => BigInt(value).toString(16);

/**
 * Plays the inputs on a module in Icarus and compares the outputs.
 *
 * @param text The Verilog to use in place of the module's own, to see whether a comparison notices.
 * @returns What differs, one line for each output of each cycle, the first ten.
 */
export function differences(
  module: string,
  parameters: Parameters,
  cycles: readonly Cycle[],
  text = sourceOf(module),
): string[] {
  const folder = mkdtempSync(join(tmpdir(), "snn-unit-"));
  try {
    const inputs = portsOf(text, "input").filter(({ name }) => name !== "clk_i");
    const outputs = portsOf(text, "output").map(({ name }) => name);
    expectPorts(cycles, new Set(inputs.map(({ name }) => name)), new Set(outputs));
    writeFileSync(join(folder, `${module}.v`), text);
    writeFileSync(join(folder, "bench.v"), benchOf(module, text, parameters));
    const lines = cycles.map((cycle) => inputs.map(({ name }) => hex(cycle.inputs[name] ?? 0)).join(" "));
    writeFileSync(join(folder, "inputs"), lines.join("\n") + "\n");
    const vendor = text.includes(" SB_") || parameters["Technology"] === 1 ? [vendorCells] : [];
    const libraries = folders.flatMap((path) => ["-y", path]);
    const options = ["-g2005", ...vendorOptions, "-s", "unit_bench", "-o", "bench.vvp", ...libraries];
    const files = ["bench.v", `${module}.v`, ...vendor];
    execFileSync("iverilog", [...options, ...files], { cwd: folder, stdio: "pipe" });
    const said = execFileSync("vvp", ["-n", "bench.vvp"], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 30 });
    return compare(cycles, outputs, said.split("\n"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function expectPorts(cycles: readonly Cycle[], inputs: ReadonlySet<string>, outputs: ReadonlySet<string>): void {
  const first = cycles[0];
  if (first === undefined) throw new Error("no cycles to compare");
  const strange = [
    ...Object.keys(first.inputs).filter((name) => !inputs.has(name)),
    ...Object.keys(first.outputs).filter((name) => !outputs.has(name)),
  ];
  if (strange.length > 0) throw new Error(`no such ports: ${strange.join(", ")}`);
  const silent = [...outputs].filter((name) => !cycles.some((cycle) => cycle.outputs[name] !== undefined));
  if (silent.length > 0) throw new Error(`outputs never compared: ${silent.join(", ")}`);
}

function compare(cycles: readonly Cycle[], outputs: readonly string[], said: readonly string[]): string[] {
  const found: string[] = [];
  for (const [at, cycle] of cycles.entries()) {
    const words = (said[at] ?? "").split(" ");
    for (const [i, name] of outputs.entries()) {
      const wanted = cycle.outputs[name];
      if (wanted === undefined) continue;
      const word = words[i] ?? "";
      if (/^[0-9a-f]+$/.test(word) && BigInt(`0x${word}`) === BigInt(wanted)) continue;
      const inputs = Object.entries(cycle.inputs).map(([key, value]) => `${key} ${hex(value ?? 0)}`);
      found.push(`cycle ${at}: ${name} is ${word}, wanted ${hex(wanted)}, with ${inputs.join(", ")}`);
      if (found.length === 10) return found;
    }
  }
  return found;
}
