import { type Palette, paperPalette, rect, round, shortened, svgDocument, text } from "../svg.js";

/** The weights of one neuron, laid out as what they come from. */
export interface WeightMap {
  readonly label: string;
  /** `weights[y * width + x]`. */
  readonly weights: ArrayLike<number>;
}

/** Pixels. */
const [margin, gap, labelHeight] = [24, 8, 14];
/** Width of the drawing, about, without its margins. */
const drawingWidth = 880;
/** Colours from nothing to the largest weight. */
const shades = 8;
/** More maps than anybody compares. */
const mostMaps = 400;

/**
 * Draw the receptive fields of neurons as a grid of images: blue is a positive weight, red a negative one, and the ground
 * is 0. All share one scale, which ends at the largest weight of all. Beyond 400 maps the rest is left out.
 *
 * @param width Weights in a row of a map.
 * @param columns Maps in a row; by default as many as rows.
 */
export function weightMaps(
  title: string,
  maps: readonly WeightMap[],
  width: number,
  columns = Math.ceil(Math.sqrt(Math.min(maps.length, mostMaps))),
  palette: Palette = paperPalette,
): string {
  const shown = maps.slice(0, mostMaps);
  const height = shown.reduce((most, { weights }) => Math.max(most, Math.ceil(weights.length / width)), 1);
  const across = Math.max(1, columns);
  const cell = Math.max(1, Math.min(8, Math.floor((drawingWidth / across - gap) / width)));
  const largest = shown.reduce((most, { weights }) => Math.max(most, largestOf(weights)), 0) || 1;
  const top = palette.paper === "none" ? margin : 40 + margin / 2;
  const [pitchX, pitchY] = [width * cell + gap, height * cell + gap + labelHeight];
  const body = shown.flatMap((map, i) => {
    const [x, y] = [margin + (i % across) * pitchX, top + Math.floor(i / across) * pitchY];
    const place = `translate(${round(x)} ${round(y)}) scale(${cell})`;
    return [
      rect(x, y, width * cell, height * cell, palette.band, map.label),
      `<g transform="${place} translate(0 0.5)" shape-rendering="crispEdges" stroke-width="1" fill="none">`,
      ...mapPaths(map.weights, width, largest, palette),
      "</g>",
      text(
        x + (width * cell) / 2,
        y + height * cell + 11,
        shortened(map.label, Math.max(3, Math.floor((width * cell) / 6))),
        'text-anchor="middle" font-size="10"',
      ),
    ];
  });
  const rows = Math.ceil(shown.length / across);
  const end = top + rows * pitchY;
  const leftOut = maps.length - shown.length;
  const scale = `blue: to ${largest}, red: to -${largest}${leftOut > 0 ? `; ${leftOut.toLocaleString("en-US")} more neurons not drawn` : ""}`;
  body.push(text(margin, end + 12, scale, `fill="${palette.faint}"`));
  if (palette.paper !== "none") body.unshift(text(margin, 26, title, 'font-size="14" font-weight="600"'));
  return svgDocument(Math.max(320, 2 * margin + across * pitchX - gap), end + margin, title, body, palette);
}

/** One path for each shade: runs of equal shade in a row are one stroke. */
function mapPaths(weights: ArrayLike<number>, width: number, largest: number, palette: Palette): string[] {
  const paths = new Map<number, Pen>();
  for (let first = 0; first < weights.length; first += width) {
    const end = Math.min(first + width, weights.length);
    for (let i = first; i < end; ) {
      const shade = shadeOf(weights[i]!, largest);
      let run = 1;
      while (i + run < end && shadeOf(weights[i + run]!, largest) === shade) run++;
      if (shade !== 0) {
        const pen = paths.get(shade) ?? new Pen();
        pen.stroke(i - first, first / width, run);
        paths.set(shade, pen);
      }
      i += run;
    }
  }
  return [...paths]
    .sort(([a], [b]) => a - b)
    .map(([shade, { path }]) => {
      const color = shade > 0 ? palette.positive : palette.negative;
      return `<path d="${path}" stroke="${color}" stroke-opacity="${round(Math.abs(shade) / shades)}"/>`;
    });
}

/** Horizontal strokes, each begun from the end of the one before: less text than places. */
class Pen {
  path = "";
  #x = 0;
  #y = 0;

  stroke(x: number, y: number, length: number): void {
    this.path += `m${x - this.#x} ${y - this.#y}h${length}`;
    [this.#x, this.#y] = [x + length, y];
  }
}

/** -8..8, away from 0: every weight that is not 0 is seen. */
function shadeOf(weight: number, largest: number): number {
  return Math.sign(weight) * Math.ceil((shades * Math.abs(weight)) / largest);
}

function largestOf(weights: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < weights.length; i++) largest = Math.max(largest, Math.abs(weights[i]!));
  return largest;
}
