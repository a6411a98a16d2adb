import { readFileSync, writeFileSync } from "node:fs";

/** Text between `<!-- name:begin -->` and `<!-- name:end -->`, without the line breaks around it; undefined where the markers are missing. */
export function sectionOf(document: string, name: string): string | undefined {
  const [begin, end] = bounds(document, name);
  return begin < 0 || end < begin ? undefined : document.slice(begin, end).trim();
}

/** The document with the text between the markers of a section replaced. @throws where the markers are missing. */
export function withSection(document: string, name: string, text: string): string {
  const [begin, end] = bounds(document, name);
  if (begin < 0 || end < begin) throw new Error(`no markers <!-- ${name}:begin --> and <!-- ${name}:end -->`);
  return `${document.slice(0, begin)}\n${text.trim()}\n${document.slice(end)}`;
}

/** Replaces a section of a file. */
export function writeSection(file: string, name: string, text: string): void {
  writeFileSync(file, withSection(readFileSync(file, "utf8"), name, text));
}

function bounds(document: string, name: string): readonly [begin: number, end: number] {
  const marker = `<!-- ${name}:begin -->`;
  const at = document.indexOf(marker);
  return [at < 0 ? -1 : at + marker.length, document.indexOf(`<!-- ${name}:end -->`)];
}
