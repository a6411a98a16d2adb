import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hx8kLifW8, hx8kW4, up5kLifW8, up5kW4 } from "../../src/arch/core-config.js";
import { coreParameters } from "./core/simulate.js";
import { missingTools } from "./tool.js";

const folder = mkdtempSync(join(tmpdir(), "snn-carry-"));
afterAll(() => rmSync(folder, { recursive: true }));
const there = missingTools("carry chains that every router can route", "yosys").length === 0;

interface Netlist {
  readonly modules: Readonly<Record<string, { readonly cells: Readonly<Record<string, Cell>> }>>;
}
interface Cell {
  readonly type: string;
  readonly connections: Readonly<Record<string, readonly (number | string)[]>>;
}

const sources = ["hdl/rtl", "hdl/dynamics", "hdl/tech"].flatMap((path) =>
  readdirSync(path).map((file) => join(path, file)),
);

/** Carries of a synthesised module, and the names of those that have one net, not a constant, on both inputs. */
function carries(read: string, top: string, options = ""): { count: number; doubled: string[] } {
  const json = join(folder, `${top}.json`);
  // the carries are made before the tables are; they wrap the table that belongs to them, with inputs A and B
  const script = `${read}; synth_ice40 ${options} -run begin:map_luts -top ${top}; write_json ${json}`;
  execFileSync("yosys", ["-q", "-p", script], { stdio: "pipe" });
  const { modules } = JSON.parse(readFileSync(json, "utf8")) as Netlist;
  const cells = Object.entries(modules[top]!.cells).filter(([, { type }]) => type.includes("CARRY"));
  const doubled = cells.filter(([, { connections }]) => {
    const [a, b] = [connections["A"]?.[0], connections["B"]?.[0]];
    return a === b && typeof a === "number";
  });
  return { count: cells.length, doubled: doubled.map(([name]) => name) };
}

// nextpnr's router may swap the two arcs of such a net for ever
describe.runIf(there)("the inputs of a carry are different nets", () => {
  const read = `read_verilog -defer ${sources.join(" ")}`;

  it.each([up5kW4, hx8kW4, up5kLifW8, hx8kLifW8])("in the whole system of $name", (config) => {
    const { Technology: _, ...numbers } = coreParameters(config);
    const set = Object.entries(numbers).map(([name, value]) => `-set ${name} ${value}`);
    const chparam = `chparam -set Technology "${config.technology}" ${set.join(" ")} snn_system`;
    const options = config.technology === "ice40up" ? "-device u" : "";
    const { count, doubled } = carries(`${read}; ${chparam}`, "snn_system", options);
    expect(count).toBeGreaterThan(500);
    expect(doubled).toEqual([]);
  });

  it("is seen when they are not", () => {
    const text = "module twice(input clk_i, up_i, output reg [3:0] n_o); wire [4:0] next = {n_o, up_i} + {4'd0, up_i};";
    const body = "always @(posedge clk_i) n_o <= next[4:1]; endmodule";
    const file = join(folder, "twice.v");
    writeFileSync(file, `${text} ${body}\n`);
    expect(carries(`read_verilog ${file}`, "twice").doubled).toHaveLength(1);
  });
});
