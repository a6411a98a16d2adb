import type { Bin } from "../result.js";
import { line, marksTo, type Palette, paperPalette, rect, svgDocument, text } from "../svg.js";

/** Pixels. */
const [left, plotWidth, plotHeight, right, bottom] = [56, 500, 180, 30, 46];
/** Room that a number below the axis wants. */
const labelRoom = 64;

/**
 * Columns of a histogram with the mean as a dashed line.
 *
 * @param quantity What is counted, with its unit; below the horizontal axis.
 * @param mean Within the bins.
 * @param counted What each column counts.
 */
export function histogramChart(
  title: string,
  bins: readonly Bin[],
  mean: number,
  quantity: string,
  palette: Palette = paperPalette,
  counted = "samples",
): string {
  // on a page the title stands above
  const isAlone = palette.paper !== "none";
  const top = isAlone ? 58 : 30;
  const largest = bins.reduce((most, bin) => Math.max(most, bin.samples), 1);
  const [first, last] = [bins[0]!.from, bins.at(-1)!.to];
  const x = (value: number): number => left + (plotWidth * (value - first)) / (last - first);
  const y = (samples: number): number => top + plotHeight * (1 - samples / largest);
  const faint = `fill="${palette.faint}"`;
  const body: string[] = isAlone ? [text(left, 22, title, 'font-size="14" font-weight="600"')] : [];
  for (const mark of marksTo(largest, 4).filter((m) => Number.isInteger(m))) {
    body.push(line(left, y(mark), left + plotWidth, y(mark), palette.band));
    body.push(text(left - 8, y(mark) + 4, mark.toLocaleString("en-US"), `text-anchor="end" ${faint}`));
  }
  for (const { from, to, samples } of bins) {
    if (samples === 0) continue;
    const hint = `${from.toLocaleString("en-US")} to ${(to - 1).toLocaleString("en-US")}: ${samples.toLocaleString("en-US")} ${counted}`;
    // bars of a histogram touch but for a hair; a lone one does not fill the plot
    const width = Math.min(80, x(to) - x(from));
    const start = (x(from) + x(to) - width) / 2;
    body.push(rect(start + 0.5, y(samples), width - 1, top + plotHeight - y(samples), palette.bar, hint));
  }
  const axis = top + plotHeight;
  body.push(line(left, axis, left + plotWidth, axis, palette.axis));
  const every = Math.max(1, Math.ceil((bins.length * labelRoom) / plotWidth));
  for (let i = 0; i <= bins.length; i += every) {
    const value = i < bins.length ? bins[i]!.from : last;
    body.push(line(x(value), axis, x(value), axis + 4, palette.axis));
    body.push(text(x(value), axis + 17, value.toLocaleString("en-US"), `text-anchor="middle" ${faint}`));
  }
  body.push(line(x(mean), top - 8, x(mean), axis, palette.mark, 'stroke-width="1.5" stroke-dasharray="4 3"'));
  const anchor = x(mean) > left + plotWidth - 100 ? "end" : x(mean) < left + 100 ? "start" : "middle";
  const label = `mean ${mean.toLocaleString("en-US", { maximumFractionDigits: 1 })}`;
  body.push(text(x(mean), top - 13, label, `text-anchor="${anchor}" fill="${palette.mark}" font-weight="600"`));
  body.push(text(left + plotWidth / 2, axis + 36, quantity, `text-anchor="middle" ${faint}`));
  body.push(text(left - 48, top - 13, counted, faint));
  return svgDocument(left + plotWidth + right, top + plotHeight + bottom, title, body, palette);
}
