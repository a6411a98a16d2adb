import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeNumbers } from "../../../src/frontend/bytes/number-array.js";
import { readHdf5 } from "../../../src/frontend/hdf5/read.js";
import { slabsOf } from "../../../src/frontend/hdf5/slabs.js";
import { datasetAt } from "../../../src/frontend/hdf5/tree.js";
import { writeHdf5 } from "./large-models.js";

/** Row-major positions of the elements of a slab. */
function positions(shape: readonly number[], offset: readonly number[], count: readonly number[]): number[] {
  let found = [0];
  shape.forEach((extent, axis) => {
    found = found.flatMap((at) => Array.from({ length: count[axis]! }, (_, i) => at * extent + offset[axis]! + i));
  });
  return found;
}

const shape = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });

describe("slabsOf", () => {
  it("covers a dataset once, in row-major order, the first slab being the largest", () => {
    fc.assert(
      fc.property(
        shape,
        fc.integer({ min: 1, max: 200 }),
        fc.option(fc.integer({ min: 1, max: 6 })),
        (dims, block, rows) => {
          const chunks = rows === null ? null : dims.map((extent) => Math.min(extent, rows));
          const slabs = slabsOf(dims, 4, chunks, block);
          const elements = dims.reduce((product, n) => product * n, 1);
          expect(slabs.flatMap(({ offset, count }) => positions(dims, offset, count))).toEqual([
            ...Array(elements).keys(),
          ]);
          const sizes = slabs.map(({ count }) => count.reduce((product, n) => product * n, 1));
          expect(Math.max(...sizes)).toBe(sizes[0]);
          if (!chunks) expect(4 * sizes[0]!).toBeLessThanOrEqual(Math.max(4, block));
          else for (const { offset } of slabs) expect(offset[0]! % chunks[0]!).toBe(0);
        },
      ),
    );
  });
});

describe("datasets larger than a slab", () => {
  const data = Float32Array.from({ length: 3_000_000 }, (_, i) => i);

  it.each([
    ["contiguous", [3_000_000], undefined],
    ["contiguous with a long last axis", [2, 1_500_000], undefined],
    ["in chunks", [3000, 1000], [70, 300]],
    ["in one chunk", [3000, 1000], [3000, 1000]],
  ] as const)("%s", async (_, dims, chunks) => {
    const bytes = await writeHdf5((root) => {
      const packing = chunks ? { chunks, compression: "gzip", compression_opts: 1 } : {};
      root.create_dataset({ name: "x", data, shape: dims, dtype: "<f", ...packing });
    });
    const root = await readHdf5(bytes);
    const value = datasetAt(root, "x");
    expect(value).toMatchObject({ type: "number", shape: dims });
    if (value?.type !== "number") return;
    expect(Buffer.compare(value.bytes, new Uint8Array(data.buffer))).toBe(0);
    const part = datasetAt(await readHdf5(bytes, { rows: 1 }), "x");
    const row = data.slice(
      0,
      dims.slice(1).reduce<number>((product, n) => product * n, 1),
    );
    const found = part?.type === "number" ? decodeNumbers(part.bytes, part.format, true) : new Float32Array(0);
    expect(Buffer.compare(new Uint8Array(found.buffer), new Uint8Array(row.buffer))).toBe(0);
  });
});
