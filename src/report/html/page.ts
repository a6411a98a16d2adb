import { absent, type Section, type SectionTable } from "../section.js";
import { escapeText } from "../svg.js";
import { styleSheet } from "./style.js";

/** One number to see first. */
export interface Card {
  readonly value: string;
  readonly label: string;
  /** Something is wrong with it. */
  readonly isWarning?: boolean;
}

export interface Page {
  readonly title: string;
  readonly subtitle: string;
  readonly cards: readonly Card[];
  readonly sections: readonly Section[];
  /** SVG by section id. */
  readonly figures: ReadonlyMap<string, string>;
}

/**
 * A page in one file that loads nothing: no script, no font, no picture from elsewhere, and a policy that forbids them.
 * Also well-formed XML. Same input, same bytes.
 */
export function htmlPage({ title, subtitle, cards, sections, figures }: Page): string {
  const links = sections.map((s) => `<a href="#${escapeText(s.id)}">${escapeText(s.title)}</a>`);
  return [
    "<!DOCTYPE html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8"/>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>`,
    `<title>${escapeText(title)} · spikewright report</title>`,
    `<style>${styleSheet}</style>`,
    "</head>",
    "<body>",
    `<header><h1>${escapeText(title)}</h1><p>${escapeText(subtitle)}</p><nav>${links.join("\n")}</nav></header>`,
    `<div class="cards">${cards.map(cardHtml).join("\n")}</div>`,
    ...sections.map((section) => sectionHtml(section, figures.get(section.id))),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function cardHtml({ value, label, isWarning }: Card): string {
  const mark = isWarning ? ' class="warn"' : "";
  return `<div class="card"><b${mark}>${escapeText(value)}</b><span>${escapeText(label)}</span></div>`;
}

function sectionHtml({ id, title, note, facts, table }: Section, figure: string | undefined): string {
  const lines = [`<section id="${escapeText(id)}">`, `<h2>${escapeText(title)}</h2>`];
  if (note !== undefined) lines.push(`<p class="note">${escapeText(note)}</p>`);
  if (facts && facts.length > 0) {
    const items = facts.map(([label, value]) => `<dt>${escapeText(label)}</dt><dd>${escapeText(value)}</dd>`);
    lines.push("<dl>", ...items, "</dl>");
  }
  const parts = [
    ...(figure === undefined ? [] : [`<figure>${figure.trimEnd()}</figure>`]),
    ...(table && table.rows.length > 0 ? [tableHtml(table)] : []),
  ];
  if (parts.length > 0) lines.push('<div class="pair">', ...parts, "</div>");
  return [...lines, "</section>"].join("\n");
}

function tableHtml({ header, rows }: SectionTable): string {
  const kinds = header.map((_, i) => columnClass(rows.map((row) => row[i]!)));
  const cell = (tag: "th" | "td", content: string, i: number): string =>
    `<${tag}${kinds[i]}>${escapeText(content)}</${tag}>`;
  return [
    '<div class="scroll"><table>',
    `<thead><tr>${header.map((content, i) => cell("th", content, i)).join("")}</tr></thead>`,
    "<tbody>",
    ...rows.map((row) => `<tr>${row.map((content, i) => cell("td", content, i)).join("")}</tr>`),
    "</tbody></table></div>",
  ].join("\n");
}

/** Numbers stand to the right; short texts are not broken. */
function columnClass(cells: readonly string[]): string {
  if (cells.every(isNumber)) return ' class="number"';
  return cells.every((cell) => cell.length <= 24) ? ' class="short"' : "";
}

function isNumber(cell: string): boolean {
  return cell === absent || /^-?[\d,.]+(e[-+]\d+)?( (%|MHz|us))?$/.test(cell);
}
