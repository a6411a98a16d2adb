import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadFile } from "../../../src/frontend/load.js";
import { inferDynamics, type NirDynamicsOptions } from "../../../src/frontend/nir/dynamics.js";
import type { NirGraph, NirNode } from "../../../src/frontend/nir/graph.js";
import { openNirSimulation } from "../../../src/frontend/nir/simulate/simulate.js";
import { importNir, openDynamics, readDynamics, recordRaster } from "../../../src/index.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { seededRandom } from "../../../src/support/random.js";
import { importNirGraph } from "../../../src/verbs/nir/core/import.js";
import { affine, chain, cubaLif, end, integrateAndFire, tensor } from "../../frontend/nir/networks.js";

const material = join("..", "shared", "material", "nir");
const metadata = {};

/** Spikes of every population in every step, in float and in integers. */
function bothRasters(graph: NirGraph, steps: number, options: NirDynamicsOptions, seed: number) {
  const { graph: integers } = importNirGraph(graph, { ...options, steps });
  const float = openNirSimulation(graph, inferDynamics(graph, options));
  const simulator = openDynamics(integers);
  const random = seededRandom(seed);
  const [input] = integers.inputs;
  const rasters: [string[], string[]] = [[], []];
  for (let t = 0; t < steps; t++) {
    const events = Array.from({ length: input!.shape[2] }, () => (random() < 0.5 ? 1 : 0));
    float.step(events);
    simulator.step({ [input!.name]: events });
    for (const { name } of integers.populations) {
      const fired = [...float.valueOf(name).entries()].filter(([, spike]) => spike === 1).map(([n]) => n);
      rasters[0].push(`${t} ${name} ${fired}`);
      rasters[1].push(`${t} ${name} ${[...simulator.spikes(name)]}`);
    }
  }
  return rasters;
}

const whole = (random: () => number, count: number, most: number) =>
  // one weight of the largest size, so that 1 lsb is 1
  Array.from({ length: count }, (_, k) => (k === 0 ? 127 : Math.floor((random() - 0.4) * 2 * most)));

/** Convolution, pool, delays of each element, and recurrence between neurons without leak, in whole numbers. */
function wholeGraph(seed: number): NirGraph {
  const random = seededRandom(seed);
  const matrix = (rows: number, columns: number) => {
    const all = whole(random, rows * columns, 40);
    return Array.from({ length: rows }, (_, r) => all.slice(r * columns, (r + 1) * columns));
  };
  const conv: NirNode = {
    type: "Conv2d",
    name: "conv",
    weight: tensor(whole(random, 2 * 9, 100), [2, 1, 3, 3]),
    bias: tensor([3, -2]),
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: 1,
    inputShape: [6, 6],
    metadata,
  };
  const pool: NirNode = {
    type: "SumPool2d",
    name: "pool",
    kernelSize: [2, 2],
    stride: [2, 2],
    padding: [0, 0],
    metadata,
  };
  const flat: NirNode = { type: "Flatten", name: "flat", startDim: 0, endDim: 2, metadata };
  const image = (node: NirNode) => ({ ...node, r: tensor(new Array<number>(32).fill(1), [2, 4, 4]) }) as NirNode;
  const steps = Array.from({ length: 8 }, () => Math.floor(4 * random()));
  const late: NirNode = { type: "Delay", name: "late", delay: tensor(steps), metadata };
  const nodes = [
    end("Input", [1, 6, 6]),
    conv,
    image(integrateAndFire("first", 1, 200, 32)),
    pool,
    flat,
    late,
    affine("w", matrix(5, 8)),
    integrateAndFire("second", 1, 60, 5),
    affine("back", matrix(5, 5)),
    end("Output", [5]),
  ];
  const edges = [
    ["input", "conv"],
    ["conv", "first"],
    ["first", "pool"],
    ["pool", "flat"],
    ["flat", "late"],
    ["late", "w"],
    ["w", "second"],
    ["second", "back"],
    ["back", "second"],
    ["second", "output"],
  ] as const;
  return { type: "NIRGraph", name: "whole", nodes, edges, metadata };
}

describe("NIR graphs as networks with dynamics", () => {
  it.each([
    { dt: 1, reset: "subtract", compare: ">=" },
    { dt: 1, reset: "zero", compare: ">" },
    { dt: 1, reset: "zero", compare: ">", resetTiming: "next-step" },
    { dt: 1, reset: "subtract", compare: ">=", resetTiming: "next-step" },
  ] as const)("fire spike for spike as in float where all numbers are whole: %o", (options) => {
    let firing = 0;
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [wanted, found] = bothRasters(wholeGraph(seed), 20, options, seed);
        expect(found).toEqual(wanted);
        firing += Number(wanted.some((line) => /second \d/.test(line)));
      }),
      { numRuns: 10 },
    );
    expect(firing).toBeGreaterThan(2);
  });

  it("say how far they are from the file", () => {
    const graph = chain([2], [1], affine("w", [[0.5, -0.3]]), cubaLif("n", 4, 8, 1, 1));
    const { layers, graph: integers } = importNirGraph(graph, { steps: 5, dt: 1 });
    const [layer] = layers;
    expect(layer).toMatchObject({ name: "n", neurons: 1, synapses: 2 });
    expect(layer!.scale).toBeCloseTo((0.5 / 32) * (1 / 127));
    expect(layer!.weightError).toBeLessThanOrEqual(layer!.scale / 2);
    expect(layer!.thresholdError).toBeLessThan(0.001);
    expect(integers.projections.map(({ delay }) => delay)).toEqual([1]);
    expect(importNirGraph(graph, { steps: 5, dt: 1, dialect: "snntorch" }).graph.projections[0]!.delay).toBe(0);
  });

  it("are refused where a core has nothing like them", () => {
    const codes = (graph: NirGraph) => {
      try {
        importNirGraph(graph, { steps: 2, dt: 1 });
      } catch (error) {
        if (error instanceof SpikewrightError) return error.diagnostics.map(({ code }) => code);
        throw error;
      }
      return [];
    };
    const threshold: NirNode = { type: "Threshold", name: "t", threshold: tensor([1]), metadata };
    expect(codes(chain([1], [1], threshold, integrateAndFire("n", 1, 1)))).toEqual(["nir-node"]);
    const integrator: NirNode = { type: "I", name: "i", r: tensor([1]), metadata };
    expect(codes(chain([1], [1], integrator, integrateAndFire("n", 1, 1)))).toEqual(["nir-node"]);
    expect(codes(chain([1], [1], integrateAndFire("n", 1, 1), affine("w", [[1]])))).toEqual(["nir-output"]);
  });

  const norse = join(material, "lif_norse.nir");
  it.skipIf(!existsSync(norse))("fire in the rows of Norse (needs ../shared/material)", async () => {
    const loaded = await loadFile(norse);
    if (loaded.kind !== "nir") throw new Error("not NIR");
    const rows = readFileSync(join(material, "traces_01_lif", "lif_norse.csv"), "utf8")
      .trim()
      .split("\n");
    for (const dialect of ["spec", "norse", "snntorch"] as const) {
      const { graph } = importNirGraph(loaded.nir.graph, { steps: rows.length, dt: 1e-4, dialect });
      const simulator = openDynamics(graph);
      const raster = recordRaster(simulator);
      for (const row of rows) simulator.step({ [graph.inputs[0]!.name]: [Number(row.split(",")[0])] });
      expect(raster.map(({ step }) => step)).toEqual([460, 510, 710, 760]);
    }
  });

  const braille = join(material, "braille_noDelay_bias_zero.nir");
  it.skipIf(!existsSync(braille))("become network files (needs ../shared/material)", async () => {
    const folder = await mkdtemp(join(tmpdir(), "nir-"));
    try {
      const output = join(folder, "net.spk");
      const result = await importNir(braille, { output, steps: 10, encoding: "events" });
      expect(result.layers.map(({ neurons }) => neurons)).toEqual([38, 7]);
      const { graph } = readDynamics(new Uint8Array(await readFile(output)))!;
      expect(graph.readout).toEqual({ population: "lif2", kind: "count" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
