import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDynamics, writeDynamics } from "../../../src/snn/dynamics/file/file.js";
import { printDynamicsGraph } from "../../../src/snn/dynamics/print.js";
import { packArchive } from "../../../src/snn/file/archive.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { randomDynamics } from "../../random/dynamics-network.js";

const encoding = { kind: "random", scale: 255, offset: 0 } as const;
const changes = { kind: "delta", threshold: 7, scale: 255, offset: 0 } as const;
const source = { format: "builder" };

describe("files of networks with dynamics", () => {
  it("survive writing and reading, and writing again gives the same bytes", () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const network = {
          graph: randomDynamics(seed, { populations: 4 }),
          encoding: seed % 2 === 0 ? encoding : changes,
          classes: [0, -1],
          labels: ["zero"],
          source,
        };
        const bytes = writeDynamics(network);
        const read = readDynamics(bytes)!;
        expect(read).toEqual(network);
        expect(printDynamicsGraph(read.graph)).toBe(printDynamicsGraph(network.graph));
        expect(writeDynamics(read)).toEqual(bytes);
      }),
      { numRuns: 40 },
    );
  });

  it("refuse damage of every byte, and leave other networks alone", () => {
    const bytes = writeDynamics({ graph: randomDynamics(3, { populations: 1, neurons: 4 }), encoding, source });
    for (let at = 0; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x10;
      try {
        const read = readDynamics(damaged);
        if (read) expect(read.graph).toEqual(readDynamics(bytes)!.graph);
      } catch (error) {
        expect(error).toBeInstanceOf(SpikewrightError);
      }
    }
    const other = packArchive({
      "manifest.json": new TextEncoder().encode('{"format":"spikewright-network"}'),
      "parameters.bin": new Uint8Array(0),
    });
    expect(readDynamics(other)).toBeUndefined();
  });
});
