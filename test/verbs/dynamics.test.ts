import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  alif,
  evaluateNetwork,
  lif,
  network,
  openDynamics,
  rateRandom,
  report,
  SpikewrightError,
  simulate,
  verify,
  writeDynamics,
} from "../../src/index.js";
import { seededRandom } from "../../src/support/random.js";
import { evaluate } from "../../src/verbs/evaluate.js";
import { openAnyNetwork, readAnyLevels } from "../../src/verbs/network/any-network.js";

const random = seededRandom(11);
const integers = (length: number, min: number, max: number): Int8Array =>
  Int8Array.from({ length }, () => min + Math.floor(random() * (max - min + 1)));
const trace = { decay: "exponential", shift: 2, increment: 90, sets: false } as const;

const layered = network("layered", { steps: 20 })
  .input("pixels", [4, 4, 1])
  .population("hidden", 12, lif({ tau: 10, threshold: 60 }))
  .population("out", 3, lif({ tau: 20, threshold: 50 }))
  .connect("pixels", "hidden", integers(16 * 12, -20, 40))
  .connect("hidden", "out", integers(12 * 3, -20, 40))
  .readout("out", "count")
  .build();

const learning = network("learning", { steps: 15, reset: "never" })
  .encoder("pixels", [4, 4, 1], rateRandom({ preTrace: trace }))
  .population("winners", 6, alif({ tau: 15, threshold: 200, adaptation: { increment: 9, decay: 6 }, postTrace: trace }))
  .connect("pixels", "winners", integers(16 * 6, 0, 60))
  .winnerTakeAll("winners", { inhibition: 60, block: 1 })
  .learn("pixels->winners", {
    pre: { kind: "trace", shift: 6, stochastic: true },
    post: { kind: "trace", shift: 5, stochastic: true, offset: 1 },
    min: 0,
    max: 127,
  })
  .build();

let folder: string;
let data: string;
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dynamics-"));
  data = file("data.csv");
  const rows = Array.from({ length: 6 }, (_, n) => [...integers(16, 0, 255), n % 3].join(","));
  await writeFile(
    data,
    `${[...Array.from({ length: 16 }, (_, i) => `p${i}`), "label"].join(",")}\n${rows.join("\n")}\n`,
  );
  const encoding = { kind: "regular", scale: 1, offset: 0 } as const;
  const source = { format: "builder" };
  await writeFile(file("layered.spk"), writeDynamics({ graph: layered, encoding, source, classes: [2, 0, 1] }));
  const values = { ...encoding, kind: "values" } as const;
  await writeFile(file("learning.spk"), writeDynamics({ graph: learning, encoding: values, source }));
});
afterAll(() => rm(folder, { recursive: true }));

describe("verbs on networks with dynamics", () => {
  it.each(["layered", "learning"])("verify: %s is the same on the reference and on the core", async (name) => {
    const result = await verify(file(`${name}.spk`), { data, labelColumn: "label", engines: ["snn", "cycle"] });
    expect(result).toMatchObject({ samples: 6, mismatches: 0, schedule: "step", first: null });
    expect(result.neuronsCompared).toBe(6 * (name === "layered" ? 15 : 22));
    expect(result.cyclesPerSample).toBeGreaterThan(100);
  });

  it("verify: signals as on and off events are the same on the reference and on the core", async () => {
    const graph = network("signals", { steps: 30 })
      .signals("in", 4)
      .population("n", 6, lif({ tau: 8, threshold: 40 }))
      .connect("in", "n", integers(8 * 6, -10, 40), { delay: integers(8, 0, 3) })
      .readout("n", "count")
      .build();
    const encoding = { kind: "delta", threshold: 12, scale: 1, offset: 0 } as const;
    await writeFile(file("signals.spk"), writeDynamics({ graph, encoding, source: { format: "builder" } }));
    const rows = Array.from({ length: 5 }, () => {
      const signal = integers(4, 60, 120);
      return Array.from({ length: 120 }, (_, k) => (signal[k % 4]! += integers(1, -9, 9)[0]!)).join(",");
    });
    await writeFile(
      file("signals.csv"),
      `${Array.from({ length: 120 }, (_, k) => `s${k}`).join(",")}\n${rows.join("\n")}\n`,
    );
    const options = { data: file("signals.csv"), engines: ["snn", "cycle"] } as const;
    expect(await verify(file("signals.spk"), options)).toMatchObject({ samples: 5, mismatches: 0 });
    const { spikes } = await simulate(file("signals.spk"), { data: file("signals.csv") });
    expect(spikes).toBeGreaterThan(0);
  });

  it("evaluate: the class of a decision is that of its neuron", async () => {
    const options = { data, labelColumn: "label" };
    const reference = await evaluateNetwork(file("layered.spk"), options);
    const core = await evaluateNetwork(file("layered.spk"), { ...options, engine: "cycle" });
    expect(reference.engine).toBe("snn");
    expect(core.accuracy).toBe(reference.accuracy);
    // the verb that takes models and networks chooses the engine by the file
    expect((await evaluate(file("layered.spk"), options)).engine).toBe("snn");
    expect(core.cyclesPerSample!.mean).toBeGreaterThan(100);
    await expect(evaluateNetwork(file("layered.spk"), { ...options, engine: "netlist" })).rejects.toThrow(
      "it is a network with dynamics",
    );
  });

  it.each(["layered", "learning"])("simulate: counts the spikes of %s, whatever its traces are", async (name) => {
    const result = await simulate(file(`${name}.spk`), { data, labelColumn: "label", index: 1 });
    expect(result.spikes).toBeGreaterThan(0);
    expect(result.populations.reduce((sum, p) => sum + p.spikesTotal, 0)).toBe(result.spikes);
    for (const { active, neurons, largestCount, spikesTotal } of result.populations) {
      expect(active).toBeLessThanOrEqual(neurons);
      expect(largestCount * active).toBeGreaterThanOrEqual(spikesTotal);
    }
  });

  it("verbs for converted networks say what they were given", async () => {
    await expect(report(file("layered.spk"))).rejects.toThrow("it is a network with dynamics, wanted a converted one");
  });

  it("simulate: draws raster, potentials and weights", async () => {
    const options = { data, labelColumn: "label", index: 2, engine: "cycle" } as const;
    const drawings = {
      raster: file("raster.svg"),
      membrane: file("membrane.svg"),
      weightMap: file("map.svg"),
      weightHistogram: file("histogram.svg"),
    };
    const result = await simulate(file("learning.spk"), {
      ...options,
      ...drawings,
      neurons: ["winners:0", "pixels:3"],
    });
    expect(result).toMatchObject({ schedule: "step", steps: 15, files: Object.values(drawings) });
    // random spikes of 255 levels, and at most one winner a step
    const [pixels, winners] = result.populations;
    expect(pixels!.largestCount).toBeGreaterThan(4);
    expect(winners!.spikesTotal).toBeGreaterThan(0);
    expect(winners!.spikesTotal).toBeLessThanOrEqual(15);
    for (const path of result.files) expect(await readFile(path, "utf8")).toContain("<svg");
    const failed = simulate(file("learning.spk"), { ...options, membrane: file("m.svg"), neurons: ["winners:6"] });
    await expect(failed).rejects.toBeInstanceOf(SpikewrightError);
  });

  it("simulate: a waveform has the potential and trace of every neuron in every step", {
    timeout: 120_000,
  }, async () => {
    const vcd = file("layered.vcd");
    const options = { data, labelColumn: "label", index: 3, vcd };
    expect((await simulate(file("layered.spk"), options)).files).toEqual([vcd]);
    const { levels } = await readAnyLevels(
      data,
      await openAnyNetwork(file("layered.spk")),
      { labelColumn: "label" },
      {},
    );
    const simulator = openDynamics(layered);
    const wanted: Record<string, number[][]> = { hidden: [], out: [] };
    simulator.observe(() => {
      for (const [name, seen] of Object.entries(wanted)) {
        const { v, postTrace } = simulator.state(name);
        for (const [n, potential] of v.entries()) seen.push([potential, postTrace[n]!]);
      }
    });
    simulator.runSample(levels[3]!);
    // first all is cleared in whole visits, then comes layer by layer, and at the end the readout is compared once more
    const found = neuronsOf(await readFile(vcd, "utf8"));
    expect(found.slice(16, -3)).toEqual([...wanted["hidden"]!, ...wanted["out"]!]);
    expect(found).toHaveLength(16 + 20 * 15 + 3);
  });
});

/** Potential and trace in every cycle in which a waveform says that they are valid. */
function neuronsOf(vcd: string): number[][] {
  const names = new Map([...vcd.matchAll(/\$var wire \d+ (\S+) (\S+) \$end/g)].map(([, id, name]) => [id!, name!]));
  const values: Record<string, number> = {};
  const seen: number[][] = [];
  let time = 0;
  const passTo = (next: number) => {
    for (; time < next; time++)
      if (values["neuron_valid"] === 1) seen.push([(values["neuron_v"]! << 16) >> 16, values["neuron_y"]!]);
  };
  for (const line of vcd.slice(vcd.indexOf("#")).trim().split("\n")) {
    if (line.startsWith("#")) passTo(Number(line.slice(1)));
    else {
      const [value, id] = line.startsWith("b") ? line.slice(1).split(" ") : [line[0]!, line.slice(1)];
      values[names.get(id!)!] = Number.parseInt(value!, 2);
    }
  }
  return seen;
}
