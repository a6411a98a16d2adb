import type { Shape3 } from "../quantize/graph.js";

/** One part of a report, for text and HTML alike: facts, then a table. */
export interface Section {
  /** Stable; anchor of the HTML page. */
  readonly id: string;
  readonly title: string;
  /** What the numbers mean and where they come from. */
  readonly note?: string;
  readonly facts?: readonly Fact[];
  readonly table?: SectionTable;
}

type Fact = readonly [label: string, value: string];

export interface SectionTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What stands where there is no number. */
export const absent = "-";

/** An integer with thousands separated. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** `digits` decimals with thousands separated. */
export function decimal(value: number, digits = 1): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function percent(value: number | null, digits = 1): string {
  return value === null ? absent : `${decimal(value, digits)} %`;
}

/** Three significant digits. */
export function significant(value: number | null): string {
  return value === null ? absent : value === 0 ? "0" : value.toPrecision(3);
}

/** A count; 0 where the thing does not exist. */
export function orAbsent(value: number): string {
  return value === 0 ? absent : whole(value);
}

export function megahertz(hertz: number | null): string {
  return hertz === null ? absent : `${decimal(hertz / 1e6, 2)} MHz`;
}

/** Axes of extent 1 in front are left out. */
export function shapeText(shape: Shape3): string {
  const first = shape.findIndex((extent) => extent !== 1);
  return first < 0 ? "1" : shape.slice(first).join(" x ");
}
