import type { Shape3 } from "../../../quantize/graph.js";
import type { Diagnostic } from "../../../support/diagnostic.js";

/** What is wrong with one item of a network: the end of a sentence about it. */
export interface Fault {
  readonly code: string;
  readonly item: string;
  readonly text: string;
}

/** A source of events, as projections see it. */
export interface Known {
  readonly name: string;
  readonly shape: Shape3;
  readonly kind: "events" | "current" | "population";
  /** Place in the order of update; -1 for inputs, which come before all populations. */
  readonly order: number;
}

/** Range of a setting. */
export type Limits = readonly [min: number, max: number];

export function isWithin(value: number, [min, max]: Limits): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

/** The fault of a value outside its limits; none otherwise. */
export function rangeFaults(item: string, what: string, value: number, limits: Limits): Fault[] {
  if (isWithin(value, limits)) return [];
  return [{ code: "value-out-of-range", item, text: `has ${what} ${value}, wanted ${limits.join("..")}` }];
}

export function asFindings(faults: readonly Fault[]): readonly Diagnostic[] {
  return faults.map(({ code, item, text }) => ({
    code,
    severity: "error",
    message: `Invalid network: "${item}" ${text}`,
    place: { item },
  }));
}
