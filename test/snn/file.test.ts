import fc from "fast-check";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { printQuantGraph } from "../../src/quantize/print.js";
import { packArchive, unpackArchive } from "../../src/snn/file/archive.js";
import { isNetworkFile, type Network, readNetwork, writeNetwork } from "../../src/snn/file.js";
import { printSnnGraph } from "../../src/snn/print.js";
import { SpikewrightError } from "../../src/support/diagnostic.js";
import { randomNetwork } from "../random/quant-network.js";

const options = { depth: 3, activationBits: 3, weightBits: 4, signed: true, spatial: true };

function example(seed: number): Omit<Network, "snn"> {
  return {
    quant: randomNetwork(seed, options),
    schedule: "radix",
    ledger: [{ layer: "dense", op: "Dense", outcome: "converted", note: "neurons" }],
    report: [
      {
        name: "layer0",
        neurons: 1,
        weights: 2,
        weightBits: 4,
        activationBits: 3,
        thresholdBits: 5,
        membraneBits: 12,
        sumBits: 11,
        maxError: 0.5,
        meanError: 1e-9,
        saturatedPercent: 0,
        deadPercent: 3.25,
      },
    ],
    labels: ["zero", "one"],
    source: { format: "keras-h5", producer: "keras 2.0.4" },
  };
}

/** Codes of what `readNetwork` throws; anything but a `SpikewrightError` fails. */
function codesOf(bytes: Uint8Array): readonly string[] {
  try {
    readNetwork(bytes, "net.spk");
    return [];
  } catch (error) {
    if (!(error instanceof SpikewrightError)) throw error;
    return error.diagnostics.map((d) => d.code);
  }
}

const manifestOf = (bytes: Uint8Array): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(entriesOf(bytes).get("manifest.json")));

function entriesOf(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const entries = unpackArchive(bytes, { "manifest.json": 2 ** 24, "parameters.bin": 2 ** 24 });
  if (typeof entries === "string") throw new Error(entries);
  return entries;
}

/** The file with a changed manifest or other parameters. */
function forged(change: (manifest: Record<string, unknown>) => unknown, parameters?: Uint8Array): Uint8Array {
  const bytes = writeNetwork(example(2));
  const manifest = new TextEncoder().encode(JSON.stringify(change(manifestOf(bytes))));
  return packArchive({
    "manifest.json": manifest,
    "parameters.bin": parameters ?? entriesOf(bytes).get("parameters.bin")!,
  });
}

describe("network file", () => {
  it("gives back what was written", () => {
    for (let seed = 0; seed < 20; seed++) {
      const network = example(seed);
      const bytes = writeNetwork(network);
      expect(isNetworkFile(bytes)).toBe(true);
      const { snn, ...read } = readNetwork(bytes);
      expect(read).toEqual(network);
      expect(printQuantGraph(read.quant)).toBe(printQuantGraph(network.quant));
      expect(printSnnGraph(snn)).toContain(`network "${network.quant.name}"`);
    }
  });

  it("has the same bytes every time, whatever the order of keys", () => {
    const network = example(1);
    const { input } = network.quant;
    const turned = Object.fromEntries(Object.entries(input).toReversed()) as unknown as typeof input;
    expect(writeNetwork({ ...network, quant: { ...network.quant, input: turned } })).toEqual(writeNetwork(example(1)));
  });

  it("cut off anywhere is refused", () => {
    const bytes = writeNetwork(example(3));
    for (let length = 0; length < bytes.length; length += Math.max(1, Math.floor(bytes.length / 300))) {
      expect(codesOf(bytes.subarray(0, length))).toEqual(["network-damaged"]);
    }
  });

  it("with damaged bytes is refused or the same", () => {
    const bytes = writeNetwork(example(4));
    const position = fc.integer({ min: 0, max: bytes.length - 1 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(position, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const changed = bytes.slice();
          for (const [at, value] of changes) changed[at] = value;
          const codes = codesOf(changed);
          if (codes.length === 0) {
            expect(printQuantGraph(readNetwork(changed).quant)).toBe(printQuantGraph(readNetwork(bytes).quant));
          }
        },
      ),
      { seed: 1, numRuns: 600 },
    );
  });

  it("refuses hostile archives", () => {
    const { "manifest.json": manifest, "parameters.bin": parameters } = Object.fromEntries(
      entriesOf(writeNetwork(example(2))),
    );
    const pack = (entries: Record<string, Uint8Array>) => zipSync(entries);
    expect(codesOf(pack({ "manifest.json": manifest! }))).toEqual(["network-damaged"]);
    expect(codesOf(pack({ "manifest.json": manifest!, "../parameters.bin": parameters! }))).toEqual([
      "network-damaged",
    ]);
    expect(codesOf(pack({ "manifest.json": manifest!, "parameters.bin": parameters!, extra: parameters! }))).toEqual([
      "network-damaged",
    ]);
    expect(codesOf(new Uint8Array(0))).toEqual(["network-damaged"]);
    // A directory that claims far more than the entry can hold must not be believed.
    const bomb = writeNetwork(example(2));
    const view = new DataView(bomb.buffer);
    view.setUint32(view.getUint32(bomb.length - 6, true) + 24, 0xfffffff0, true);
    expect(codesOf(bomb)).toEqual(["network-damaged"]);
  });

  it("refuses manifests that are wrong", () => {
    expect(codesOf(forged((m) => m))).toEqual([]);
    expect(codesOf(forged((m) => ({ ...m, version: 99 })))).toEqual(["network-version"]);
    expect(codesOf(forged((m) => ({ ...m, schedule: "often" })))).toEqual(["network-damaged"]);
    expect(codesOf(forged((m) => ({ ...m, more: 1 })))).toEqual(["network-damaged"]);
    expect(codesOf(forged(() => null))).toEqual(["network-damaged"]);
    expect(codesOf(forged((m) => ({ ...m, input: { ...(m["input"] as object), scale: null } })))).toEqual([
      "network-damaged",
    ]);
    expect(codesOf(forged((m) => ({ ...m, input: { ...(m["input"] as object), bits: 40 } })))).toContain(
      "value-out-of-range",
    );
    const firstLayer = (m: Record<string, unknown>, change: object) => {
      const [first, ...rest] = m["layers"] as object[];
      return { ...m, layers: [{ ...first, ...change }, ...rest] };
    };
    expect(codesOf(forged((m) => firstLayer(m, { membraneBits: 3 })))).toContain("membrane-too-narrow");
    expect(codesOf(forged((m) => firstLayer(m, { name: "readout" })))).toContain("duplicate-name");
    expect(codesOf(forged((m) => firstLayer(m, { shape: [2 ** 24, 2 ** 24, 2 ** 24] })))).toEqual(["network-damaged"]);
    expect(codesOf(forged((m) => m, new Uint8Array(3)))).toEqual(["network-damaged"]);
    expect(codesOf(forged((m) => m, new Uint8Array(2 ** 20)))).toEqual(["network-damaged"]);
  });
});
