import { barChart } from "../chart/bars.js";
import { histogramChart } from "../chart/histogram.js";
import { networkSections } from "../network/sections.js";
import { type RasterPopulation, type RasterSpike, spikeRaster } from "../raster.js";
import type { NetworkReport } from "../result.js";
import { decimal, megahertz, percent, type Section, whole } from "../section.js";
import { pagePalette } from "../svg.js";
import { type Card, htmlPage } from "./page.js";

/** When the neurons fire in one sample under schedule `pipelined`. */
export interface SampleSpikes {
  /** Which sample, from 0. */
  readonly index: number;
  readonly steps: number;
  readonly populations: readonly RasterPopulation[];
  readonly spikes: readonly RasterSpike[];
}

/** The report on a network as a page. */
export function networkPage(report: NetworkReport, sample: SampleSpikes | undefined): string {
  const figures = networkFigures(report);
  const sections = [...networkSections(report)];
  if (sample) {
    figures.set(
      "raster",
      spikeRaster(rasterTitle(sample), sample.steps, sample.populations, sample.spikes, pagePalette),
    );
    sections.splice(-1, 0, rasterSection(sample));
  }
  return htmlPage({
    title: report.name,
    subtitle: `spiking network, schedule ${report.schedule}, on core ${report.core.name}`,
    cards: networkCards(report),
    sections,
    figures,
  });
}

function networkCards({ weightsTotal, neuronsTotal, core, worstCase, measured }: NetworkReport): Card[] {
  const fullest = core.memories.reduce((a, b) => (b.used / b.available > a.used / a.available ? b : a));
  const latency = worstCase.latencies[0];
  return [
    { value: whole(weightsTotal), label: `weights, ${whole(neuronsTotal)} neurons` },
    { value: percent((100 * fullest.used) / fullest.available), label: `of ${fullest.memory}, the fullest memory` },
    { value: whole(worstCase.cycles), label: "cycles a sample, worst case" },
    ...(latency
      ? [{ value: `${decimal(latency.latencyUs)} us`, label: `worst case at ${megahertz(latency.coreHz)}` }]
      : []),
    ...(measured
      ? [
          ...(measured.accuracy === null
            ? []
            : [{ value: percent(100 * measured.accuracy, 2), label: `accuracy, ${whole(measured.samples)} samples` }]),
          { value: decimal(measured.cyclesPerSample.mean), label: "cycles a sample, measured mean" },
        ]
      : []),
  ];
}

function networkFigures({ core, worstCase, measured }: NetworkReport): Map<string, string> {
  const memory = core.memories.map(({ memory: label, used, available }) => ({
    label,
    fraction: used / available,
    value: `${percent((100 * used) / available)} of ${whole(available)}`,
  }));
  const layers = [...worstCase.layers, { layer: "(control)", cycles: worstCase.controlCycles }];
  const most = layers.reduce((a, { cycles }) => Math.max(a, cycles), 1);
  const cycles = layers.map(({ layer, cycles: spent }) => ({
    label: layer,
    fraction: spent / most,
    value: `${whole(spent)} cycles`,
  }));
  const figures = new Map([
    ["memory", barChart(`Memory use of core ${core.name}`, memory, pagePalette)],
    ["worst-case", barChart("Worst-case cycles a layer", cycles, pagePalette)],
  ]);
  if (!measured) return figures;
  const { cyclesHistogram: bins, cyclesPerSample, activity } = measured;
  const quantity = "clock cycles a sample (measured)";
  figures.set("measured", histogramChart("Cycles a sample", bins, cyclesPerSample.mean, quantity, pagePalette));
  const active = activity.map(({ layer, activePercent }) => ({
    label: layer,
    fraction: activePercent / 100,
    value: percent(activePercent),
  }));
  figures.set("activity", barChart("Active neurons by layer", active, pagePalette));
  return figures;
}

function rasterTitle({ index }: SampleSpikes): string {
  return `Spikes of sample ${index}, schedule pipelined`;
}

function rasterSection(sample: SampleSpikes): Section {
  return {
    id: "raster",
    title: rasterTitle(sample),
    note: "Blue: the count of a neuron grows; red: it shrinks. Other schedules give the same counts in other steps.",
  };
}
