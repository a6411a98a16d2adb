import { describe, expect, it } from "vitest";
import { up5kW4, up5kW8 } from "../../src/arch/core-config.js";
import { fits, mapNetwork, tryMapping } from "../../src/map/map.js";
import { smallestConfig } from "../../src/map/smallest-config.js";
import type { SnnGraph, SpikingPopulation } from "../../src/snn/graph.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";
import { graphOf, lenet, perceptron, pool, projection, readout, spiking } from "./networks.js";

const codes = (graph: SnnGraph, config = up5kW4, schedule: "graded" | "radix" | "unary" | "pipelined" = "graded") =>
  fits(graph, config, { schedule }).map((finding) => finding.code);

describe("what fits", () => {
  it("LeNet-5 with 4 bits fits the UP5K, its third convolution in tiles", () => {
    const { program, resources } = mapNetwork(lenet(), up5kW4);
    const used = Object.fromEntries(resources.map((r) => [r.resource, r.used]));
    // 25 + 150 + 3200 + 11520 + 84 rows, and 5 more because two positions of the first layer share the lanes
    expect(used["weights"]).toBe(14_984);
    expect(used["list"]).toBeLessThanOrEqual(2048);
    const tiles = program.passes.filter((note) => note.candidates?.population === "conv3");
    expect(tiles.length).toBeGreaterThan(1);
    expect(tiles.map((note) => note.candidates!.first)[0]).toBe(0);
    expect(program.worstCaseCycles).toBeGreaterThan(17_541);
  });

  it("names memory, layer, need and what there is, all memories at once", () => {
    const graph = perceptron([784, 3000, 1500, 10]);
    const found = fits(graph, up5kW4);
    expect(found.map((f) => f.code)).toContain("does-not-fit");
    const weights = found.find((f) => f.message.includes("rows of weights"))!;
    // 188 groups of 784 rows, 94 groups of 3000 rows, one of 1500
    expect(weights.found).toBe(String(188 * 784 + 94 * 3000 + 1500));
    expect(weights.wanted).toBe("at most 16384");
    expect(weights.place?.item).toBe("hidden1");
    expect(weights.hint).toMatch(/weight bits/);
    const parameters = found.find((f) => f.message.includes("parameter words"))!;
    expect(parameters.found).toBe(String(3000 + 1500 + 10));
    expect(found.length).toBeGreaterThanOrEqual(2);
  });

  it("throws every finding once", () => {
    expect(() => mapNetwork(perceptron([784, 3000, 1500, 10]), up5kW4)).toThrow(SpikewrightError);
    const { mapping, faults } = tryMapping(perceptron([784, 3000, 1500, 10]), up5kW4);
    expect(mapping).toBeUndefined();
    expect(new Set(faults.map((f) => f.message)).size).toBe(faults.length);
  });

  it("makes a core for what no real one holds", () => {
    expect(codes(lenet(), up5kW4, "pipelined")).toContain("does-not-fit");
    const { config, program } = smallestConfig(lenet(), { schedule: "pipelined" });
    expect(config.stateDepth).toBe(8192);
    expect(Math.log2(config.weightDepth) % 1).toBe(0);
    expect(program.needs.stateDepth).toBeLessThanOrEqual(config.stateDepth);
    expect(() => smallestConfig(perceptron([4000, 4000, 4000, 10]))).toThrow(/rows of weights/);
  });

  it("a wide hidden layer that does not fit the list is made in tiles of groups", () => {
    const graph = perceptron([64, 480, 10]);
    const small = { ...up5kW4, listDepth: 256 };
    const { program } = mapNetwork(graph, small);
    const tiles = program.passes.filter((note) => note.candidates?.population === "hidden0");
    expect(tiles.length).toBeGreaterThanOrEqual(3);
    expect(tiles.map((note) => note.firstGroup)).toEqual(
      [...tiles.map((note) => note.firstGroup)].sort((a, b) => a - b),
    );
  });
});

describe("what the core cannot run", () => {
  const dense = (population: SpikingPopulation, max = 15) => {
    const input = { name: "input", shape: [1, 1, 8] as const, max };
    const out = readout("out", 4);
    return graphOf("net", input, [population, out], [projection(input, population), projection(population, out)]);
  };

  it.each([
    ["signed-activation", dense({ ...spiking("a", [1, 1, 4]), tracerMin: -8 })],
    ["tracer-bound", dense(spiking("a", [1, 1, 4], 10))],
    ["tracer-bound", dense(spiking("a", [1, 1, 4], 0))],
    ["quotient-bits", dense(spiking("a", [1, 1, 4], 255))],
    ["tracer-bits", dense(spiking("a", [1, 1, 4], 511))],
    ["threshold-bits", dense(spiking("a", [1, 1, 4], 15, 70_000))],
    ["membrane-bits", dense({ ...spiking("a", [1, 1, 4]), membraneBits: 25 })],
  ])("%s", (code, graph) => {
    expect(codes(graph)).toContain(code);
  });

  it("weight-bits, with the width to convert to", () => {
    const input = { name: "input", shape: [1, 1, 8] as const, max: 15 };
    const out = readout("out", 4);
    const graph = graphOf("net", input, [out], [projection(input, out, [1, 1], [0, 0], 8)]);
    expect(fits(graph, up5kW4).find((f) => f.code === "weight-bits")?.hint).toContain("--weights 4");
    expect(codes(graph, up5kW8)).toEqual([]);
  });

  it("payload-overflow and pool-window", () => {
    const input = { name: "input", shape: [32, 32, 1] as const, max: 15 };
    const a = spiking("a", [32, 32, 1]);
    const sum = pool("sum", a, "sum", 5);
    const wide = pool("wide", a, "max", 16);
    const out = readout("out", 4);
    const overflow = graphOf("net", input, [a, sum, out], [projection(input, a, [1, 1]), projection(sum, out)]);
    expect(codes(overflow)).toContain("payload-overflow");
    expect(codes(overflow, up5kW4, "unary")).not.toContain("payload-overflow");
    const window = graphOf("net", input, [a, wide, out], [projection(input, a, [1, 1]), projection(wide, out)]);
    expect(codes(window)).toContain("pool-window");
  });

  it("readout-unsupported", () => {
    const input = { name: "input", shape: [1, 1, 8] as const, max: 15 };
    const a = spiking("a", [1, 1, 4]);
    expect(codes(graphOf("net", input, [a], [projection(input, a)]))).toContain("readout-unsupported");
  });

  it("accumulator-overflow, only when a single value is too much", () => {
    const narrow = { ...up5kW4, accumulatorBits: 8 };
    const input = { name: "input", shape: [1, 1, 40] as const, max: 15 };
    const out = readout("out", 4);
    const graph = graphOf("net", input, [out], [projection(input, out)]);
    // 7 * 15 fits 8 bits, -8 * 15 does, sums do not: the layer is cut into many walks
    expect(codes(graph, narrow)).toEqual([]);
    expect(mapNetwork(graph, narrow).program.passes.length).toBeGreaterThan(5);
    expect(codes({ ...graph, input: { ...input, max: 255 } }, narrow)).toContain("accumulator-overflow");
  });
});
