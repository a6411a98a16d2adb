import { line, marksTo, type Palette, paperPalette, rect, round, shortened, svgDocument, text } from "./svg.js";

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
const [left, bottom, right] = [130, 42, 24];
const [minBand, maxBand, gap] = [36, 260, 10];
/** Shades of a spike's count. */
const shades = 4;

/**
 * Draw a spike raster: time-steps to the right, one band a population, one mark a spike.
 *
 * Blue marks are positive spikes, red ones negative; a graded count is drawn darker the larger it is. Bands are as high
 * as their population has neurons, within limits, so that small readouts stay readable beside large layers; where a band
 * has more neurons than pixels, spikes of one pixel are one mark.
 *
 * @param steps Number of steps of the run.
 */
export function spikeRaster(
  title: string,
  steps: number,
  populations: readonly RasterPopulation[],
  spikes: readonly RasterSpike[],
  palette: Palette = paperPalette,
): string {
  // on a page the title stands above
  const isAlone = palette.paper !== "none";
  const top = isAlone ? 40 : 8;
  const heights = populations.map((p) => Math.min(maxBand, Math.max(minBand, p.neurons * 3)));
  const tops: number[] = [];
  let next = top;
  for (const height of heights) {
    tops.push(next);
    next += height + gap;
  }
  const stepWidth = plotWidth / Math.max(1, steps);

  const body: string[] = isAlone ? [text(left, 22, title, 'font-size="14" font-weight="600"')] : [];
  populations.forEach((p, i) => {
    const middle = tops[i]! + heights[i]! / 2;
    body.push(rect(left, tops[i]!, plotWidth, heights[i]!, palette.band, p.name));
    body.push(text(left - 8, middle, shortened(p.name, 18), 'text-anchor="end"'));
    const count = p.neurons.toLocaleString("en-US");
    body.push(text(left - 8, middle + 14, count, `text-anchor="end" fill="${palette.faint}" font-size="10"`));
  });
  body.push(...marks(populations, spikes, { heights, tops, stepWidth }, palette));
  const axis = next - gap + 6;
  body.push(line(left, axis, left + plotWidth, axis, palette.axis));
  for (const mark of marksTo(steps, 10).filter((m) => Number.isInteger(m))) {
    const x = left + mark * stepWidth;
    body.push(line(x, axis, x, axis + 4, palette.axis));
    body.push(text(x, axis + 17, `${mark}`, `text-anchor="middle" fill="${palette.faint}"`));
  }
  body.push(text(left + plotWidth / 2, axis + 32, "step", `text-anchor="middle" fill="${palette.faint}"`));
  return svgDocument(left + plotWidth + right, axis + bottom - 6, title, body, palette);
}

interface Bands {
  readonly heights: readonly number[];
  readonly tops: readonly number[];
  readonly stepWidth: number;
}

/** One path for each band, sign and shade, negative ones on top: a mark is a stroke as thick as a neuron's row. */
function marks(
  populations: readonly RasterPopulation[],
  spikes: readonly RasterSpike[],
  { heights, tops, stepWidth }: Bands,
  palette: Palette,
): string[] {
  const largest = spikes.reduce((max, s) => Math.max(max, Math.abs(s.count)), 1);
  const strokes = populations.map(() => new Map<number, Set<string>>());
  const width = round(Math.max(1, stepWidth * 0.8));
  for (const { population, neuron, step, count } of spikes) {
    const row = heights[population]! / populations[population]!.neurons;
    const offset = row < 1 ? Math.floor(neuron * row) + 0.5 : (neuron + 0.5) * row;
    const shade = Math.ceil((shades * Math.abs(count)) / largest) * Math.sign(count);
    const paths = strokes[population]!;
    const path = paths.get(shade) ?? new Set();
    paths.set(shade, path.add(`M${round(left + step * stepWidth)} ${round(tops[population]! + offset)}h${width}`));
  }
  return strokes.flatMap((paths, population) => {
    const thickness = round(Math.max(1, (heights[population]! / populations[population]!.neurons) * 0.9));
    return [...paths]
      .sort(([a], [b]) => b - a)
      .map(([shade, path]) => {
        const color = shade > 0 ? palette.positive : palette.negative;
        const opacity = round(0.35 + (0.65 * Math.abs(shade)) / shades);
        return `<path d="${[...path].join("")}" stroke="${color}" stroke-opacity="${opacity}" stroke-width="${thickness}" fill="none"/>`;
      });
  });
}
