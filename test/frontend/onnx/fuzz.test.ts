import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { importOnnx } from "../../../src/frontend/onnx/read.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { hasMaterial, material } from "./material.js";

const files = [
  "onnx-models/mnist-8/mnist-8.onnx",
  "onnx-models/lenet5_ccoltong/lenet.onnx",
  "onnx-models/qonnx_tfc/TFC_2W2A.onnx",
  "onnx-models/onnx2c_lstm/lstm_k1_b1_r1.onnx",
  "onnx-backend-tests/node/test_lstm_with_peepholes/model.onnx",
  "onnx-backend-tests/node/test_layer_normalization_4d_axis1_expanded/model.onnx",
  "onnx-backend-tests/node/test_dynamicquantizelinear_expanded/model.onnx",
  "onnx-backend-tests/node/test_scan_sum/model.onnx",
];

/** One change of a file. Positions are fractions of its length; the front, where the structure is, is hit more often. */
type Change =
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "set"; readonly at: number; readonly value: number }
  | { readonly kind: "remove"; readonly at: number; readonly length: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: readonly number[] };

const at = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }).map((x) => x ** 6),
);
const byte = fc.integer({ min: 0, max: 255 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("cut" as const), at }),
  fc.record({ kind: fc.constant("flip" as const), at, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant("set" as const), at, value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff) }),
  fc.record({ kind: fc.constant("remove" as const), at, length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant("insert" as const), at, bytes: fc.array(byte, { minLength: 1, maxLength: 12 }) }),
);

function mutate(original: Uint8Array, changes: readonly Change[]): Uint8Array {
  let bytes: Uint8Array = original.slice();
  for (const c of changes) {
    const k = Math.min(bytes.length - 1, Math.floor(c.at * bytes.length));
    if (bytes.length === 0) break;
    if (c.kind === "cut") bytes = bytes.slice(0, k);
    else if (c.kind === "flip") bytes[k]! ^= 1 << c.bit;
    else if (c.kind === "set") bytes[k] = c.value;
    else if (c.kind === "remove") bytes = splice(bytes, k, c.length, []);
    else bytes = splice(bytes, k, 0, c.bytes);
  }
  return bytes;
}

/** The bytes with `removed` of them from `at` on replaced by `inserted`. */
function splice(bytes: Uint8Array, at: number, removed: number, inserted: readonly number[]): Uint8Array {
  const rest = bytes.subarray(at + removed);
  const result = new Uint8Array(at + inserted.length + rest.length);
  result.set(bytes.subarray(0, at));
  result.set(inserted, at);
  result.set(rest, at + inserted.length);
  return result;
}

/** Reads damaged bytes; anything but a result or a `SpikewrightError` goes through. */
function survives(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown = importOnnx): "read" | "refused" {
  try {
    read(bytes);
    return "read";
  } catch (error) {
    if (error instanceof SpikewrightError) return "refused";
    throw error;
  }
}

describe.runIf(hasMaterial("onnx-models"))("damaged ONNX files", () => {
  const originals = files
    .filter((file) => existsSync(`${material}/${file}`))
    .map((file) => new Uint8Array(readFileSync(`${material}/${file}`)));

  it("are read or refused, in bounded time and memory", () => {
    const outcomes = { read: 0, refused: 0 };
    let slowest = 0;
    let largest = 0;
    fc.assert(
      fc.property(fc.nat(originals.length - 1), fc.array(change, { minLength: 1, maxLength: 4 }), (file, changes) => {
        const bytes = mutate(originals[file]!, changes);
        const before = process.memoryUsage();
        const start = performance.now();
        outcomes[survives(bytes)]++;
        slowest = Math.max(slowest, performance.now() - start);
        const after = process.memoryUsage();
        const grown = after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed;
        largest = Math.max(largest, grown - 4 * bytes.length);
      }),
      { seed: 7, numRuns: 12000 },
    );
    expect(outcomes.read).toBeGreaterThan(100);
    expect(outcomes.refused).toBeGreaterThan(100);
    expect(slowest).toBeLessThan(2000);
    expect(largest).toBeLessThan(64 * 2 ** 20);
  });

  it("cut at every byte of a small file", () => {
    const small = originals.find((bytes) => bytes.length < 1000)!;
    for (let length = 0; length < small.length; length++) survives(small.subarray(0, length));
  });

  it("notices an error of another kind (control)", () => {
    const faulty = () => {
      throw new TypeError("a bug");
    };
    expect(() => survives(originals[0]!, faulty)).toThrow(TypeError);
  });
});

describe("bytes that are no model", () => {
  it("are refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        survives(bytes);
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});
