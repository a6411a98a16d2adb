import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halfToFloat } from "../../../src/frontend/bytes/half.js";
import { ZipArchive } from "../../../src/frontend/bytes/zip.js";
import { readIdx } from "../../../src/frontend/data/array/idx.js";
import { readNpy } from "../../../src/frontend/data/array/npy.js";
import { loadLabels, loadSamples } from "../../../src/frontend/data/load.js";
import { npy, withFile, zip } from "./files.js";

/** Bytes of numbers written one after the other with a method of DataView. */
function packed(
  size: number,
  values: readonly number[],
  write: (view: DataView, at: number, value: number) => void,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [i, value] of values.entries()) write(view, i * size, value);
  return new Uint8Array(view.buffer);
}

const types: [descr: string, size: number, write: (view: DataView, at: number, value: number) => void][] = [
  ["|b1", 1, (view, at, value) => view.setUint8(at, value)],
  ["|u1", 1, (view, at, value) => view.setUint8(at, value)],
  ["|i1", 1, (view, at, value) => view.setInt8(at, value)],
  ["<u2", 2, (view, at, value) => view.setUint16(at, value, true)],
  [">i2", 2, (view, at, value) => view.setInt16(at, value)],
  ["<i4", 4, (view, at, value) => view.setInt32(at, value, true)],
  [">u4", 4, (view, at, value) => view.setUint32(at, value)],
  ["<i8", 8, (view, at, value) => view.setBigInt64(at, BigInt(value), true)],
  [">u8", 8, (view, at, value) => view.setBigUint64(at, BigInt(value))],
  ["<f4", 4, (view, at, value) => view.setFloat32(at, value, true)],
  [">f4", 4, (view, at, value) => view.setFloat32(at, value)],
  ["<f8", 8, (view, at, value) => view.setFloat64(at, value, true)],
  [">f8", 8, (view, at, value) => view.setFloat64(at, value)],
];

describe("readNpy", () => {
  it.each(types)("reads elements of type %s", (descr, size, write) => {
    const values = descr === "|b1" ? [0, 1, 1, 0, 1, 0] : [0, 1, 2, 3, 100, 127];
    expect([...readNpy(npy(descr, false, [2, 3], packed(size, values, write)), "a.npy").data]).toEqual(values);
  });

  it("reads half precision: 1, -2, the smallest and largest number", () => {
    expect([0x3c00, 0xc000, 0x0001, 0x7bff, 0x8000].map(halfToFloat)).toEqual([1, -2, 2 ** -24, 65504, -0]);
    const bytes = new Uint8Array([0x00, 0x3c, 0x00, 0xc0]);
    expect([...readNpy(npy("<f2", false, [2], bytes), "a.npy").data]).toEqual([1, -2]);
  });

  it("gives Fortran order as rows, for every shape", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.nat(5),
        (shape, limit) => {
          const count = shape.reduce((a, b) => a * b);
          const rows = Uint8Array.from({ length: count }, (_, i) => i);
          const columns = new Uint8Array(count);
          for (let i = 0; i < count; i++) {
            let [rest, at, stride] = [i, 0, count];
            // Position in Fortran order of the element at row-major position i.
            const index = shape.map((extent, axis) => {
              const below = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
              const place = Math.floor(rest / below) % extent;
              return place;
            });
            stride = 1;
            for (const [axis, place] of index.entries()) {
              at += place * stride;
              stride *= shape[axis]!;
            }
            rest = at;
            columns[rest] = rows[i]!;
          }
          const wanted = readNpy(npy("|u1", false, shape, rows), "a", limit + 1);
          expect(readNpy(npy("|u1", true, shape, columns), "a", limit + 1)).toEqual(wanted);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });

  it.each(["<c8", "|O", "<U5", "|S4", "<M8[ns]", "<f16"])("refuses elements of type %s", (descr) => {
    expect(() => readNpy(npy(descr, false, [1], new Uint8Array(16)), "a.npy")).toThrow(
      expect.objectContaining({ diagnostics: [expect.objectContaining({ code: "data-type-refused" })] }),
    );
  });

  it("refuses a shape that its bytes do not fill, before taking memory", () => {
    expect(() => readNpy(npy("<f4", false, [4_000_000_000, 4_000_000_000], new Uint8Array(4)), "a.npy")).toThrow(
      "4 bytes",
    );
  });
});

describe("readIdx", () => {
  const formats: [code: number, size: number, write: (view: DataView, at: number, value: number) => void][] = [
    [0x08, 1, (view, at, value) => view.setUint8(at, value)],
    [0x09, 1, (view, at, value) => view.setInt8(at, value)],
    [0x0b, 2, (view, at, value) => view.setInt16(at, value)],
    [0x0c, 4, (view, at, value) => view.setInt32(at, value)],
    [0x0d, 4, (view, at, value) => view.setFloat32(at, value)],
    [0x0e, 8, (view, at, value) => view.setFloat64(at, value)],
  ];

  it.each(formats)("reads elements of type %i", (code, size, write) => {
    const head = [0, 0, code, 2, 0, 0, 0, 3, 0, 0, 0, 2];
    const bytes = new Uint8Array([...head, ...packed(size, [5, 0, 1, 2, 3, 4], write)]);
    expect(readIdx(bytes, "a")).toMatchObject({
      shape: [3, 2],
      data: Float32Array.of(5, 0, 1, 2, 3, 4),
      isByte: code === 8,
    });
    expect(readIdx(bytes, "a", 2)).toMatchObject({ shape: [2, 2], data: Float32Array.of(5, 0, 1, 2) });
    expect(() => readIdx(bytes.subarray(0, -1), "a")).toThrow("wanted");
  });
});

describe("npz archives and labels", () => {
  const x = npy("|u1", false, [2, 2], new Uint8Array([1, 2, 3, 4]));
  const y = npy("|u1", false, [2], new Uint8Array([1, 0]));

  it("takes samples and labels under their usual names", async () => {
    await withFile(
      "a.npz",
      zip([
        ["y.npy", y],
        ["x.npy", x],
      ]),
      async (path) => {
        expect(await loadSamples(path)).toEqual({
          kind: "dense",
          count: 2,
          shape: [2],
          data: Float32Array.of(1, 2, 3, 4),
          labels: Int32Array.of(1, 0),
          isByte: true,
        });
        expect(await loadLabels(path)).toEqual(Int32Array.of(1, 0));
      },
    );
  });

  it("asks where the names say nothing", async () => {
    await withFile(
      "a.npz",
      zip([
        ["p.npy", y],
        ["q.npy", x],
      ]),
      async (path) => {
        await expect(loadSamples(path)).rejects.toMatchObject({ diagnostics: [{ code: "npz-array-unknown" }] });
        expect((await loadSamples(path, { array: "q" })).count).toBe(2);
      },
    );
  });

  it("refuses labels of another number", async () => {
    const three = npy("|u1", false, [3], new Uint8Array([1, 0, 1]));
    await withFile(
      "a.npz",
      zip([
        ["y.npy", three],
        ["x.npy", x],
      ]),
      async (path) => {
        await expect(loadSamples(path)).rejects.toMatchObject({ diagnostics: [{ code: "labels-do-not-match" }] });
      },
    );
  });

  it("takes one-hot rows, also with -1 as the cold value, and refuses what is neither", async () => {
    const rows = (values: number[]) =>
      npy(
        "|i1",
        false,
        [2, 3],
        Uint8Array.from(values, (value) => value & 255),
      );
    await withFile("a.npy", rows([0, 0, 1, 1, 0, 0]), async (path) =>
      expect(await loadLabels(path)).toEqual(Int32Array.of(2, 0)),
    );
    await withFile("a.npy", rows([-1, 1, -1, 1, -1, -1]), async (path) =>
      expect(await loadLabels(path)).toEqual(Int32Array.of(1, 0)),
    );
    for (const values of [
      [1, 1, 0, 1, 0, 0],
      [0, 0, 0, 1, 0, 0],
      [2, 1, 0, 1, 0, 0],
    ]) {
      await withFile("a.npy", rows(values), async (path) => {
        await expect(loadLabels(path)).rejects.toMatchObject({ diagnostics: [{ code: "labels-not-classes" }] });
      });
    }
  });

  it("refuses values that are not finite", async () => {
    const bytes = packed(4, [1, Number.NaN], (view, at, value) => view.setFloat32(at, value, true));
    await withFile("a.npy", npy("<f4", false, [2], bytes), async (path) => {
      await expect(loadSamples(path)).rejects.toMatchObject({ diagnostics: [{ code: "data-not-finite" }] });
    });
  });
});

describe("zip archives", () => {
  const content = new Uint8Array([1, 2, 3]);
  const open = (entries: Parameters<typeof zip>[0]) => () => new ZipArchive(zip(entries), "a.zip");

  it("gives content and refuses altered content", () => {
    const bytes = zip([["a", content]]);
    expect(new ZipArchive(bytes, "a.zip").read("a")).toEqual(content);
    expect(new ZipArchive(bytes, "a.zip").read("b")).toBeUndefined();
    const altered = bytes.slice();
    altered[32]! ^= 1;
    expect(() => new ZipArchive(altered, "a.zip").read("a")).toThrow("checksum");
  });

  it.each([["../a"], ["/etc/passwd"], ["a/../../b"], ["..\\a"]])("refuses the entry name %s", (name) => {
    expect(open([[name, content]])).toThrow("leaves the archive");
  });

  it("refuses two entries of one name", () => {
    expect(
      open([
        ["a", content],
        ["a", content],
      ]),
    ).toThrow('two entries "a"');
  });

  it("refuses entries that claim more than the limit", () => {
    const bytes = zip([
      ["a", content],
      ["b", content],
    ]);
    const at = bytes.length - 22 - 2 * 47 + 24;
    new DataView(bytes.buffer).setUint32(at, 0x7fffffff, true);
    expect(() => new ZipArchive(bytes, "a.zip")).toThrow("more than");
  });
});

describe("gzip", () => {
  it("is undone for every format", async () => {
    const bytes = npy("|u1", false, [2], new Uint8Array([3, 4]));
    await withFile("a.npy.gz", gzipSync(bytes), async (path) =>
      expect((await loadSamples(path)).data).toEqual(Float32Array.of(3, 4)),
    );
  });

  it("is refused when it is cut off", async () => {
    await withFile("a.gz", gzipSync(new Uint8Array(1000)).subarray(0, 20), async (path) => {
      await expect(loadSamples(path)).rejects.toMatchObject({ diagnostics: [{ code: "compressed-damaged" }] });
    });
  });
});
