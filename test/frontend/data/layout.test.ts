import { describe, expect, it } from "vitest";
import { moveChannels } from "../../../src/frontend/data/layout.js";
import type { Samples } from "../../../src/frontend/data/samples.js";

/** Two samples whose values tell channel, row and column. */
function samples(shape: readonly number[], at: (index: readonly number[]) => number): Samples {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const data = Float32Array.from({ length: 2 * size }, (_, i) => {
    let rest = i % size;
    const index = shape.toReversed().map((extent) => {
      const own = rest % extent;
      rest = Math.floor(rest / extent);
      return own;
    });
    return 1000 * Math.floor(i / size) + at(index.toReversed());
  });
  return { kind: "dense", count: 2, shape, data };
}

const first = samples([3, 4, 5], ([c, y, x]) => 100 * c! + 10 * y! + x!);
const last = samples([4, 5, 3], ([y, x, c]) => 100 * c! + 10 * y! + x!);

describe("axis order of samples", () => {
  it("channels move from first to last and back", () => {
    expect(moveChannels(first, "channels-first", [4, 5, 3])).toEqual(last);
    expect(moveChannels(last, "channels-last", [3, 4, 5])).toEqual(first);
  });

  it("sequences move too, and open extents fit", () => {
    const sequence = samples([2, 6], ([c, t]) => 10 * c! + t!);
    const moved = moveChannels(sequence, "channels-first", [-1, 2]);
    expect(moved.shape).toEqual([6, 2]);
    expect([...moved.data.subarray(0, 4)]).toEqual([0, 10, 1, 11]);
  });

  it("samples in the model's order stay", () => {
    expect(moveChannels(first, "channels-first", [3, 4, 5])).toBe(first);
    const grey = samples([4, 5], ([y, x]) => 10 * y! + x!);
    expect(moveChannels(grey, "channels-last", [1, 4, 5])).toBe(grey);
  });

  it("other shapes are refused with both", () => {
    expect(() => moveChannels(first, "channels-first", [5, 4, 3])).toThrow("[3, 4, 5]");
    expect(() => moveChannels(first, "channels-last", [4, 5, 3])).toThrow("channels-last");
  });
});
