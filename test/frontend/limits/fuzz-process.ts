/**
 * Reads damaged copies of the files of one reader and tells what came of it, as JSON: a process of its own, so that its
 * peak memory can be told.
 *
 *   node --expose-gc fuzz-process.js READER SEED
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { randomFrom } from "../mutation.js";
import { type FuzzedReader, fuzzedReaders } from "./readers.js";

/** What came of all damaged files of a reader. */
export interface FuzzReport {
  readonly results: number;
  readonly refusals: number;
  /** Whatever is no `SpikewrightError`. */
  readonly crashes: readonly string[];
  /** Most memory that a file took beyond 4 times its size, bytes; negative where it took less. */
  readonly excessBytes: number;
  readonly slowestMs: number;
}

/** Readers that break each limit, to see that it is noticed. */
const faulty: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  "control: crash": async () => {
    throw new RangeError("Invalid typed array length");
  },
  "control: memory": async (path) => new Uint8Array(4 * readFileSync(path).length + 2 ** 27).fill(1),
  "control: time": () => new Promise((resolve) => setTimeout(resolve, 100)),
};

function memory(line: "VmHWM" | "VmRSS"): number {
  return Number(new RegExp(`${line}:\\s*(\\d+) kB`).exec(readFileSync("/proc/self/status", "utf8"))![1]) * 1024;
}

async function fuzz({ damage, read, count }: FuzzedReader, seed: number): Promise<FuzzReport> {
  const folder = mkdtempSync(join(tmpdir(), "spikewright-fuzz-"));
  const random = randomFrom(seed);
  const report = {
    results: 0,
    refusals: 0,
    crashes: [] as string[],
    excessBytes: Number.NEGATIVE_INFINITY,
    slowestMs: 0,
  };
  for (let k = -1; k < count; k++) {
    const { path, bytes } = damage(folder, random);
    (globalThis as { gc?: () => void }).gc?.();
    // The peak starts anew.
    writeFileSync("/proc/self/clear_refs", "5");
    const before = memory("VmRSS");
    const start = performance.now();
    let outcome: "results" | "refusals" = "results";
    try {
      await read(path);
    } catch (error) {
      outcome = "refusals";
      if (!(error instanceof SpikewrightError)) report.crashes.push(`file ${k}: ${String(error)}`);
    }
    // The first file also loads what the reader needs.
    if (k < 0) continue;
    report[outcome]++;
    report.slowestMs = Math.max(report.slowestMs, performance.now() - start);
    report.excessBytes = Math.max(report.excessBytes, memory("VmHWM") - before - 4 * bytes);
  }
  rmSync(folder, { recursive: true });
  return report;
}

const [name, seed] = process.argv.slice(2);
const broken = faulty[name!];
const found = fuzzedReaders().find((reader) => reader.name === (broken ? "CSV" : name));
if (!found) throw new Error(`no reader "${name}"`);
const report = await fuzz(broken ? { ...found, count: 3, read: broken } : found, Number(seed));
console.log(JSON.stringify(report));
process.exit();
