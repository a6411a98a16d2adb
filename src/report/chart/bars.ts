import { type Palette, rect, round, shortened, svgDocument, text } from "../svg.js";

export interface Bar {
  readonly label: string;
  /** Length, 0..1 of the plot; longer ones are cut and marked. */
  readonly fraction: number;
  /** The number, written behind the bar. */
  readonly value: string;
}

/** Pixels. */
const [plotWidth, rowHeight, barHeight, margin] = [360, 26, 14, 8];
/** Characters of a label. */
const longestLabel = 24;
/** More bars than anybody compares; the table has all. */
const mostBars = 60;

/** Horizontal bars on a ground that shows the whole. */
export function barChart(title: string, bars: readonly Bar[], palette: Palette): string {
  const shown = bars.slice(0, mostBars);
  const widest = (texts: readonly string[]): number => texts.reduce((most, t) => Math.max(most, widthOf(t)), 0);
  const labelWidth = 12 + widest(shown.map((bar) => shortened(bar.label, longestLabel)));
  const valueWidth = 12 + widest(shown.map((bar) => bar.value));
  const body = shown.flatMap((bar, i) => {
    const middle = margin + i * rowHeight + rowHeight / 2;
    const length = plotWidth * Math.min(1, Math.max(0, bar.fraction));
    const hint = `${bar.label}: ${bar.value}`;
    return [
      text(labelWidth - 10, middle + 4, shortened(bar.label, longestLabel), 'text-anchor="end"'),
      rect(labelWidth, middle - barHeight / 2, plotWidth, barHeight, palette.band, hint),
      // a mark of one pixel shows that something is there
      ...(bar.fraction > 0
        ? [rect(labelWidth, middle - barHeight / 2, round(Math.max(1, length)), barHeight, palette.bar, hint)]
        : []),
      text(labelWidth + plotWidth + 10, middle + 4, bar.value, `fill="${palette.faint}"`),
    ];
  });
  if (bars.length > shown.length) {
    const rest = `${(bars.length - shown.length).toLocaleString("en-US")} more in the table`;
    body.push(text(labelWidth, margin + shown.length * rowHeight + 16, rest, `fill="${palette.faint}"`));
  }
  const rows = shown.length + (bars.length > shown.length ? 1 : 0);
  return svgDocument(labelWidth + plotWidth + valueWidth, 2 * margin + rows * rowHeight, title, body, palette);
}

/** Room that a text wants in the system's font, about: rather too much. */
function widthOf(content: string): number {
  return [...content].reduce((sum, character) => sum + (/[a-z0-9 .,%()]/.test(character) ? 7.2 : 9.5), 0);
}
