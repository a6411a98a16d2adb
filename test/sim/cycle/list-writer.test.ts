import { describe, expect, it } from "vitest";
import { up5kW4 } from "../../../src/arch/core-config.js";
import { ListWriter } from "../../../src/sim/cycle/list-writer.js";
import { Memories } from "../../../src/sim/cycle/memories.js";

describe("the writer of lists", () => {
  it("writes where the memories are after they have grown", () => {
    const memories = new Memories(up5kW4);
    const { kernel } = memories;
    const writer = new ListWriter(memories);
    const old = kernel.list;
    kernel.reserve(64 << 20);
    expect(old.length, "grown memories have new views").toBe(0);

    writer.begin(5, 3, 2);
    for (const [index, payload] of [0, 7, 9, 0].entries()) writer.candidate(index, payload);
    writer.end();
    expect([...kernel.list.subarray(5, 7)]).toEqual([(7 << 16) | 1, (9 << 16) | 2]);
    expect([...kernel.pointers.subarray(3, 6)]).toEqual([5, 6, 7]);
  });
});
