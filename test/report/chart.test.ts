import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barChart } from "../../src/report/chart/bars.js";
import { histogram } from "../../src/report/chart/bins.js";
import { histogramChart } from "../../src/report/chart/histogram.js";
import { spikeRaster } from "../../src/report/raster.js";
import { escapeText, pagePalette, paperPalette, shortened } from "../../src/report/svg.js";
import { faultOf } from "./well-formed.js";

describe("histogram", () => {
  it("counts every value once, in at most 25 touching bins of one round width", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e7 }), { minLength: 1, maxLength: 200 }), (values) => {
        const bins = histogram(values);
        expect(bins.length).toBeLessThanOrEqual(25);
        expect(bins.reduce((sum, bin) => sum + bin.samples, 0)).toBe(values.length);
        const width = bins[0]!.to - bins[0]!.from;
        expect(String(width)).toMatch(/^[125]0*$/);
        bins.forEach((bin, i) => {
          expect(bin.to - bin.from).toBe(width);
          if (i > 0) expect(bin.from).toBe(bins[i - 1]!.to);
          expect(bin.samples).toBe(values.filter((v) => v >= bin.from && v < bin.to).length);
        });
        expect(bins[0]!.samples).toBeGreaterThan(0);
        expect(bins.at(-1)!.samples).toBeGreaterThan(0);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it("is empty without values", () => {
    expect(histogram([])).toEqual([]);
  });
});

describe("charts", () => {
  it("are well-formed whatever the names are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.double({ noNaN: true }), (label, fraction) => {
        for (const palette of [paperPalette, pagePalette]) {
          expect(faultOf(barChart(label, [{ label, fraction, value: label }], palette))).toBeUndefined();
          expect(faultOf(spikeRaster(label, 3, [{ name: label, neurons: 2 }], [], palette))).toBeUndefined();
          const bins = [{ from: 5, to: 6, samples: 3 }];
          expect(faultOf(histogramChart(label, bins, 5, label, palette))).toBeUndefined();
        }
      }),
      { seed: 8, numRuns: 50 },
    );
  });

  it("draw no more bars than anybody reads", () => {
    const bars = Array.from({ length: 1000 }, (_, i) => ({ label: `layer${i}`, fraction: 1, value: "1" }));
    const chart = barChart("many", bars, pagePalette);
    expect(chart).toContain("940 more in the table");
    expect(chart.length).toBeLessThan(40_000);
  });

  it("draw spikes that share a pixel once", () => {
    const spikes = Array.from({ length: 20_000 }, (_, neuron) => ({ step: 0, population: 0, neuron, count: 1 }));
    const drawing = spikeRaster("dense", 1, [{ name: "layer", neurons: 20_000 }], spikes);
    expect(drawing.match(/<path/g)).toHaveLength(1);
    expect(drawing.match(/M130 /g)).toHaveLength(260);
  });

  it("draw signs and sizes apart", () => {
    const at = (neuron: number, count: number) => ({ step: 1, population: 0, neuron, count });
    const spikes = [at(0, 1), at(1, -1), at(2, 4)];
    const drawing = spikeRaster("signs", 4, [{ name: "layer", neurons: 3 }], spikes);
    const strokes = [...drawing.matchAll(/stroke="(#\w+)" stroke-opacity="([\d.]+)"/g)].map((m) => [m[1], m[2]]);
    expect(strokes).toEqual([
      [paperPalette.positive, "1"],
      [paperPalette.positive, "0.51"],
      [paperPalette.negative, "0.51"],
    ]);
  });
});

describe("text", () => {
  it("escapes what would end an attribute or begin an element, and characters that neither may hold", () => {
    expect(escapeText('<a b="c">&\u0000\ud800\u{1f600}')).toBe("&lt;a b=&quot;c&quot;&gt;&amp;\ufffd\ufffd\u{1f600}");
  });

  it("is shortened in the middle", () => {
    expect(shortened("abcdefgh", 8)).toBe("abcdefgh");
    expect(shortened("abcdefghi", 8)).toBe("abcd…ghi");
  });
});
