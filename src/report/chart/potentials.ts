import { line, marksTo, type Palette, paperPalette, rect, round, shortened, svgDocument, text } from "../svg.js";

/** The potential of one neuron, step by step. */
export interface PotentialTrace {
  readonly name: string;
  /** Potential after each step, lsb. */
  readonly values: readonly number[];
  /** Where it fires, lsb; dashed. */
  readonly threshold?: number;
  /** Steps in which it fired. */
  readonly spikes?: readonly number[];
}

/** Pixels. */
const [left, plotWidth, right, bottom] = [130, 720, 64, 40];
const [bandHeight, gap, inset] = [72, 12, 10];
/** More traces than a page has room for. */
const mostTraces = 24;

/**
 * Draw membrane potentials: steps to the right, one band a neuron with a scale of its own.
 *
 * A potential holds from the end of its step to the end of the next, so it is drawn as stairs. Spikes are marks above it,
 * 0 is a grey line, a threshold a dashed one. Beyond 24 traces the rest is left out, and the drawing says how many.
 */
export function potentialTraces(
  title: string,
  traces: readonly PotentialTrace[],
  palette: Palette = paperPalette,
): string {
  // on a page the title stands above
  const isAlone = palette.paper !== "none";
  const top = isAlone ? 40 : 8;
  const shown = traces.slice(0, mostTraces);
  const steps = shown.reduce((most, trace) => Math.max(most, trace.values.length), 1);
  const x = (step: number): number => left + (plotWidth * step) / steps;
  const body: string[] = isAlone ? [text(left, 22, title, 'font-size="14" font-weight="600"')] : [];
  shown.forEach((trace, i) => {
    body.push(...band(trace, top + i * (bandHeight + gap), x, palette));
  });
  const axis = top + shown.length * (bandHeight + gap) - gap + 6;
  body.push(line(left, axis, left + plotWidth, axis, palette.axis));
  for (const mark of marksTo(steps, 10).filter((m) => Number.isInteger(m))) {
    body.push(line(x(mark), axis, x(mark), axis + 4, palette.axis));
    body.push(text(x(mark), axis + 17, `${mark}`, `text-anchor="middle" fill="${palette.faint}"`));
  }
  const leftOut = traces.length - shown.length;
  const below = leftOut > 0 ? `step (${leftOut.toLocaleString("en-US")} more neurons not drawn)` : "step";
  body.push(text(left + plotWidth / 2, axis + 32, below, `text-anchor="middle" fill="${palette.faint}"`));
  return svgDocument(left + plotWidth + right, axis + bottom, title, body, palette);
}

function band(trace: PotentialTrace, top: number, x: (step: number) => number, palette: Palette): string[] {
  const { name, values, threshold, spikes = [] } = trace;
  const [low, high] = rangeOf(values, threshold);
  const y = (v: number): number => top + inset + (bandHeight - 2 * inset) * (1 - (v - low) / (high - low));
  const middle = top + bandHeight / 2;
  const number = (v: number): string => v.toLocaleString("en-US");
  const body = [
    rect(left, top, plotWidth, bandHeight, palette.band, name),
    text(left - 8, middle + 4, shortened(name, 18), 'text-anchor="end"'),
    line(left, y(0), left + plotWidth, y(0), palette.axis),
  ];
  // two numbers on one another read as neither
  if (threshold === undefined || Math.abs(y(threshold) - y(0)) > 11)
    body.push(text(left + plotWidth + 6, y(0) + 4, "0", `fill="${palette.faint}" font-size="10"`));
  if (threshold !== undefined) {
    body.push(line(left, y(threshold), left + plotWidth, y(threshold), palette.mark, 'stroke-dasharray="4 3"'));
    body.push(text(left + plotWidth + 6, y(threshold) + 4, number(threshold), `fill="${palette.mark}" font-size="10"`));
  }
  if (values.length > 0) {
    const stairs = values.map(
      (v, step) => `${step === 0 ? `M${round(x(0))} ${round(y(v))}` : `V${round(y(v))}`}H${round(x(step + 1))}`,
    );
    body.push(`<path d="${stairs.join("")}" stroke="${palette.bar}" stroke-width="1.5" fill="none"/>`);
  }
  if (spikes.length > 0) {
    const marks = spikes.map((step) => `M${round(x(step + 0.5))} ${round(top + 2)}v${inset - 3}`);
    body.push(`<path d="${marks.join("")}" stroke="${palette.positive}" stroke-width="2" fill="none"/>`);
  }
  return body;
}

/** What a band spans: its values, its threshold and 0; never nothing. */
function rangeOf(values: readonly number[], threshold = 0): readonly [low: number, high: number] {
  let [low, high] = [Math.min(0, threshold), Math.max(0, threshold)];
  for (const v of values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return low === high ? [low, low + 1] : [low, high];
}
