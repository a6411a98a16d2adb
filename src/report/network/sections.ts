import type { NetworkReport } from "../result.js";
import { decimal, megahertz, orAbsent, percent, type Section, shapeText, significant, whole } from "../section.js";
import { measuredSections } from "./measured-sections.js";

/** Sections of the report on a network file. */
export function networkSections(report: NetworkReport): readonly Section[] {
  return [
    aboutSection(report),
    layerSection(report),
    memorySection(report),
    worstCaseSection(report),
    latencySection(report),
    ...(report.measured ? measuredSections(report.measured) : []),
    ledgerSection(report),
  ];
}

function aboutSection(report: NetworkReport): Section {
  const { source, input, core } = report;
  const maker = [source.format, source.producer, source.file].filter((part) => part !== undefined).join(", ");
  return {
    id: "network",
    title: `Network "${report.name}"`,
    facts: [
      ["file", report.file],
      ["SHA-256", report.digest],
      ["converted from", maker],
      ["input", `${shapeText(input.shape)}, ${input.bits} bits`],
      ["layers", whole(report.layers.length)],
      ["neurons", whole(report.neuronsTotal)],
      ["weights", `${whole(report.weightsTotal)}, ${percent(report.zeroWeightsPercent)} of them 0`],
      [
        "schedule",
        `${report.schedule}, at most ${whole(report.steps)} ${report.steps === 1 ? "step" : "steps"} a sample`,
      ],
      ["core", core.isReal ? core.name : `${core.name} (simulation only: no board has it)`],
    ],
  };
}

function layerSection({ layers }: NetworkReport): Section {
  return {
    id: "layers",
    title: "Layers",
    note: "Errors are those of the conversion: against the source model, over the calibration samples, in real units.",
    table: {
      header: [
        ...["layer", "kind", "shape", "neurons", "weights", "weight bits", "threshold bits", "membrane bits"],
        ...["max error", "mean error", "saturated", "never active"],
      ],
      rows: layers.map((l) => [
        ...[l.name, l.kind, shapeText(l.shape), orAbsent(l.neurons), orAbsent(l.weights)],
        ...[orAbsent(l.weightBits), orAbsent(l.thresholdBits), orAbsent(l.membraneBits)],
        ...[significant(l.maxError), significant(l.meanError), percent(l.saturatedPercent), percent(l.deadPercent)],
      ]),
    },
  };
}

function memorySection({ core }: NetworkReport): Section {
  return {
    id: "memory",
    title: `Memory of core ${core.name}`,
    note: `In words of each memory; a row of weights holds ${core.lanes} weights of ${core.weightBits} bits.`,
    table: {
      header: ["memory", "used", "available", "share", "largest part"],
      rows: core.memories.map(({ memory, used, available, largest }) => [
        ...[memory, whole(used), whole(available), percent((100 * used) / available)],
        largest && largest.words > 0 ? `${largest.item}: ${whole(largest.words)}` : "-",
      ]),
    },
  };
}

function worstCaseSection({ worstCase }: NetworkReport): Section {
  const { cycles, layers, controlCycles } = worstCase;
  const row = (name: string, spent: number): string[] => [name, whole(spent), percent((100 * spent) / cycles)];
  return {
    id: "worst-case",
    title: "Worst case: clock cycles a sample",
    note: "Proven from the program: every value of every layer fires. No sample takes longer.",
    table: {
      header: ["layer", "cycles", "share"],
      rows: [...layers.map((l) => row(l.layer, l.cycles)), row("(control)", controlCycles), row("(sample)", cycles)],
    },
  };
}

function latencySection({ worstCase: { latencies } }: NetworkReport): Section {
  return {
    id: "latency",
    title: "Worst case: latency",
    note:
      latencies.length === 0
        ? "No board has this core, so there is no clock to tell a latency at."
        : "From the last input value to the decision, at the clock that a build asks for. The time of the link is not in it.",
    table: {
      header: ["boards", "core clock", "latency"],
      rows: latencies.map(({ boards, coreHz, latencyUs }) => [
        ...[boards.join(", "), megahertz(coreHz), `${decimal(latencyUs)} us`],
      ]),
    },
  };
}

function ledgerSection({ ledger }: NetworkReport): Section {
  return {
    id: "ledger",
    title: "Conversion ledger",
    note: "What became of every operator of the source model.",
    table: {
      header: ["layer", "operator", "outcome", "note"],
      rows: ledger.map((l) => [l.layer, l.op, l.outcome, l.note]),
    },
  };
}
