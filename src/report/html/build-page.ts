import { barChart } from "../chart/bars.js";
import { buildSections } from "../core-build/sections.js";
import type { BuildReport } from "../result.js";
import { megahertz, percent, whole } from "../section.js";
import { pagePalette } from "../svg.js";
import { type Card, htmlPage } from "./page.js";

/** The report on a build folder as a page. */
export function buildPage(report: BuildReport): string {
  const cells = Object.entries(report.resources).filter(([, { used }]) => used > 0);
  const bars = cells.map(([label, { used, available }]) => ({
    label,
    fraction: used / available,
    value: `${whole(used)} of ${whole(available)}`,
  }));
  return htmlPage({
    title: `${report.name} for ${report.board}`,
    subtitle: `build of a core, device ${report.device}`,
    cards: buildCards(report),
    sections: buildSections(report),
    figures: new Map(bars.length > 0 ? [["cells", barChart("Cells used", bars, pagePalette)]] : []),
  });
}

function buildCards({ fmaxHz, targetHz, marginPercent, resources, seed, tried, bitstream }: BuildReport): Card[] {
  const shares = Object.entries(resources).map(([cell, { used, available }]) => ({ cell, share: used / available }));
  const logic = shares.find(({ cell }) => /_LC$|_COMB$/.test(cell));
  const seeds = tried.length === 1 ? "the only one" : `best of ${whole(tried.length)}`;
  return [
    { value: megahertz(fmaxHz), label: `after routing, wanted ${megahertz(targetHz)}`, isWarning: fmaxHz < targetHz },
    { value: percent(marginPercent), label: "margin", isWarning: marginPercent < 0 },
    ...(logic ? [{ value: percent(100 * logic.share), label: `of ${logic.cell}` }] : []),
    { value: `seed ${seed}`, label: seeds },
    { value: bitstream.state, label: "bitstream", isWarning: bitstream.state !== "intact" },
  ];
}
