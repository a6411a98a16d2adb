import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { QuantGraph } from "../../src/quantize/graph.js";
import { type Network, writeNetwork } from "../../src/snn/file.js";
import type { Manifest } from "../../src/toolchain/manifest.js";

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "report-"));
}

/** A convolution of 2 channels, a pool and a readout of 3 classes over `side` x `side` pixels of 2 bits; small enough to check by hand. */
export function smallNetwork(convolution = "conv", side = 4): Omit<Network, "snn"> {
  const weights = Int32Array.from({ length: 2 * 2 * 2 }, (_, i) => (i % 4) - 1);
  const half = side / 2;
  const dense = Int32Array.from({ length: half * half * 2 * 3 }, (_, i) => ((i * 5) % 7) - 3);
  const window = { stride: [1, 1], padding: [0, 0], groups: 1, weightBits: 4 } as const;
  const quant: QuantGraph = {
    name: "small",
    input: {
      ...{ name: "image", shape: [side, side, 1], bits: 2, scale: 1, zero: 0, inputScale: 1, inputOffset: 0 },
      ...{ layout: "channels-last", margin: [0, 0, 0, 0] },
    },
    layers: [
      {
        ...{ kind: "neurons", name: convolution, shape: [side, side, 2], v0: Int32Array.of(1, 2), membraneBits: 16 },
        terms: [{ from: "image", kernel: [2, 2], ...window, weights }],
        activation: { kind: "quantize", theta: Int32Array.of(2, 5), min: 0, max: 3, scale: 0.5 },
      },
      {
        ...{ kind: "pool", name: "pool", from: convolution, op: "max", shape: [half, half, 2], range: [0, 3] },
        ...{ window: [2, 2], stride: [2, 2], padding: [0, 0] },
      },
      {
        ...{ kind: "neurons", name: "classes", shape: [1, 1, 3], v0: Int32Array.of(0, 1, -1), membraneBits: 16 },
        terms: [{ from: "pool", kernel: [half, half], ...window, weights: dense }],
        activation: { kind: "none", scale: 0.25 },
      },
    ],
  };
  const common = { weightBits: 4, membraneBits: 16, sumBits: 12, saturatedPercent: 12.5, deadPercent: 3.125 };
  return {
    quant,
    schedule: "graded",
    source: { format: "keras-h5", producer: "keras 2.15", file: "small.h5" },
    ledger: [
      { layer: convolution, op: "Conv2D", outcome: "converted", note: "neurons" },
      { layer: "pool", op: "MaxPooling2D", outcome: "converted", note: "largest tracer" },
      { layer: "classes", op: "Dense", outcome: "converted", note: "readout" },
    ],
    report: [
      {
        ...{ name: convolution, neurons: side * side * 2, weights: 8, activationBits: 2, thresholdBits: 3 },
        ...{ ...common, maxError: 0.249, meanError: 0.0125 },
      },
      {
        ...{ name: "classes", neurons: 3, weights: dense.length, activationBits: 0, thresholdBits: 0 },
        ...{ ...common, maxError: 1.5, meanError: 0.5 },
      },
    ],
  };
}

export function writeSmallNetwork(folder: string, convolution?: string, side?: number): string {
  const path = join(folder, "small.spk");
  writeFileSync(path, writeNetwork(smallNetwork(convolution, side)));
  return path;
}

/** 12 samples of 4 x 4 values 0..3, and their classes, as `.npy`. */
export function writeSamples(
  folder: string,
  labels: readonly number[],
): { readonly data: string; readonly labels: string } {
  const values = Uint8Array.from({ length: 12 * 16 }, (_, i) => (i * i + 3 * (i >> 4)) % 4);
  const files = { data: join(folder, "data.npy"), labels: join(folder, "labels.npy") };
  writeFileSync(files.data, npy(values, [12, 4, 4]));
  writeFileSync(files.labels, npy(Uint8Array.from(labels), [labels.length]));
  return files;
}

function npy(values: Uint8Array, shape: readonly number[]): Buffer {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = Buffer.from(`${text.padEnd(128 - 11)}\n`, "latin1");
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([start, header, values]);
}

/** A build folder as `build` leaves it, without the files that a report does not look at. */
export function writeBuild(folder: string, change: Partial<Manifest> = {}): Manifest {
  const bitstream = Buffer.from("not a real bitstream");
  const manifest: Manifest = {
    digest: "ab".repeat(32),
    name: "up5k-w4",
    board: "icebreaker",
    device: "ice40up5k-sg48",
    toolchain: { yosys: { kind: "native", version: "0.23" }, "nextpnr-ice40": { kind: "wasm", version: "0.8" } },
    seed: 2,
    tried: [
      { seed: 1, fmaxHz: 22.5e6, nextpnrHz: 23e6, icetimeHz: 22.5e6 },
      { seed: 2, fmaxHz: 25.2e6, nextpnrHz: 25.2e6, icetimeHz: null },
    ],
    resources: { ICESTORM_LC: { used: 3501, available: 5280 }, ICESTORM_SPRAM: { used: 4, available: 4 } },
    ...{ fmaxHz: 25.2e6, targetHz: 24e6, seconds: 71.25, bitstream: "core.bin" },
    bitstreamDigest: createHash("sha256").update(bitstream).digest("hex"),
    ...change,
  };
  writeFileSync(join(folder, "core.bin"), bitstream);
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  return manifest;
}
