import { z } from "zod";
import { failure } from "../../support/diagnostic.js";

/** Cells of one kind: how many the design uses and how many the device has. */
export interface CellUse {
  readonly used: number;
  readonly available: number;
}

/** What place and route says about a result. */
export interface PlaceReport {
  /** By cell name of the tool, cells that the device has none of left out. */
  readonly resources: Readonly<Record<string, CellUse>>;
  /** By clock net. */
  readonly clocks: Readonly<Record<string, { readonly achievedHz: number; readonly constraintHz: number }>>;
}

const schema = z.object({
  fmax: z.record(z.string(), z.object({ achieved: z.number(), constraint: z.number() })),
  utilization: z.record(z.string(), z.object({ available: z.number(), used: z.number() })),
});

/**
 * Read the JSON report of nextpnr.
 *
 * @throws SpikewrightError (blame `tool`) `report-unreadable`.
 */
export function parsePlaceReport(text: string, file: string): PlaceReport {
  const parsed = schema.safeParse(parseJson(text, file));
  if (!parsed.success) throw unreadable(file, parsed.error.issues[0]!.message);
  const { fmax, utilization } = parsed.data;
  const present = Object.entries(utilization).filter(([, cell]) => cell.available > 0);
  return {
    resources: Object.fromEntries(present),
    clocks: Object.fromEntries(
      Object.entries(fmax).map(([clock, { achieved, constraint }]) => [
        clock,
        { achievedHz: Math.round(achieved * 1e6), constraintHz: Math.round(constraint * 1e6) },
      ]),
    ),
  };
}

/** Frequency that every clock held to `targetHz` reaches, Hz; infinite when the design has no clock. */
export function reachedHz(report: PlaceReport, targetHz: number): number {
  // a clock with a constraint of its own (the crystal in front of a PLL) counts in proportion
  const ratios = Object.values(report.clocks).map((clock) => clock.achievedHz / Math.min(clock.constraintHz, targetHz));
  return Math.round(targetHz * Math.min(...ratios));
}

/**
 * Frequency of the slowest path according to icetime, Hz; undefined when the log states none.
 *
 * See the last line of its output: `Total path delay: 21.24 ns (47.08 MHz)`.
 */
export function icetimeHz(log: string): number | undefined {
  const match = /Total path delay: [\d.]+ ns \(([\d.]+) MHz\)/.exec(log);
  return match ? Math.round(Number(match[1]) * 1e6) : undefined;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(file, (error as Error).message);
  }
}

function unreadable(file: string, found: string): Error {
  return failure(
    {
      code: "report-unreadable",
      message: `Cannot read the report "${file}" of place and route: ${found}, wanted fmax and utilization`,
      place: { file },
      found,
    },
    "tool",
  );
}
