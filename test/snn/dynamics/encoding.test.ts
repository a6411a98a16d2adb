import { describe, expect, it } from "vitest";
import { latency, lif, network, rateRandom } from "../../../src/index.js";
import { openDynamics } from "../../../src/sim/dynamics/simulator.js";
import { encodeSample, rawCount, type SampleEncoding } from "../../../src/snn/dynamics/encoding.js";

const encodingOf = (kind: SampleEncoding["kind"], scale = 1): SampleEncoding => ({ kind, scale, offset: 0 });
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
});
