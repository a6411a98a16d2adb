import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { channelBounds, membraneBits, signedBits, sumBits, valueRanges } from "../../src/quantize/bounds.js";
import { evaluateQuantGraph } from "../../src/quantize/evaluate.js";
import type { NeuronLayer, QuantGraph, QuantInput } from "../../src/quantize/graph.js";
import { quantizeInput, rawShape } from "../../src/quantize/input.js";
import { printQuantGraph } from "../../src/quantize/print.js";
import { verifyQuantGraph } from "../../src/quantize/verify.js";
import { randomNetwork } from "../random/quant-network.js";

const input: QuantInput = {
  name: "x",
  shape: [1, 1, 3],
  bits: 2,
  scale: 1,
  zero: 0,
  inputScale: 1,
  inputOffset: 0,
  layout: "channels-last",
  margin: [0, 0, 0, 0],
};

describe("levels of the input", () => {
  it("round half up, and stay in range", () => {
    const levels = quantizeInput([-5, 0.49, 0.5, 1.5, 2.4, 99], { ...input, shape: [1, 1, 6] });
    expect([...levels]).toEqual([0, 0, 1, 2, 2, 3]);
  });

  it("are scaled as the network sees them", () => {
    const scaled = { ...input, bits: 4, scale: 1 / 15, inputScale: 1 / 255 };
    expect([...quantizeInput([0, 255, 8.4], scaled)]).toEqual([0, 15, 0]);
    expect([...quantizeInput([-1, 0, 1], { ...input, bits: 8, scale: 0.01, zero: 100 })]).toEqual([0, 100, 200]);
  });

  it("come channels last, with a margin of the zero level", () => {
    const first: QuantInput = { ...input, shape: [2, 3, 2], layout: "channels-first", margin: [0, 1, 0, 1], zero: 3 };
    expect(rawShape(first)).toEqual([2, 2, 1]);
    expect([...quantizeInput([0, 1, -2, -1], first)]).toEqual([3, 3, 3, 1, 3, 3, 3, 3, 3, 2, 3, 3]);
    expect(rawShape({ ...first, layout: "channels-last" })).toEqual([2, 1, 2]);
  });

  it("refuse what is not finite or not whole samples", () => {
    expect(() => quantizeInput([0, Number.NaN, 0], input)).toThrow(/value 1 is not a finite number/);
    expect(() => quantizeInput([0, 1], input)).toThrow(/wanted a multiple of 3/);
    expect(() => quantizeInput([], input)).toThrow(/wanted a multiple of 3/);
  });
});

describe("bounds", () => {
  it("give the width of a range", () => {
    for (const [min, max, bits] of [
      [0, 0, 1],
      [-1, 0, 1],
      [0, 1, 2],
      [-2, 1, 2],
      [-3, 1, 3],
      [0, 127, 8],
      [-128, 0, 8],
      [0, 128, 9],
    ] as const) {
      expect(signedBits(min, max)).toBe(bits);
    }
  });

  it("are reached by some input, and never left: exhaustively", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -8, max: 7 }), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: -9, max: 9 }),
        (weights, v0) => {
          const layer: NeuronLayer = {
            kind: "neurons",
            name: "y",
            shape: [1, 1, 1],
            terms: [
              {
                from: "x",
                kernel: [1, 1],
                stride: [1, 1],
                padding: [0, 0],
                groups: 1,
                weights: Int32Array.from(weights),
                weightBits: 4,
              },
            ],
            v0: Int32Array.of(v0),
            activation: { kind: "none", scale: 1 },
            membraneBits: 32,
          };
          const graph: QuantGraph = { name: "g", input, layers: [layer] };
          const bounds = channelBounds(layer, valueRanges(graph));
          const evaluator = evaluateQuantGraph(graph);
          const seen: number[] = [];
          for (let n = 0; n < 64; n++) seen.push(evaluator.run([n & 3, (n >> 2) & 3, n >> 4]).at(-1)!.values[0]!);
          expect([Math.min(...seen), Math.max(...seen)]).toEqual([bounds.membraneMin[0], bounds.membraneMax[0]]);
          expect(membraneBits(bounds)).toBe(signedBits(Math.min(...seen), Math.max(...seen)));
          expect(sumBits(bounds)).toBe(signedBits(Math.min(...seen) - v0, Math.max(...seen) - v0));
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });
});

describe("verifier", () => {
  const sound = randomNetwork(8, { depth: 4, activationBits: 3, weightBits: 4, signed: false, spatial: true });
  const neurons = sound.layers.findIndex((layer) => layer.kind === "neurons");
  const codes = (graph: QuantGraph): readonly string[] => [...new Set(verifyQuantGraph(graph).map((d) => d.code))];
  const changed = (change: Partial<NeuronLayer>): QuantGraph => ({
    ...sound,
    layers: sound.layers.map((layer, i) => (i === neurons ? ({ ...layer, ...change } as NeuronLayer) : layer)),
  });
  const layer = sound.layers[neurons] as NeuronLayer;

  it("finds nothing in a sound network", () => expect(codes(sound)).toEqual([]));

  it.each<[string, QuantGraph]>([
    [
      "duplicate-name",
      { ...sound, layers: [...sound.layers.slice(0, -1), { ...sound.layers.at(-1)!, name: layer.name }] },
    ],
    ["unknown-source", changed({ terms: [{ ...layer.terms[0]!, from: "nobody" }] })],
    ["wrong-shape", changed({ v0: new Int32Array(99) })],
    ["wrong-shape", changed({ terms: [] })],
    ["wrong-shape", changed({ terms: [{ ...layer.terms[0]!, padding: [9, 9] }] })],
    ["value-out-of-range", changed({ terms: [{ ...layer.terms[0]!, weightBits: 2 }] })],
    [
      "value-out-of-range",
      changed({ activation: { kind: "quantize", theta: new Int32Array(layer.shape[2]), min: 0, max: 7, scale: 1 } }),
    ],
    ["value-out-of-range", { ...sound, input: { ...sound.input, scale: Number.NaN } }],
    ["membrane-too-narrow", changed({ membraneBits: 2 })],
    ["no-readout", { ...sound, layers: sound.layers.slice(0, -1) }],
  ])("finds %s", (code, graph) => {
    expect(codes(graph)).toContain(code);
  });
});

describe("printed form", () => {
  it("is stable", () => {
    const graph = randomNetwork(1, { depth: 1, activationBits: 2, weightBits: 3, signed: false, spatial: false });
    expect(printQuantGraph(graph)).toMatchInlineSnapshot(`
      "network "random-1"
      input "input" [1, 1, 28] 8 bits, scale 1, zero 0, value * 1 + 0, channels-last, margin 0 0 0 0
      neurons "layer0" [1, 1, 18] levels 0..3, scale 1, theta 18 x 355..2152 #3fae7886, v0 18 x 151..1030 #e37f921d, membrane 16 bits
        from "input" window 1x1, stride 1x1, padding 0x0, groups 1, weights 504 x -4..3 #c8a2e686, 3 bits
      neurons "readout" [1, 1, 10] readout, scale 1, v0 10 x -36..46 #2a3f4cf6, membrane 8 bits
        from "layer0" window 1x1, stride 1x1, padding 0x0, groups 1, weights 180 x -4..3 #db4e7261, 3 bits
      "
    `);
  });
});
