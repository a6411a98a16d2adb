import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inferDynamics } from "../../../src/frontend/nir/dynamics.js";
import type { NirGraph } from "../../../src/frontend/nir/graph.js";
import { readNir } from "../../../src/frontend/nir/read.js";
import { openNirSimulation } from "../../../src/frontend/nir/simulate/simulate.js";
import { writeNir } from "../../../src/frontend/nir/write.js";
import { hasMaterial, material, readMaterial } from "../onnx/material.js";

async function graphOf(name: string): Promise<NirGraph> {
  return (await readNir(readMaterial(`nir/${name}`), { file: name })).graph;
}

/** Rows of input, potential and spike. */
function trace(simulator: string): number[][] {
  const text = readFileSync(`${material}/nir/traces_01_lif/lif_${simulator}.csv`, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => line.split(",").map(Number));
}

describe.runIf(hasMaterial("nir"))("NIR files of other people", () => {
  it.each([
    ["norse", "euler", 1e-6],
    ["exact", "exact", 1e-12],
  ] as const)("lif_norse.nir gives the trace of %s with %s steps", async (simulator, integration, tolerance) => {
    const graph = await graphOf("lif_norse.nir");
    const simulation = openNirSimulation(graph, inferDynamics(graph, { dt: 1e-4, integration }));
    const rows = trace(simulator);
    const first = rows.findIndex(([, , spike]) => spike! > 0);
    const spikes: number[] = [];
    let difference = 0;
    rows.forEach(([input, v], k) => {
      simulation.step([input!]);
      if (k < first) difference = Math.max(difference, Math.abs(simulation.potentialOf("1")[0]! - v!));
      if (simulation.valueOf("output")[0] === 1) spikes.push(k);
    });
    expect(spikes).toEqual([460, 510, 710, 760]);
    expect(difference).toBeLessThanOrEqual(tolerance);
  });

  it.each(["spec", "sinabs"] as const)("cnn_sinabs.nir answers 4 on the N-MNIST sample (%s)", async (dialect) => {
    const graph = await graphOf("cnn_sinabs.nir");
    const simulation = openNirSimulation(graph, inferDynamics(graph, { dialect }));

    const bytes = readMaterial("events/nmnist/sample_nmnist.bin");
    const steps = 300;
    const size = 34;
    const frames = Array.from({ length: steps }, () => new Float64Array(2 * size * size));
    const events = Array.from({ length: bytes.length / 5 }, (_, k) => {
      const [x, y, a, b, c] = bytes.subarray(5 * k, 5 * k + 5) as unknown as [number, number, number, number, number];
      return { x, y, polarity: a >> 7, time: ((a & 0x7f) << 16) | (b << 8) | c };
    });
    const last = Math.max(...events.map(({ time }) => time));
    for (const { x, y, polarity, time } of events) {
      frames[Math.floor((time * steps) / (last + 1))]![(polarity * size + y) * size + x]! += 1;
    }
    const counts = new Array<number>(10).fill(0);
    for (const frame of frames) {
      simulation.step(frame);
      simulation.valueOf("output").forEach((spike, k) => {
        counts[k]! += spike;
      });
    }
    const golden = JSON.parse(readFileSync(`${material}/golden/nir.json`, "utf8")) as Record<
      string,
      { output_spikes: number[] }
    >;
    expect(counts).toEqual(golden["cnn_sinabs.nir"]!.output_spikes);
  });

  it.each([
    ["braille_noDelay_bias_zero.nir", 1e-4, "zero"],
    ["cnn_sinabs.nir", 1, "subtract"],
  ])("%s: step %d and reset %s are inferred", async (name, dt, reset) => {
    expect(inferDynamics(await graphOf(name))).toMatchObject({ dt, reset });
  });

  it.each(["lif_norse.nir", "two_lif_neurons.nir"])("%s: the step is asked for", async (name) => {
    const graph = await graphOf(name);
    expect(() => inferDynamics(graph)).toThrow("Cannot tell the step");
  });

  it.each(["lif_norse.nir", "two_lif_neurons.nir", "cnn_sinabs.nir", "braille_noDelay_bias_zero.nir"])(
    "%s is the same after writing and reading",
    async (name) => {
      const file = await readNir(readMaterial(`nir/${name}`));
      const again = await readNir(await writeNir(file));
      expect(again).toEqual(file);
    },
  );

  it("a recurrent layer as an inner graph gives the same as edges in a cycle", async () => {
    const flat = await graphOf("braille_noDelay_bias_zero.nir");
    const isInner = (name: string) => name.startsWith("lif1.");
    const inner: NirGraph = {
      type: "NIRGraph",
      name: "lif1",
      metadata: {},
      nodes: [
        { type: "Input", name: "in", shape: [38], metadata: {} },
        ...flat.nodes.filter(({ name }) => isInner(name)),
        { type: "Output", name: "out", shape: [38], metadata: {} },
      ],
      edges: [
        ["in", "lif1.lif"],
        ["lif1.lif", "lif1.w_rec"],
        ["lif1.w_rec", "lif1.lif"],
        ["lif1.lif", "out"],
      ],
    };
    const outer = (name: string) => (isInner(name) ? "lif1" : name);
    const nested: NirGraph = {
      ...flat,
      nodes: [...flat.nodes.filter(({ name }) => !isInner(name)), inner],
      edges: flat.edges.filter(([a, b]) => !(isInner(a) && isInner(b))).map(([a, b]) => [outer(a), outer(b)] as const),
    };
    const simulations = [flat, nested].map((graph) => openNirSimulation(graph, inferDynamics(graph)));
    let spikes = 0;
    for (let k = 0; k < 300; k++) {
      const input = Float64Array.from({ length: 12 }, (_, n) => ((k * 7 + n * 13) % 11 < 2 ? 6 : 0));
      for (const simulation of simulations) simulation.step(input);
      const [a, b] = [simulations[0]!.valueOf("lif1.lif"), simulations[1]!.valueOf("lif1/lif1.lif")];
      expect(b).toEqual(a);
      expect(simulations[1]!.potentialOf("lif2")).toEqual(simulations[0]!.potentialOf("lif2"));
      spikes += a.reduce((sum, spike) => sum + spike, 0);
    }
    expect(spikes).toBeGreaterThan(10);
    const file = { version: "", graph: nested };
    expect((await readNir(await writeNir(file))).graph.nodes.find(({ name }) => name === "lif1")).toMatchObject({
      edges: inner.edges,
    });
  });
});
