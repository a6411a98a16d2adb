import { measuredSections } from "../network/measured-sections.js";
import { latencySection, memorySection } from "../network/sections.js";
import type { DynamicsReport } from "../result.js";
import { orAbsent, type Section, shapeText, whole } from "../section.js";

/** Sections of the report on a network with dynamics. */
export function dynamicsSections(report: DynamicsReport): readonly Section[] {
  return [
    aboutSection(report),
    populationSection(report),
    projectionSection(report),
    memorySection(report),
    latencySection(report),
    ...(report.measured ? measuredSections(report.measured) : []),
  ];
}

function aboutSection(report: DynamicsReport): Section {
  const { source, core, steps, reset, worstCase } = report;
  const maker = [source.format, source.producer, source.file].filter((part) => part !== undefined).join(", ");
  const again = reset === "sample" ? "each begins anew" : "goes on from sample to sample";
  return {
    id: "network",
    title: `Network with dynamics "${report.name}"`,
    facts: [
      ["file", report.file],
      ["SHA-256", report.digest],
      ["made by", maker],
      [
        "samples",
        `${whole(steps)} ${steps === 1 ? "step" : "steps"}, ${again}; values become samples as ${report.encoding}`,
      ],
      ["neurons", whole(report.neuronsTotal)],
      ["weights", whole(report.weightsTotal)],
      ["core", core.isReal ? core.name : `${core.name} (simulation only: no board has it)`],
      ["worst case", `${whole(worstCase.cycles)} clock cycles a sample, proven: every neuron fires in every step`],
    ],
  };
}

function populationSection({ populations }: DynamicsReport): Section {
  return {
    id: "populations",
    title: "Populations",
    table: {
      header: ["population", "kind", "shape", "neurons"],
      rows: populations.map(({ name, kind, shape, neurons }) => [name, kind, shapeText(shape), whole(neurons)]),
    },
  };
}

function projectionSection({ projections }: DynamicsReport): Section {
  return {
    id: "projections",
    title: "Projections",
    note: "Weights in lsb, delays in steps.",
    table: {
      header: ["projection", "from", "to", "synapses", "weights", "range", "delays", "plastic"],
      rows: projections.map(({ name, source, target, synapses, weights, range, delays, plastic }) => [
        ...[name, source, target, synapses, whole(weights), range.join(" to "), delays.join(", "), orAbsent(plastic)],
      ]),
    },
  };
}
