import type { BuildReport } from "../result.js";
import { absent, decimal, megahertz, percent, type Section, whole } from "../section.js";

const bitstreamStates = {
  intact: "as built",
  changed: "CHANGED since the build",
  missing: "MISSING",
} as const;

/** Sections of the report on a build folder. */
export function buildSections(report: BuildReport): readonly Section[] {
  const { bitstream, fmaxHz, targetHz } = report;
  return [
    {
      id: "build",
      title: `Build of core ${report.name} for ${report.board}`,
      facts: [
        ["folder", report.folder],
        ["device", report.device],
        ["plan digest", report.digest],
        ["bitstream", bitstream.file],
        ["bitstream SHA-256", `${bitstream.digest} (${bitstreamStates[bitstream.state]})`],
        ["bitstream size", bitstream.bytes === null ? absent : `${whole(bitstream.bytes)} bytes`],
        ["build time", `${decimal(report.seconds)} s`],
        ["seed", String(report.seed)],
      ],
    },
    {
      id: "timing",
      title: "Timing after place and route",
      facts: [
        ["target clock", megahertz(targetHz)],
        ["largest clock", megahertz(fmaxHz)],
        ["margin", `${percent(report.marginPercent)}${fmaxHz < targetHz ? " (target MISSED)" : ""}`],
      ],
    },
    {
      id: "cells",
      title: "Cells",
      table: {
        header: ["cell", "used", "available", "share"],
        rows: Object.entries(report.resources)
          .filter(([, { used }]) => used > 0)
          .map(([cell, { used, available }]) => [
            cell,
            whole(used),
            whole(available),
            percent((100 * used) / available),
          ]),
      },
    },
    {
      id: "tools",
      title: "Tools",
      table: {
        header: ["tool", "version", "kind"],
        rows: Object.entries(report.toolchain).map(([tool, { kind, version }]) => [tool, version, kind]),
      },
    },
    {
      id: "seeds",
      title: "Seeds that place and route tried",
      table: {
        header: ["seed", "largest clock", "nextpnr", "icetime", ""],
        rows: report.tried.map(({ seed, fmaxHz: reached, nextpnrHz, icetimeHz }) => [
          String(seed),
          megahertz(reached),
          megahertz(nextpnrHz),
          megahertz(icetimeHz),
          seed === report.seed ? "taken" : "",
        ]),
      },
    },
  ];
}
