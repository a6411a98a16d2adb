import { dynamicsSections } from "../dynamics/sections.js";
import type { DynamicsReport } from "../result.js";
import { cyclesFigure, memoryFigure, networkCards } from "./network-page.js";
import { htmlPage } from "./page.js";

/**
 * The report on a network with dynamics as a page.
 *
 * @param raster Drawing of the spikes of sample 0.
 */
export function dynamicsPage(report: DynamicsReport, raster: string | undefined): string {
  const figures = new Map([["memory", memoryFigure(report.core)]]);
  const sections = [...dynamicsSections(report)];
  if (report.measured) figures.set("measured", cyclesFigure(report.measured));
  if (raster !== undefined) {
    figures.set("raster", raster);
    sections.push({
      id: "raster",
      title: "Spikes of sample 0",
      note: "Events of inputs and spikes of populations, step by step.",
    });
  }
  return htmlPage({
    title: report.name,
    subtitle: `spiking network with dynamics, on core ${report.core.name}`,
    cards: networkCards(report),
    sections,
    figures,
  });
}
