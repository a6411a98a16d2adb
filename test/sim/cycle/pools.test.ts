import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { up5kW8 } from "../../../src/arch/core-config.js";
import { mapNetwork } from "../../../src/map/map.js";
import { channelBounds, membraneBits, valueRanges } from "../../../src/quantize/bounds.js";
import type { LinearTerm, NeuronLayer, PoolLayer, QuantGraph, QuantLayer } from "../../../src/quantize/graph.js";
import { CycleDevice } from "../../../src/sim/cycle/device.js";
import { convertToSpiking } from "../../../src/snn/convert.js";
import type { Schedule } from "../../../src/snn/graph.js";
import { seededRandom } from "../../../src/support/random.js";
import { randomLevels } from "../../random/quant-network.js";
import { differences, roomyCore } from "./mapped-networks.js";

const size = { ...roomyCore, ...up5kW8, stateDepth: 8192, listDepth: 8192, pointerDepth: 8192, programDepth: 1024 };

/** Convolution, pool, dense readout; or the pool right behind the input. */
function poolNetwork(
  shape: readonly [number, number, number],
  pool: Omit<PoolLayer, "from" | "shape" | "range" | "kind" | "name">,
  fromInput: boolean,
  alsoRead: boolean,
): QuantGraph {
  const random = seededRandom(shape[0] * 97 + pool.window[0]);
  const weights = (count: number) => new Int32Array(count).map(() => Math.floor(random() * 16) - 8);
  const layers: QuantLayer[] = [];
  const graph = (): QuantGraph => ({
    name: "pools",
    input: {
      name: "input",
      shape,
      bits: 2,
      scale: 1,
      zero: 0,
      inputScale: 1,
      inputOffset: 0,
      layout: "channels-last",
      margin: [0, 0, 0, 0],
    },
    layers,
  });
  const neurons = (
    name: string,
    target: readonly [number, number, number],
    terms: LinearTerm[],
    theta?: number,
  ): void => {
    const channels = target[2];
    const layer: NeuronLayer = {
      kind: "neurons",
      name,
      shape: target,
      terms,
      v0: new Int32Array(channels).fill(theta === undefined ? 3 : theta >> 1),
      activation:
        theta === undefined
          ? { kind: "none", scale: 1 }
          : { kind: "quantize", theta: new Int32Array(channels).fill(theta), min: 0, max: 3, scale: 1 },
      membraneBits: 0,
    };
    layers.push({ ...layer, membraneBits: membraneBits(channelBounds(layer, valueRanges(graph()))) });
  };
  const term = (from: string, kernel: readonly [number, number], inputs: number, outputs: number): LinearTerm => ({
    from,
    kernel,
    stride: [1, 1],
    padding: [0, 0],
    groups: 1,
    weights: weights(kernel[0] * kernel[1] * inputs * outputs),
    weightBits: 4,
  });
  let source = "input";
  if (!fromInput) {
    neurons("conv", shape, [term("input", [1, 1], shape[2], shape[2])], 9);
    source = "conv";
  }
  const out = [0, 1].map((a) => Math.floor((shape[a]! + 2 * pool.padding[a]! - pool.window[a]!) / pool.stride[a]!) + 1);
  const pooled = [out[0]!, out[1]!, shape[2]] as const;
  const cells = pool.op === "sum" ? pool.window[0] * pool.window[1] : 1;
  layers.push({ kind: "pool", name: "pool", from: source, shape: pooled, range: [0, 3 * cells], ...pool });
  const terms = [term("pool", [pooled[0], pooled[1]], shape[2], 5)];
  if (alsoRead) terms.push(term(source, [shape[0], shape[1]], shape[2], 5));
  neurons("readout", [1, 1, 5], terms);
  return graph();
}

const arbitrary = fc.record({
  height: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 1, max: 7 }),
  channels: fc.integer({ min: 1, max: 20 }),
  window: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  padding: fc.tuple(fc.nat(2), fc.nat(3)),
  op: fc.constantFrom("max" as const, "sum" as const),
  tidy: fc.boolean(),
  fromInput: fc.boolean(),
  alsoRead: fc.boolean(),
  schedule: fc.constantFrom<Schedule>("graded", "radix", "unary", "pipelined"),
  seed: fc.nat(),
});

describe("pools", () => {
  it("of any window, stride and padding give the golden integers, merged or not", () => {
    let merged = 0;
    let own = 0;
    fc.assert(
      fc.property(arbitrary, ({ height, width, channels, op, schedule, seed, tidy, ...wanted }) => {
        const window = [Math.min(height, wanted.window[0]), Math.min(width, wanted.window[1])] as const;
        const stride = tidy ? window : wanted.stride;
        const padding = [0, 1].map((axis) => (tidy ? 0 : Math.min(window[axis]! - 1, wanted.padding[axis]!)));
        const pool = { op, window, stride, padding: [padding[0]!, padding[1]!] as const };
        const graph = poolNetwork([height, width, channels], pool, wanted.fromInput && !tidy, wanted.alsoRead && !tidy);
        const { program } = mapNetwork(convertToSpiking(graph), size, { schedule });
        if (program.passes.some((note) => note.neurons === undefined)) own++;
        else merged++;
        const device = new CycleDevice(size);
        device.loadNow(program);
        const levels = randomLevels(graph, seededRandom(seed));
        expect(differences(graph, levels, device.runNow(levels, { watch: true }))).toEqual([]);
        expect(device.runNow(levels).potentials).toEqual(device.runNow(levels, { watch: true }).potentials);
      }),
      { seed: 1, numRuns: 300 },
    );
    expect(merged).toBeGreaterThan(10);
    expect(own).toBeGreaterThan(100);
  });

  it.each(["max", "sum"] as const)("a pipelined network with pool %s that stops when quiet gives the same", (op) => {
    const graph = poolNetwork([6, 6, 3], { op, window: [2, 2], stride: [2, 2], padding: [0, 0] }, false, false);
    const snn = convertToSpiking(graph);
    const device = (stop: "bound" | "quiet") => {
      const opened = new CycleDevice(size);
      opened.loadNow(mapNetwork(snn, size, { schedule: "pipelined", stop }).program);
      return opened;
    };
    const quiet = device("quiet");
    const random = seededRandom(5);
    for (let sample = 0; sample < 10; sample++) {
      const levels = randomLevels(graph, random);
      expect(differences(graph, levels, quiet.runNow(levels, { watch: true }))).toEqual([]);
    }
    const nothing = new Uint8Array(6 * 6 * 3);
    expect(quiet.runNow(nothing).cycles).toBeLessThan(quiet.runNow(nothing.map(() => 3)).cycles!);
    // with maxima every spike has to be seen, so their pool is not merged and each step costs more
    if (op === "sum") expect(quiet.runNow(nothing).cycles).toBeLessThan(device("bound").runNow(nothing).cycles!);
  });
});
