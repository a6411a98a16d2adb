import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inferDynamics } from "../../../src/frontend/nir/dynamics.js";
import { readNir } from "../../../src/frontend/nir/read.js";
import { openNirSimulation } from "../../../src/frontend/nir/simulate/simulate.js";
import { SpikewrightError } from "../../../src/support/diagnostic.js";
import { hasMaterial, readMaterial } from "../onnx/material.js";

/** Reads a file, infers its dynamics and runs three steps; anything but a `SpikewrightError` goes through. */
async function survives(bytes: Uint8Array): Promise<"run" | "refused"> {
  try {
    const { graph } = await readNir(bytes);
    const simulation = openNirSimulation(graph, inferDynamics(graph, { dt: 1e-4 }));
    const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
    const inputs = Object.fromEntries(
      simulation.inputs.map(({ name, shape }) => [name, new Float64Array(size(shape))]),
    );
    for (let k = 0; k < 3; k++) simulation.step(inputs);
    return "run";
  } catch (error) {
    if (error instanceof SpikewrightError) return "refused";
    throw error;
  }
}

describe.runIf(hasMaterial("nir"))("damaged NIR files", () => {
  it("are run or refused", async () => {
    const originals = ["lif_norse.nir", "braille_noDelay_bias_zero.nir"].map((name) => readMaterial(`nir/${name}`));
    const outcomes = { run: 0, refused: 0 };
    const change = fc.record({
      at: fc.noBias(fc.double({ min: 0.001, max: 0.999, noNaN: true })),
      value: fc.integer({ min: 0, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
        async (file, changes, cut) => {
          const bytes = originals[file]!.slice();
          for (const { at, value } of changes) bytes[Math.floor(at * bytes.length)] = value;
          outcomes[await survives(cut === null ? bytes : bytes.slice(0, Math.floor(cut * bytes.length)))]++;
        },
      ),
      { seed: 13, numRuns: 40 },
    );
    expect(outcomes.run).toBeGreaterThan(4);
    expect(outcomes.refused).toBeGreaterThan(4);
  });
});
