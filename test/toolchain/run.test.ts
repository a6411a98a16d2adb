import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTool, resolveTool } from "../../src/toolchain/resolve.js";
import { runTool } from "../../src/toolchain/run.js";
import type { ResolvedTool, Tool } from "../../src/toolchain/tool.js";
import { icepack, icetime } from "../../src/toolchain/tools/icestorm.js";
import { clang } from "../../src/toolchain/tools/simulators.js";
import { yosys } from "../../src/toolchain/tools/yosys.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inverter = "module top(input a, output y); assign y = !a; endmodule\n";
const node: Tool = {
  name: "node",
  native: { command: "node", variable: "NODEPATHFORTEST" },
  install: "none",
  errorPattern: /^ERROR.*/m,
};

async function code(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return "ok";
  } catch (error) {
    return (error as { diagnostics: { code: string }[] }).diagnostics[0]!.code;
  }
}

function script(tool: ResolvedTool, text: string, extra: object = {}): Promise<string> {
  const run = { arguments: ["-e", text], folder, inputs: [], outputs: [], log: join(folder, "log", "node.log") };
  return runTool(tool, { ...run, ...extra });
}

describe("resolveTool", () => {
  it("takes the explicit path, then the variable, then PATH, then the WebAssembly package", async () => {
    const fake = join(folder, "fake");
    writeFileSync(fake, "#!/bin/sh\necho Yosys 9.9\n", { mode: 0o755 });
    const on = { environment: { PATH: folder, YOSYS: undefined } };
    expect(await resolveTool(yosys, { ...on, paths: { yosys: fake } })).toMatchObject({ path: fake, version: "9.9" });
    expect(await resolveTool(yosys, { environment: { PATH: "", YOSYS: fake } })).toMatchObject({ path: fake });
    expect(await resolveTool(yosys, on)).toMatchObject({ kind: "wasm" });
    writeFileSync(join(folder, "yosys"), "#!/bin/sh\necho Yosys 8.8\n", { mode: 0o755 });
    expect(await resolveTool(yosys, on)).toMatchObject({ kind: "native", version: "8.8" });
    expect(await resolveTool(yosys, { ...on, kind: "wasm" })).toMatchObject({ kind: "wasm" });
  });

  it("says how to install what is not there", async () => {
    const nothing = { environment: { PATH: "" } };
    expect(await findTool(icetime, nothing)).toBeUndefined();
    await expect(resolveTool(icetime, nothing)).rejects.toMatchObject({
      blame: "tool",
      diagnostics: [{ code: "tool-not-found", hint: "Run apt install fpga-icestorm; or set ICETIME to its path" }],
    });
    expect(await code(resolveTool(yosys, { ...nothing, kind: "native" }))).toBe("tool-not-found");
    expect(await code(resolveTool(clang, { kind: "native" }))).toBe("tool-not-found");
  });

  it("does not fall back from a wrong explicit path", async () => {
    expect(await code(resolveTool(yosys, { paths: { yosys: join(folder, "nowhere") } }))).toBe("tool-path");
    expect(await code(resolveTool(yosys, { environment: { PATH: "", YOSYS: folder } }))).toBe("tool-path");
  });
});

describe("runTool, native", () => {
  const tool: ResolvedTool = { tool: node, kind: "native", version: "1", path: process.execPath };

  it("returns the output, calls back for each line and keeps the log", async () => {
    const seen: string[] = [];
    const output = await script(tool, "process.stdout.write('a\\nb'); process.stderr.write('c\\n')", {
      onLine: (line: string) => seen.push(line),
    });
    expect(output.split("\n").slice(1).sort().join("")).toMatch(/a.*b/);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(readFileSync(join(folder, "log", "node.log"), "utf8")).toContain("c");
  });

  it("reports exit code, error line and log", async () => {
    const failing = script(tool, "console.log('fine'); console.log('ERROR: no module top'); process.exit(3)");
    await expect(failing).rejects.toMatchObject({
      blame: "tool",
      message: "Cannot finish node: ERROR: no module top (exit code 3), wanted exit code 0",
      diagnostics: [{ code: "tool-failed", found: "exit code 3", place: { file: join(folder, "log", "node.log") } }],
    });
  });

  it("reports time-out, a missing output, and a program that cannot start", async () => {
    expect(await code(script(tool, "setTimeout(() => {}, 60000)", { timeoutMs: 100 }))).toBe("tool-timeout");
    expect(await code(script(tool, "0", { outputs: ["result"] }))).toBe("tool-output-missing");
    expect(await code(script({ ...tool, path: join(folder, "nowhere") }, "0"))).toBe("tool-failed");
  });

  it("stops at once when told to", async () => {
    const abort = new AbortController();
    const start = Date.now();
    setTimeout(() => abort.abort(), 100);
    await expect(script(tool, "setTimeout(() => {}, 60000)", { signal: abort.signal })).rejects.toMatchObject({
      name: "AbortError",
    });
    expect(Date.now() - start).toBeLessThan(5000);
    await expect(script(tool, "0", { signal: abort.signal })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("keeps a long output in the log and its end in memory", async () => {
    const output = await script(tool, "for (let i = 0; i < 20000; i++) console.log('line ' + i)");
    expect(output.split("\n").length).toBeLessThanOrEqual(2000);
    expect(output.endsWith("line 19999")).toBe(true);
    expect(readFileSync(join(folder, "log", "node.log"), "utf8").split("\n").length).toBeGreaterThan(20000);
  });
});

describe("runTool, WebAssembly", () => {
  const run = (extra: object) => ({
    arguments: ["-p", "read_verilog rtl/a.v; synth_ice40 -top top -json out/a.json"],
    folder,
    inputs: ["rtl/a.v"],
    outputs: ["out/a.json"],
    log: join(folder, "yosys.log"),
    ...extra,
  });

  beforeEach(() => {
    writeFileSync(join(folder, "a.v"), inverter);
  });

  it("reads and writes the folder's files and does not block", async () => {
    const tool = await resolveTool(yosys, { kind: "wasm" });
    let beats = 0;
    const heart = setInterval(() => beats++, 10);
    const start = Date.now();
    await runTool(
      tool,
      run({
        arguments: ["-p", "read_verilog a.v; synth_ice40 -top top -json a.json"],
        inputs: ["a.v"],
        outputs: ["a.json"],
      }),
    );
    clearInterval(heart);
    expect(beats).toBeGreaterThan((Date.now() - start) / 40);
    expect(JSON.parse(readFileSync(join(folder, "a.json"), "utf8")).modules.top).toBeDefined();
  });

  it("reports what the tool says when it fails", async () => {
    const tool = await resolveTool(yosys, { kind: "wasm" });
    const failing = runTool(
      tool,
      run({ arguments: ["-p", "read_verilog a.v; hierarchy -top nothing"], inputs: ["a.v"], outputs: [] }),
    );
    await expect(failing).rejects.toMatchObject({
      diagnostics: [{ code: "tool-failed", message: expect.stringContaining("ERROR: Module `nothing' not found!") }],
    });
  });

  it("is ended in mid-run by the signal and by the time-out", async () => {
    const tool = await resolveTool(yosys, { kind: "wasm" });
    const long = "read_verilog a.v; " + "synth_ice40 -top top; ".repeat(500);
    const abort = new AbortController();
    const started = runTool(
      tool,
      run({
        arguments: ["-p", long],
        inputs: ["a.v"],
        outputs: [],
        signal: abort.signal,
        onLine: (line: string) => line.includes("SYNTH_ICE40") && abort.abort(),
      }),
    );
    await expect(started).rejects.toMatchObject({ name: "AbortError" });
    const late = run({ arguments: ["-p", long], inputs: ["a.v"], outputs: [], timeoutMs: 200 });
    expect(await code(runTool(tool, late))).toBe("tool-timeout");
  });

  it("reports a trap of the program", async () => {
    const tool = await resolveTool(icepack, { kind: "wasm" });
    expect(
      await code(runTool(tool, run({ arguments: ["missing.asc", "a.bin"], inputs: [], outputs: ["a.bin"] }))),
    ).toBe("tool-failed");
  });
});
