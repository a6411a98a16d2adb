import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, check, inspect, lif, network, rateRandom, sparse, writeDynamics } from "../../../src/index.js";
import { mapDynamicsToChosenCore } from "../../../src/verbs/network/dynamics-core-choice.js";

const trace = { decay: "timer", shift: 1, increment: 9, sets: true } as const;
const model = lif({ tau: 20, threshold: 90, postTrace: trace });
const rule = {
  pre: { kind: "rectangular", amount: 1 },
  post: { kind: "rectangular", amount: 2, offset: 0 },
  min: -7,
  max: 7,
} as const;
const plain = (weight: number, neurons = 10) =>
  network("plain", { steps: 8 })
    .input("in", 16)
    .population("n", neurons, model)
    .connect("in", "n", weight)
    .connect("n", "n", sparse([[0, 1, weight, 2]]))
    .build();
const graphs = {
  narrow: plain(5),
  wide: plain(90),
  large: plain(5, 3000),
  learning: network("learning", { steps: 8 })
    .encoder("in", 16, rateRandom({ preTrace: trace }))
    .population("n", 10, model)
    .connect("in", "n", 5)
    .learn("in->n", rule)
    .build(),
};

let folder: string;
const file = (name: keyof typeof graphs | "out"): string => join(folder, `${name}.spk`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "check-"));
  for (const [name, graph] of Object.entries(graphs)) {
    const encoding = { kind: "values", scale: 1, offset: 0 } as const;
    await writeFile(join(folder, `${name}.spk`), writeDynamics({ graph, encoding, source: { format: "builder" } }));
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe("check of networks with dynamics", () => {
  it("says what each core has and the network needs, and which boards can have it", async () => {
    const result = await check(file("narrow"));
    expect(result).toMatchObject({ convertible: true, blockers: [] });
    expect(Object.entries(result.cores!).map(([core, { fits }]) => [core, fits])).toEqual([
      ["up5k-lif-w4", true],
      ["up5k-lif-w8", true],
      ["up5k-stdp-w8", true],
      ["hx8k-lif-w8", true],
      ["hx8k-stdp-w8", true],
      ["generic-stdp-w8", true],
    ]);
    expect(result.cores!["up5k-lif-w4"]!.boards).toContain("icebreaker");
    expect(result.cores!["up5k-stdp-w8"]!.boards).toContain("icebreaker");
    // for simulation only
    expect(result.cores!["generic-stdp-w8"]!.boards).toEqual([]);
    expect(result.fits).toMatchObject({ icebreaker: true, "ice40hx8k-b-evn": true, icestick: false });
    expect(result.resources["icebreaker"]!.map(({ resource }) => resource)).toEqual([
      ...["weights", "list", "pointers", "parameters", "state", "program"],
    ]);
    expect(result.reasons["icestick"]).toMatchObject([{ code: "board-too-small" }]);
  });

  it("blocks on the board or the core that was asked for, with all findings", async () => {
    const onBoard = await check(file("large"), { board: "icebreaker" });
    expect(Object.keys(onBoard.fits)).toEqual(["icebreaker"]);
    expect(new Set(onBoard.blockers.map(({ code }) => code))).toEqual(new Set(["does-not-fit"]));
    expect(onBoard.blockers.map(({ found, wanted }) => [found, wanted])).toContainEqual(["3000", "at most 1024"]);
    const onCore = await check(file("learning"), { core: "up5k-lif-w8" });
    expect(onCore.blockers).toMatchObject([{ code: "no-learning", layer: "in->n" }]);
    expect((await check(file("learning"), { core: "hx8k-lif-w8" })).blockers).toEqual([]);
    expect((await check(file("learning"), { board: "icebreaker" })).blockers).toEqual([]);
    await expect(check(file("narrow"), { core: "none" })).rejects.toThrow(/Cannot find core configuration "none"/);
  });

  it("weights of four bits go to a core with four bits, unless told otherwise", () => {
    const coreOf = (graph: (typeof graphs)["narrow"], choice = {}) =>
      mapDynamicsToChosenCore(graph, choice).config.name;
    expect(coreOf(graphs.narrow)).toBe("up5k-lif-w4");
    expect(coreOf(graphs.narrow, { core: "up5k-lif-w8" })).toBe("up5k-lif-w8");
    expect(coreOf(graphs.narrow, { board: "alchitry-cu" })).toBe("hx8k-lif-w8");
    expect(coreOf(graphs.wide)).toBe("up5k-lif-w8");
    expect(coreOf(graphs.learning, { board: "alchitry-cu" })).toBe("hx8k-lif-w8");
    // 3000 neurons fill lanes of 8, not of 16: then parameters are missing as well
    expect(() => coreOf(graphs.large)).toThrow(/on core up5k-lif-w8: needs 3000 state words/);
    // what a core cannot do at all says less than how much is missing of one that can
    expect(() => coreOf(plain(90, 3000))).toThrow(/on core up5k-lif-w8: needs 3000 state words/);
  });

  it("build takes the core that holds the network", async () => {
    const options = { board: "icebreaker", until: "verilog", output: file("out") } as const;
    expect((await build({ ...options, network: file("narrow") })).core).toBe("up5k-lif-w4");
    expect((await build({ ...options, network: file("wide") })).core).toBe("up5k-lif-w8");
  });

  it("inspect lists populations and projections", async () => {
    expect(await inspect(file("narrow"))).toMatchObject({
      format: "network with dynamics",
      inputs: [{ name: "in", shape: [1, 1, 16] }],
      outputs: ["n"],
      layers: [
        { layer: "n", op: "neurons", kind: "network", shape: [1, 1, 10], parameters: 5 },
        { layer: "in->n", op: "dense, delay 0", shape: [16, 10], parameters: 160 },
        { layer: "n->n@2", op: "sparse, delay 2", shape: [10, 10], parameters: 1 },
      ],
      parametersTotal: 166,
    });
    expect((await inspect(file("learning"))).layers.map(({ op }) => op)).toEqual([
      ...["encoder", "neurons", "dense, plastic, delay 0"],
    ]);
  });
});
