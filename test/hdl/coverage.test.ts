import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Modules that only join others, and those with a bench of their own: the test, and the file of it that names the module. */
const wholes: Readonly<Record<string, readonly [test: string, names: string]>> = {
  snn_core: ["test/hdl/core/core.test.ts", "hdl/tb/snn_core_tb.v"],
  snn_link: ["test/hdl/link/link.test.ts", "hdl/tb/snn_link_tb.v"],
  snn_link_command: ["test/hdl/link/link.test.ts", "test/hdl/link/bench.ts"],
  snn_link_core: ["test/sim/serial/rtl-link-engine.test.ts", "src/sim/serial/rtl-link-engine.ts"],
  snn_system: ["test/sim/serial/system.test.ts", "src/sim/serial/system-design.ts"],
  snn_plasticity: ["test/sim/cycle/dynamics/cosimulation.test.ts", "hdl/dynamics/snn_population.v"],
  snn_population: ["test/sim/cycle/dynamics/cosimulation.test.ts", "hdl/rtl/snn_core.v"],
  snn_uart_rx: ["test/hdl/link/uart.test.ts", "hdl/tb/snn_uart_tb.v"],
  snn_uart_tx: ["test/hdl/link/uart.test.ts", "hdl/tb/snn_uart_tb.v"],
};

const modulesOf = (folder: string): string[] => readdirSync(folder).map((file) => file.replace(/\.v$/, ""));
const folders = ["hdl/rtl", "hdl/dynamics", "hdl/tech"];
const modules = folders.flatMap(modulesOf);
const unitTests = readdirSync("test/hdl/unit", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => readFileSync(join("test/hdl/unit", file), "utf8"))
  .join("\n");

/** Modules that neither a unit test nor a test of a whole is about. */
const untested = (names: readonly string[]): string[] =>
  names.filter((name) => !unitTests.includes(`module: "${name}",`) && !(name in wholes));

it("every module has a test against TypeScript", () => {
  expect(modules.length).toBeGreaterThan(40);
  expect(untested(modules)).toEqual([]);
  expect(untested([...modules, "snn_forgotten"])).toEqual(["snn_forgotten"]);
});

it("the tests of wholes are there", () => {
  for (const [module, [test, names]] of Object.entries(wholes)) {
    expect(modules).toContain(module);
    expect(readFileSync(test, "utf8")).toContain("expect(");
    expect(readFileSync(names, "utf8")).toMatch(new RegExp(`\\b${module}\\b`));
  }
});

it("every file holds the module it is named for", () => {
  for (const folder of folders) {
    for (const module of modulesOf(folder)) {
      const declared = [...readFileSync(join(folder, `${module}.v`), "utf8").matchAll(/^module (\w+)/gm)];
      expect(declared.map(([, name]) => name)).toEqual([module]);
    }
  }
});
