/** Colours of a drawing. */
export interface Palette {
  /** Behind everything; `none` on a page that has its own. */
  readonly paper: string;
  readonly text: string;
  /** Less important text. */
  readonly faint: string;
  readonly axis: string;
  /** Ground of a plot, and the empty part of a bar. */
  readonly band: string;
  readonly bar: string;
  readonly mark: string;
  readonly positive: string;
  readonly negative: string;
}

/** Dark on white, for files of their own: reads in every viewer. */
export const paperPalette: Palette = {
  paper: "#fff",
  text: "#222",
  faint: "#666",
  axis: "#999",
  band: "#f4f5f7",
  bar: "#2f6fb4",
  mark: "#b3541e",
  positive: "#1446a0",
  negative: "#be1e28",
};

/** Colours that the page around the drawing sets, light or dark. */
export const pagePalette: Palette = {
  paper: "none",
  text: "var(--text)",
  faint: "var(--faint)",
  axis: "var(--axis)",
  band: "var(--band)",
  bar: "var(--bar)",
  mark: "var(--mark)",
  positive: "var(--positive)",
  negative: "var(--negative)",
};

/** Text safe inside SVG and HTML, control characters that neither may hold replaced. */
export function escapeText(text: string): string {
  return text
    .replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]!)
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd");
}

/** An SVG document of the given size in pixels, in the system's font. */
export function svgDocument(
  width: number,
  height: number,
  title: string,
  body: readonly string[],
  palette: Palette = paperPalette,
): string {
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${escapeText(title)}" font-family="system-ui, sans-serif" font-size="12" fill="${palette.text}">`,
    `<title>${escapeText(title)}</title>`,
    ...(palette.paper === "none" ? [] : [rect(0, 0, width, height, palette.paper)]),
    ...body,
    "</svg>",
    "",
  ].join("\n");
}

export function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${round(x)}" y="${round(y)}"${attributes ? ` ${attributes}` : ""}>${escapeText(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, color: string, attributes = ""): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" stroke="${color}"${attributes ? ` ${attributes}` : ""}/>`;
}

/** @param label Shown when the pointer rests on it. */
export function rect(x: number, y: number, width: number, height: number, color: string, label?: string): string {
  const shape = `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${color}"`;
  return label === undefined ? `${shape}/>` : `${shape}><title>${escapeText(label)}</title></rect>`;
}

/** A text of at most `most` characters: the middle of a longer one is left out. */
export function shortened(content: string, most: number): string {
  const characters = [...content];
  if (characters.length <= most) return content;
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - (most - 1 - head)).join("")}`;
}

/** Two decimals at most: files stay small and diffs readable. */
export function round(x: number): number {
  return Math.round(x * 100) / 100;
}

/** About `count` round numbers from 0 to `max`. */
export function marksTo(max: number, count = 5): number[] {
  if (!(max > 0)) return [0];
  const raw = max / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? raw;
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => round(i * step));
}
