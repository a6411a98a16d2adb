import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { histogram } from "../../src/report/chart/bins.js";
import { histogramChart } from "../../src/report/chart/histogram.js";
import { potentialTraces } from "../../src/report/chart/potentials.js";
import { weightMaps } from "../../src/report/chart/weight-maps.js";
import { spikeRaster } from "../../src/report/raster.js";
import { pagePalette, paperPalette } from "../../src/report/svg.js";
import { faultOf } from "./well-formed.js";

const traces = [
  { name: "fires", values: [40, 80, 20, 60, 0, 40], threshold: 100, spikes: [2, 4] },
  { name: "sinks", values: [-5, -400, -410, -350, -300, -280], threshold: 100 },
  { name: "rests", values: [0, 0, 0, 0, 0, 0] },
];
const maps = [
  { label: "a", weights: [0, 7, 7, -7, 1, 0] },
  { label: "b", weights: Int8Array.of(-1, 0, 3, 0, 0, 0) },
  { label: "c", weights: [0, 0, 0, 0, 0, 0] },
];

describe("drawings of a network with dynamics", () => {
  it("are as they were looked at", async () => {
    await expect(potentialTraces("Potentials", traces)).toMatchFileSnapshot("golden/potentials.svg");
    await expect(weightMaps("Weights", maps, 3)).toMatchFileSnapshot("golden/weight-maps.svg");
    const weights = maps.flatMap((map) => Array.from(map.weights));
    const drawing = histogramChart("Weights", histogram(weights), 0.5, "weight", paperPalette, "synapses");
    await expect(drawing).toMatchFileSnapshot("golden/weight-histogram.svg");
    const spikes = traces.flatMap(({ spikes = [] }, neuron) =>
      spikes.map((step) => ({ step, population: 1, neuron, count: 1 })),
    );
    const populations = [
      { name: "input", neurons: 2 },
      { name: "output", neurons: 3 },
    ];
    const raster = spikeRaster("Spikes", 6, populations, [{ step: 0, population: 0, neuron: 1, count: 1 }, ...spikes]);
    await expect(raster).toMatchFileSnapshot("golden/raster.svg");
  });

  it("are well-formed whatever the names and numbers are", () => {
    const numbers = fc.array(fc.integer({ min: -32768, max: 32767 }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), numbers, (name, values) => {
        for (const palette of [paperPalette, pagePalette]) {
          const trace = { name, values, threshold: values[0] ?? 0, spikes: values.map((_, step) => step) };
          for (const drawing of [
            potentialTraces(name, [trace], palette),
            weightMaps(name, [{ label: name, weights: values }], 7, 3, palette),
          ]) {
            expect(faultOf(drawing)).toBeUndefined();
            expect(drawing).not.toMatch(/NaN|Infinity/);
          }
        }
      }),
      { seed: 9, numRuns: 100 },
    );
  });

  it("say how much they leave out", () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ name: `${i}`, values: [i] }));
    expect(potentialTraces("many", many)).toContain("6 more neurons not drawn");
    const fields = Array.from({ length: 402 }, (_, i) => ({ label: `${i}`, weights: [1] }));
    expect(weightMaps("many", fields, 1)).toContain("2 more neurons not drawn");
  });

  it("show every weight that is not 0, each once, in its row", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -128, max: 127 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (weights, width) => {
          const seen = new Array<number>(weights.length).fill(0);
          const drawing = weightMaps("map", [{ label: "one", weights }], width);
          for (const [, path, color] of drawing.matchAll(/<path d="([^"]*)" stroke="([^"]*)"/g)) {
            let [x, y] = [0, 0];
            for (const [, dx, dy, run] of path!.matchAll(/m(-?\d+) (\d+)h(\d+)/g)) {
              [x, y] = [x + Number(dx), y + Number(dy)];
              for (let k = 0; k < Number(run); k++, x++)
                seen[y * width + x]! += color === paperPalette.positive ? 1 : -1;
            }
          }
          expect(seen).toEqual(weights.map(Math.sign));
        },
      ),
      { seed: 10, numRuns: 200 },
    );
  });
});
