import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeltaEncoder, latency, lif, network, rateRandom } from "../../../src/index.js";
import { openDynamics } from "../../../src/sim/dynamics/simulator.js";
import { encodeSample, rawCount, type SampleEncoding } from "../../../src/snn/dynamics/encoding.js";

const encodingOf = (kind: Exclude<SampleEncoding["kind"], "delta">, scale = 1): SampleEncoding => ({
  kind,
  scale,
  offset: 0,
});
const model = lif({ loss: 0, threshold: 100 });

describe("samples of raw values", () => {
  const events = network("events", { steps: 4 }).input("in", 3).population("n", 1, model).connect("in", "n", 1).build();

  it("send an event for each 256 of a regular encoding", () => {
    expect(rawCount(events, encodingOf("regular"))).toBe(3);
    const sample = encodeSample(events, encodingOf("regular"), [0, 128, 255]);
    expect([...sample]).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1]);
  });

  it("draw events like the random encoder on the core", () => {
    const steps = 3000;
    const graph = network("r", { steps, seed: 77 })
      .input("in", 2)
      .population("n", 1, model)
      .connect("in", "n", 1)
      .build();
    const sample = encodeSample(graph, encodingOf("random", 255), [0.25, 1]);
    const encoder = network("e", { steps, seed: 77 }).encoder("n", 2, rateRandom()).build();
    const simulator = openDynamics(encoder);
    const fired: number[] = [];
    simulator.observe(() => fired.push(...simulator.state("n").fired));
    simulator.runSample(Uint8Array.of(64, 255));
    expect([...sample]).toEqual(fired);
  });

  it("hand values to encoders and inputs, clipped and rounded, and take whole samples as they are", () => {
    const graph = network("v", { steps: 2 })
      .input("in", 1, { max: 9 })
      .encoder("e", 2, latency(), { max: 100 })
      .connect("in", "e", 1)
      .build();
    expect(rawCount(graph, encodingOf("values"))).toBe(3);
    expect([...encodeSample(graph, encodingOf("values", 10), [1.25, 20, 0.74])]).toEqual([13, 100, 7, 7]);
    expect(rawCount(graph, encodingOf("events"))).toBe(4);
    expect([...encodeSample(graph, encodingOf("events"), [1, 2, 3, 4])]).toEqual([1, 2, 3, 4]);
  });

  it("send on and off events where a signal has moved by the threshold since the latest", () => {
    const graph = network("d", { steps: 6 }).signals("in", 2).population("n", 1, model).connect("in", "n", 1).build();
    const encoding = { kind: "delta", threshold: 10, scale: 100, offset: 0 } as const;
    expect(rawCount(graph, encoding)).toBe(12);
    // rises by 9, by 1 more (on), stands, falls by 10 (off), falls by 200 (off, once)
    const first = [2, 2.09, 2.1, 2.1, 2, 0];
    // a step over the top of what a value can be
    const second = [2.6, 2.6, 9, 2.45, 2.449, 2.55];
    const sample = encodeSample(
      graph,
      encoding,
      first.flatMap((value, t) => [value, second[t]!]),
    );
    const on = (neuron: number) => Array.from({ length: 6 }, (_, t) => sample[t * 4 + neuron]);
    expect(on(0)).toEqual([0, 0, 1, 0, 0, 0]);
    expect(on(1)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(on(2)).toEqual([0, 0, 0, 0, 0, 1]);
    expect(on(3)).toEqual([0, 0, 0, 1, 0, 0]);
  });

  it("never leave a signal further from its latest event than the threshold", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 255 }),
        (signal, threshold) => {
          const encoder = new DeltaEncoder(1, { threshold });
          let reference = signal[0]!;
          for (const value of signal) {
            const [up, down] = encoder.step([value]);
            expect([up, down]).toEqual([
              Number(value - reference >= threshold),
              Number(reference - value >= threshold),
            ]);
            if (up || down) reference = value;
            expect(Math.abs(value - reference)).toBeLessThan(threshold);
          }
          encoder.reset();
          expect([...encoder.step([255 - signal[0]!])]).toEqual([0, 0]);
        },
      ),
    );
  });

  it("refuse signals without two neurons each, thresholds of nothing, and values that are missing", () => {
    const graph = network("o", { steps: 2 }).input("in", 3).population("n", 1, model).connect("in", "n", 1).build();
    expect(() => rawCount(graph, { kind: "delta", threshold: 1, scale: 1, offset: 0 })).toThrow(
      /3 neurons, wanted two/,
    );
    expect(() => new DeltaEncoder(2, { threshold: 0 })).toThrow(/threshold above 0/);
    expect(() => new DeltaEncoder(2, { threshold: 1 }).step([1])).toThrow(/each of 2 signals/);
  });
});
