import type { Outcome, SuiteResult } from "./suites.js";

/** Counts of one suite, as `--json` prints them. */
export interface SuiteSummary {
  readonly name: string;
  readonly passed: number;
  readonly unsupported: number;
  readonly failed: number;
  /** How often each code or reason of what is not supported occurs, most frequent first. */
  readonly unsupportedByCode: Readonly<Record<string, number>>;
}

export function summarise({ name, outcomes }: SuiteResult): SuiteSummary {
  const codes = new Map<string, number>();
  for (const { outcome, detail } of outcomes) {
    if (outcome === "unsupported") codes.set(detail, (codes.get(detail) ?? 0) + 1);
  }
  const sorted = [...codes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return {
    name,
    passed: count(outcomes, "passed"),
    unsupported: count(outcomes, "unsupported"),
    failed: count(outcomes, "failed"),
    unsupportedByCode: Object.fromEntries(sorted),
  };
}

/** The table for the README. */
export function conformanceTable(suites: readonly SuiteSummary[]): string {
  const rows = suites.map(({ name, passed, unsupported, failed }) => {
    const total = passed + unsupported + failed;
    return `| ${name} | ${total} | ${passed} (${((100 * passed) / total).toFixed(1)} %) | ${unsupported} | ${failed} |`;
  });
  return ["| suite | cases | passed | unsupported | failed |", "| --- | ---: | ---: | ---: | ---: |", ...rows].join(
    "\n",
  );
}

/** What is wrong with the results: wrong cases, and suites below their bar. Empty when all is well. */
export function complaints(suites: readonly SuiteResult[]): readonly string[] {
  return suites.flatMap(({ name, bar, outcomes }) => {
    const wrong = outcomes.filter(({ outcome }) => outcome === "failed");
    const share = count(outcomes, "passed") / outcomes.length;
    const low = outcomes.length === 0 || share < bar;
    return [
      ...wrong.map((entry) => `${name}: ${entry.name}: ${entry.detail}`),
      ...(low ? [`${name}: ${(100 * share).toFixed(1)} % passed, wanted ${100 * bar} %`] : []),
    ];
  });
}

function count(outcomes: readonly Outcome[], wanted: Outcome["outcome"]): number {
  return outcomes.filter(({ outcome }) => outcome === wanted).length;
}
