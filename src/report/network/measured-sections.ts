import type { MeasuredSummary, Spread } from "../result.js";
import { decimal, megahertz, percent, type Section, whole } from "../section.js";

/** Sections about what samples took; never mixed with what is proven for the worst. */
export function measuredSections(measured: MeasuredSummary): readonly Section[] {
  const { samples, accuracy, engine, synapticOperationsPerCycle, activity } = measured;
  const over = `measured over ${whole(samples)} ${samples === 1 ? "sample" : "samples"}`;
  const row = (name: string, { mean, min, max }: Spread): string[] => [name, decimal(mean), whole(min), whole(max)];
  return [
    {
      id: "measured",
      title: `Samples, ${over}`,
      note: `On engine ${engine}, whose clock cycles are those of the board. Spikes: entries of the lists that the core writes.`,
      facts: [
        ["accuracy", accuracy === null ? "unknown: no labels" : percent(100 * accuracy, 2)],
        ["synaptic operations a cycle", decimal(synapticOperationsPerCycle, 2)],
        ...measured.latencies.map(
          ({ boards, coreHz, meanUs, maxUs }) =>
            [
              `latency at ${megahertz(coreHz)}`,
              `mean ${decimal(meanUs)} us, max ${decimal(maxUs)} us (${boards.join(", ")})`,
            ] as const,
        ),
      ],
      table: {
        header: ["a sample", "mean", "min", "max"],
        rows: [
          row("clock cycles", measured.cyclesPerSample),
          row("spikes", measured.spikesPerSample),
          row("synaptic operations", measured.synapticOperationsPerSample),
        ],
      },
    },
    {
      id: "activity",
      title: `Activity, ${over}`,
      note: "Active: a neuron or pool output ends a sample with a spike count other than 0. Computed: the core had to look at it.",
      table: {
        header: ["layer", "values", "computed", "active of computed", "spike counts a sample"],
        rows: activity.map(({ layer, values, computedPercent, activePercent, countPerSample }) => [
          ...[layer, whole(values), percent(computedPercent), percent(activePercent), decimal(countPerSample)],
        ]),
      },
    },
  ];
}
