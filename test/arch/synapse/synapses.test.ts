import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Synapses, SynapseWindow } from "../../../src/arch/synapse/delivery.js";
import { kernelSynapses } from "../../../src/arch/synapse/kernel.js";
import { loopSynapses } from "../../../src/arch/synapse/loops.js";
import { openSynapses } from "../../../src/arch/synapse/synapses.js";
import { seededRandom } from "../../../src/support/random.js";

const pair = (max: number) => fc.tuple(fc.integer({ min: 1, max }), fc.integer({ min: 1, max }));

/** Windows of any legal geometry with weights of up to 16 bits. */
const windows = fc
  .record({
    size: pair(7),
    kernel: pair(4),
    stride: pair(3),
    padding: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    groups: fc.integer({ min: 1, max: 3 }),
    inPerGroup: fc.integer({ min: 1, max: 4 }),
    outPerGroup: fc.integer({ min: 1, max: 19 }),
    bits: fc.constantFrom(2, 4, 8, 16),
    seed: fc.integer(),
  })
  .map(({ size, kernel, stride, padding, groups, inPerGroup, outPerGroup, bits, seed }): SynapseWindow => {
    const random = seededRandom(seed);
    const pad = [Math.min(padding[0], kernel[0] - 1), Math.min(padding[1], kernel[1] - 1)] as const;
    const extent = (axis: 0 | 1) => Math.floor((size[axis] + pad[axis] - 1) / stride[axis]) + 1;
    const target = [extent(0), extent(1), groups * outPerGroup] as const;
    const weights = new Int32Array(kernel[0] * kernel[1] * inPerGroup * target[2]);
    const limit = 2 ** (bits - 1);
    for (let i = 0; i < weights.length; i++) weights[i] = Math.floor(random() * 2 * limit) - limit;
    return { source: [size[0], size[1], groups * inPerGroup], target, kernel, stride, padding: pad, groups, weights };
  });

/** The equation of the window, target by target. */
function expected(window: SynapseWindow, levels: Int32Array): Int32Array {
  const { source, target, kernel, stride, padding, groups, weights } = window;
  const inPerGroup = source[2] / groups;
  const outPerGroup = target[2] / groups;
  const sums = new Int32Array(target[0] * target[1] * target[2]);
  for (let n = 0; n < sums.length; n++) {
    const o = n % target[2];
    const x = Math.floor(n / target[2]) % target[1];
    const y = Math.floor(n / target[2] / target[1]);
    for (let ky = 0; ky < kernel[0]; ky++) {
      for (let kx = 0; kx < kernel[1]; kx++) {
        const sy = y * stride[0] + ky - padding[0];
        const sx = x * stride[1] + kx - padding[1];
        if (sy < 0 || sx < 0 || sy >= source[0] || sx >= source[1]) continue;
        for (let i = 0; i < inPerGroup; i++) {
          const c = Math.floor(o / outPerGroup) * inPerGroup + i;
          const w = weights[((ky * kernel[1] + kx) * inPerGroup + i) * target[2] + o]!;
          sums[n]! += w * levels[(sy * source[1] + sx) * source[2] + c]!;
        }
      }
    }
  }
  return sums;
}

function delivered(
  synapses: Synapses,
  window: SynapseWindow,
  levels: Int32Array,
): { sums: Int32Array; operations: number } {
  const sums = new Int32Array(window.target[0] * window.target[1] * window.target[2]);
  const addresses = Int32Array.from([...levels.keys()].filter((i) => levels[i] !== 0));
  const payloads = addresses.map((i) => levels[i]!);
  const half = addresses.length >> 1;
  let operations = synapses.deliver(sums, addresses, payloads, half);
  operations += synapses.deliver(sums, addresses.subarray(half), payloads.subarray(half), addresses.length - half);
  return { sums, operations };
}

describe("synapses", () => {
  it("deliver the same sums by loops, by kernel, and by the equation", () => {
    fc.assert(
      fc.property(windows, fc.integer(), fc.boolean(), (window, seed, wide) => {
        const random = seededRandom(seed);
        const limit = wide ? 60000 : 256;
        const levels = new Int32Array(window.source[0] * window.source[1] * window.source[2]).map(() =>
          random() < 0.4 ? 0 : Math.floor((random() - 0.3) * limit),
        );
        const sums = expected(window, levels);
        const loops = delivered(loopSynapses(window), window, levels);
        const kernel = delivered(kernelSynapses(window), window, levels);
        expect(loops.sums).toEqual(sums);
        expect(kernel).toEqual(loops);
      }),
      { seed: 1, numRuns: 400 },
    );
  });

  it("add to what is there, and count one operation a weight and event", () => {
    const weights = new Int32Array(300 * 70).fill(2);
    const window: SynapseWindow = {
      source: [1, 1, 300],
      target: [1, 1, 70],
      kernel: [1, 1],
      stride: [1, 1],
      padding: [0, 0],
      groups: 1,
      weights,
    };
    const synapses = openSynapses(window);
    const potentials = new Int32Array(70).fill(5);
    expect(synapses.deliver(potentials, Int32Array.of(0, 299), Int32Array.of(1, -3), 2)).toBe(140);
    expect([...new Set(potentials)]).toEqual([1]);
  });
});
