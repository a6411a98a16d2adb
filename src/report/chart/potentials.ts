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
const [bandHeight, gap, inset, labelHeight] = [72, 12, 10, 11];
/** More traces than a page has room for. */
const mostTraces = 24;

/**
 * Draw membrane potentials: steps to the right, one band a neuron. Neurons with the same threshold have the same scale.
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
    const range = rangeOf(shown.filter(({ threshold }) => threshold === trace.threshold));
    body.push(...band(trace, range, top + i * (bandHeight + gap), x, palette));
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

interface Range {
  readonly low: number;
  readonly high: number;
}

function band(
  trace: PotentialTrace,
  range: Range,
  top: number,
  x: (step: number) => number,
  palette: Palette,
): string[] {
  const { name, values, threshold, spikes = [] } = trace;
  const { low, high } = range;
  const y = (v: number): number => top + inset + (bandHeight - 2 * inset) * (1 - (v - low) / (high - low));
  const body = [
    rect(left, top, plotWidth, bandHeight, palette.band, name),
    text(left - 8, top + bandHeight / 2 + 4, shortened(name, 18), 'text-anchor="end"'),
    line(left, y(0), left + plotWidth, y(0), palette.axis),
  ];
  if (threshold !== undefined)
    body.push(line(left, y(threshold), left + plotWidth, y(threshold), palette.mark, 'stroke-dasharray="4 3"'));
  for (const v of readable([...(threshold === undefined ? [] : [threshold]), 0, high, low], y)) {
    const color = v === threshold ? palette.mark : palette.faint;
    body.push(text(left + plotWidth + 6, y(v) + 4, v.toLocaleString("en-US"), `fill="${color}" font-size="10"`));
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

/** Those of the numbers that stand clear of the ones before them: two on one another read as neither. */
function readable(numbers: readonly number[], y: (v: number) => number): number[] {
  const clear: number[] = [];
  for (const v of numbers) if (clear.every((other) => Math.abs(y(other) - y(v)) > labelHeight)) clear.push(v);
  return clear;
}

/** What bands span: their values, thresholds and 0; never nothing. */
function rangeOf(traces: readonly PotentialTrace[]): Range {
  let [low, high] = [0, 0];
  for (const { values, threshold = 0 } of traces) {
    low = values.reduce((least, v) => Math.min(least, v), Math.min(low, threshold));
    high = values.reduce((most, v) => Math.max(most, v), Math.max(high, threshold));
  }
  return { low, high: low === high ? low + 1 : high };
}
