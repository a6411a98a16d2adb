import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spikewright } from "./command.js";

const example = "examples/digits";
const data = ["--data", join(example, "test-images.idx.gz")];
const labels = ["--labels", join(example, "test-labels.idx.gz")];
const folder = mkdtempSync(join(tmpdir(), "spikewright-cli-"));
const network = join(folder, "digits.spk");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the path from a model to spikes", () => {
  beforeAll(async () => {
    const calibrate = ["--calibrate", join(example, "train-images.idx.gz")];
    const end = await spikewright("convert", join(example, "model.json"), "-o", network, ...calibrate, "--json");
    expect(end.stderr).not.toContain("error");
    expect(end.code).toBe(0);
    const result = JSON.parse(end.stdout);
    expect(result.output).toBe(network);
    expect(result.weightsTotal).toBe(8 * 9 + 16 * 8 * 9 + 400 * 32 + 320);
    expect(result.ledger.every((line: { outcome: string }) => line.outcome !== "rejected")).toBe(true);
    for (const layer of result.layers) {
      expect(layer).toMatchObject({ weightBits: 4, neurons: expect.any(Number), maxError: expect.any(Number) });
    }
  });

  it("leaves no other file behind than the network", () => {
    expect(readdirSync(folder)).toEqual(["digits.spk"]);
  });

  it("writes the same bytes again", async () => {
    const again = join(folder, "again.spk");
    await spikewright(
      "convert",
      join(example, "model.json"),
      "-o",
      again,
      "--calibrate",
      join(example, "train-images.idx.gz"),
    );
    expect(readFileSync(again).equals(readFileSync(network))).toBe(true);
    rmSync(again);
  });

  it("writes nothing in a dry run", async () => {
    const end = await spikewright(
      "convert",
      join(example, "model.json"),
      "-o",
      join(folder, "dry.spk"),
      "--dry-run",
      "--calibrate",
      join(example, "train-images.idx.gz"),
    );
    expect(end.code).toBe(0);
    expect(existsSync(join(folder, "dry.spk"))).toBe(false);
  });

  it("gives the accuracy of the float model and of the integers", async () => {
    const float = JSON.parse(
      (await spikewright("evaluate", join(example, "model.json"), ...data, ...labels, "--json")).stdout,
    );
    expect(float).toMatchObject({ engine: "float", samples: 1000, accuracy: 0.993 });
    const integers = JSON.parse((await spikewright("evaluate", network, ...data, ...labels, "--json")).stdout);
    expect(integers.engine).toBe("quantized");
    expect(integers.accuracy).toBeGreaterThan(0.985);
    const cycle = JSON.parse(
      (await spikewright("evaluate", network, ...data, ...labels, "--engine", "cycle", "--json")).stdout,
    );
    expect(cycle.accuracy).toBe(integers.accuracy);
    expect(cycle.cyclesPerSample.mean).toBeLessThan(4500);
    expect(cycle.cyclesPerSample.min).toBeLessThanOrEqual(cycle.cyclesPerSample.mean);
  });

  it.each(["graded", "radix", "unary", "pipelined"])("finds no difference between engines, %s", async (schedule) => {
    const end = await spikewright("verify", network, ...data, "--schedule", schedule, "--limit", "20", "--json");
    expect(end.code).toBe(0);
    const result = JSON.parse(end.stdout);
    expect(result).toMatchObject({ samples: 20, mismatches: 0, cycleMismatches: 0, first: null });
    expect(result.neuronsCompared).toBe(2 * 20 * (14 * 14 * 8 + 7 * 7 * 8 + 400 + 32 + 10));
  });

  it("draws a spike raster", async () => {
    const raster = join(folder, "raster.svg");
    const end = await spikewright(
      "simulate",
      network,
      ...data,
      "--schedule",
      "pipelined",
      "--raster",
      raster,
      "--json",
    );
    expect(JSON.parse(end.stdout)).toMatchObject({ engine: "snn", schedule: "pipelined", index: 0 });
    expect(readFileSync(raster, "utf8")).toMatch(/^<svg [^>]*>[\s\S]*<\/svg>\s*$/);
  });

  it("says on which boards the model fits", async () => {
    const end = await spikewright("check", join(example, "model.json"), "--json");
    expect(end.code).toBe(0);
    expect(JSON.parse(end.stdout)).toMatchObject({
      convertible: true,
      blockers: [],
      fits: { icebreaker: true, icestick: false },
    });
  });
});
