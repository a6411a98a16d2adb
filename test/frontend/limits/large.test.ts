import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeLargeModels } from "./large-models.js";

/** Processor time and peak memory that reading a model adds to a process. */
interface Reading {
  readonly seconds: number;
  readonly bytes: number;
  readonly parameters: number;
}

/** Reads a model in a process of its own, with the compiled reader, then runs `extra`. */
function measure(path: string, extra = ""): Reading {
  const reader = resolve("build/js/src/frontend/load.js");
  const program = `
    const { readFileSync } = await import("node:fs");
    const { loadModel } = await import(${JSON.stringify(reader)});
    const before = process.memoryUsage().rss;
    const start = process.cpuUsage();
    const graph = await loadModel(${JSON.stringify(path)});
    const { user, system } = process.cpuUsage(start);
    ${extra}
    const parameters = graph.nodes
      .flatMap((node) => [node.kernel, node.bias])
      .reduce((sum, tensor) => sum + (tensor?.data.length ?? 0), 0);
    // The peak that resourceUsage() tells includes that of the process before exec, a copy of the parent.
    const peak = /VmHWM:\\s*(\\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))[1] * 1024;
    console.log(JSON.stringify({ seconds: (user + system) / 1e6, bytes: peak - before, parameters }));
    process.exit();`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" }));
}

// Peak memory is read from the system's own account.
describe.runIf(process.platform === "linux")("a model of 52 MB", () => {
  const folder = mkdtempSync(join(tmpdir(), "spikewright-large-"));
  let models: Awaited<ReturnType<typeof writeLargeModels>>;

  beforeAll(async () => {
    models = await writeLargeModels(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(["Keras .h5", ".keras", "ONNX", "TensorFlow.js"])(
    "as %s takes at most 2 s and 4 times its size in memory",
    (format) => {
      const { path, bytes } = models[format]!;
      const found = measure(path);
      console.info(`${format}: ${found.seconds.toFixed(2)} s, ${(found.bytes / bytes).toFixed(2)} x its size`);
      expect(bytes).toBeGreaterThan(50e6);
      expect(found.parameters).toBe(13_088_894);
      expect(found.seconds).toBeLessThanOrEqual(2);
      expect(found.bytes / bytes).toBeLessThanOrEqual(4);
    },
  );

  it("notices memory that is too large (control)", () => {
    const { path, bytes } = models["ONNX"]!;
    const waste = `
      globalThis.kept = new Uint8Array(4 * ${bytes}).fill(1);`;
    expect(measure(path, waste).bytes / bytes).toBeGreaterThan(4);
  });
});
