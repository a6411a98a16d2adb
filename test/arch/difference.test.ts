import { describe, expect, it } from "vitest";
import type { SampleResult } from "../../src/arch/device.js";
import { compareSamples } from "../../src/arch/difference.js";

function sample(change: Partial<SampleResult> = {}, tracers = [1, 0, 3], potentials = [5, -2, 0]): SampleResult {
  const populations = new Map([
    ["a", { tracers: Int32Array.from(tracers), potentials: Int32Array.from(potentials) }],
    ["pool", { tracers: Int32Array.of(3), potentials: new Int32Array(0) }],
  ]);
  return { decision: 1, cycles: 100, populations, ...change };
}

const order = ["a", "pool"];

describe("compareSamples", () => {
  it("finds nothing between equal results", () => {
    expect(compareSamples(sample(), sample(), order)).toEqual({
      neuronsCompared: 4,
      mismatches: 0,
      cycleMismatches: 0,
      first: undefined,
    });
  });

  it("names the first neuron with another spike count", () => {
    const { mismatches, first } = compareSamples(sample(), sample({}, [1, 2, 4]), order);
    expect(mismatches).toBe(2);
    expect(first).toEqual({ population: "a", neuron: 1, what: "spikes", wanted: 0, found: 2 });
  });

  it("names a membrane potential that differs under equal spikes", () => {
    const { mismatches, first } = compareSamples(sample(), sample({}, [1, 0, 3], [5, -2, 1]), order);
    expect(mismatches).toBe(1);
    expect(first).toEqual({ population: "a", neuron: 2, what: "potential", wanted: 0, found: 1 });
  });

  it("counts another decision as a mismatch, and other cycles apart", () => {
    expect(compareSamples(sample(), sample({ decision: 2 }), order)).toMatchObject({
      mismatches: 1,
      cycleMismatches: 0,
    });
    expect(compareSamples(sample(), sample({ cycles: 101 }), order)).toMatchObject({
      mismatches: 0,
      cycleMismatches: 1,
    });
  });

  it("leaves out neurons that one engine did not compute", () => {
    const partial = sample({}, [1, 9, 3]);
    const trace = { ...partial.populations!.get("a")!, computed: Uint8Array.of(1, 0, 1) };
    const found = { ...partial, populations: new Map([["a", trace]]) };
    expect(compareSamples(sample(), found, order)).toMatchObject({ neuronsCompared: 2, mismatches: 0 });
  });

  it("takes a missing neuron for a mismatch", () => {
    expect(compareSamples(sample(), sample({}, [1, 0], [5, -2]), order).mismatches).toBe(1);
  });

  it("compares the potentials of the readout where an engine cannot be watched inside", () => {
    const a = { decision: 1, cycles: 9, potentials: Int32Array.of(3, 4) };
    const b = { ...a, potentials: Int32Array.of(3, 5) };
    expect(compareSamples(a, a, ["in", "out"])).toMatchObject({ neuronsCompared: 2, mismatches: 0 });
    expect(compareSamples(a, b, ["in", "out"])).toMatchObject({
      mismatches: 1,
      first: { population: "out", neuron: 1, what: "potential", wanted: 4, found: 5 },
    });
  });
});
