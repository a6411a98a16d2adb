import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { FuzzReport } from "./fuzz-process.js";

const run = promisify(execFile);
const names = [
  "Keras .h5",
  ".keras",
  "ONNX",
  "NIR",
  "TensorFlow.js",
  "IDX",
  "IDX in gzip",
  "NumPy",
  "NumPy archives",
  "CSV",
  "PNG",
  "N-MNIST",
  "Spiking Heidelberg",
];
const mebibyte = 2 ** 20;
/** The HDF5 library gets 4 s for a small file; the rest is room for a busy machine. */
const longestMs = 30_000;

async function fuzz(name: string): Promise<FuzzReport> {
  const script = "build/js/test/frontend/limits/fuzz-process.js";
  const { stdout } = await run(process.execPath, ["--expose-gc", script, name, "7"]);
  return JSON.parse(stdout) as FuzzReport;
}

// Peak memory is read from the system's own account.
describe.runIf(process.platform === "linux")("damaged copies of real files", () => {
  it.each(names)("%s: a result or an error with a code, at most 4 times the size and 64 MiB, in time", async (name) => {
    const { results, refusals, crashes, excessBytes, slowestMs } = await fuzz(name);
    console.info(
      `${name}: ${results} read, ${refusals} refused, ${(excessBytes / mebibyte).toFixed(0)} MiB above 4 x size, ${slowestMs.toFixed(0)} ms`,
    );
    expect(crashes).toEqual([]);
    expect(refusals).toBeGreaterThan(5);
    expect(excessBytes).toBeLessThanOrEqual(64 * mebibyte);
    expect(slowestMs).toBeLessThan(longestMs);
  });

  it("breaking a limit is noticed (control)", async () => {
    expect((await fuzz("control: crash")).crashes).toHaveLength(4);
    expect((await fuzz("control: memory")).excessBytes).toBeGreaterThan(64 * mebibyte);
    expect((await fuzz("control: time")).slowestMs).toBeGreaterThan(90);
  });
});
