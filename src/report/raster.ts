import { line, marksTo, rect, svgDocument, text } from "./svg.js";

/** One spike: which neuron of which population moved its tracer by how much, in which step. */
export interface RasterSpike {
  readonly step: number;
  readonly population: number;
  readonly neuron: number;
  /** +1 or -1, or a graded count. */
  readonly count: number;
}

export interface RasterPopulation {
  readonly name: string;
  readonly neurons: number;
}

/** Pixels of the plot area. */
const plotWidth = 720;
const [left, top, bottom, right] = [110, 40, 42, 24];
const [minBand, maxBand, gap] = [36, 260, 10];

/**
 * Draw a spike raster: time-steps to the right, one band a population, one mark a spike.
 *
 * Blue marks are positive spikes, red ones negative; a graded count is drawn darker the larger it is. Bands are as high
 * as their population has neurons, within limits, so that small readouts stay readable beside large layers.
 *
 * @param steps Number of steps of the run.
 */
export function spikeRaster(
  title: string,
  steps: number,
  populations: readonly RasterPopulation[],
  spikes: readonly RasterSpike[],
): string {
  const heights = populations.map((p) => Math.min(maxBand, Math.max(minBand, p.neurons * 3)));
  const tops = heights.map((_, i) => top + heights.slice(0, i).reduce((sum, h) => sum + h + gap, 0));
  const plotHeight = heights.reduce((sum, h) => sum + h + gap, -gap);
  const stepWidth = plotWidth / Math.max(1, steps);
  const largest = spikes.reduce((max, s) => Math.max(max, Math.abs(s.count)), 1);

  const body: string[] = [text(left, 22, title, 'font-size="14" font-weight="600"')];
  populations.forEach((p, i) => {
    body.push(rect(left, tops[i]!, plotWidth, heights[i]!, "#f4f5f7"));
    body.push(text(left - 8, tops[i]! + heights[i]! / 2, p.name, 'text-anchor="end"'));
    body.push(
      text(left - 8, tops[i]! + heights[i]! / 2 + 14, `${p.neurons}`, 'text-anchor="end" fill="#777" font-size="10"'),
    );
  });
  for (const s of spikes) {
    const band = populations[s.population]!;
    const rowHeight = heights[s.population]! / band.neurons;
    const y = tops[s.population]! + s.neuron * rowHeight;
    const shade = 0.35 + (0.65 * Math.abs(s.count)) / largest;
    const color = s.count > 0 ? `rgba(20,70,160,${shade.toFixed(2)})` : `rgba(190,30,40,${shade.toFixed(2)})`;
    body.push(rect(left + s.step * stepWidth, y, Math.max(1, stepWidth * 0.8), Math.max(1, rowHeight * 0.9), color));
  }
  const axis = top + plotHeight + 6;
  body.push(line(left, axis, left + plotWidth, axis));
  for (const mark of marksTo(steps, 10)) {
    const x = left + mark * stepWidth;
    body.push(line(x, axis, x, axis + 4));
    body.push(text(x, axis + 17, `${mark}`, 'text-anchor="middle" fill="#555"'));
  }
  body.push(text(left + plotWidth / 2, axis + 32, "step", 'text-anchor="middle" fill="#555"'));
  return svgDocument(left + plotWidth + right, top + plotHeight + bottom, title, body);
}
