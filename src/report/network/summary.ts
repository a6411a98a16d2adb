import { type CoreConfig, coreConfigs } from "../../arch/core-config.js";
import type { Mapping } from "../../map/map.js";
import type { QuantLayer } from "../../quantize/graph.js";
import type { LayerReport } from "../../quantize/report.js";
import type { Network } from "../../snn/file.js";
import { planSchedule } from "../../snn/schedule.js";
import type { CoreClock, CoreSummary, LayerSummary, NetworkReport, WorstCaseSummary } from "../result.js";

/** The part of a report that needs no sample: what the file says, and what mapping it proves. */
export function summarizeNetwork(
  network: Network,
  mapping: Mapping,
  config: CoreConfig,
  clocks: readonly CoreClock[],
): Omit<NetworkReport, "file" | "digest" | "measured" | "files"> {
  const { quant, snn, source, ledger, report } = network;
  const rows = new Map(report.map((row) => [row.name, row]));
  const layers = quant.layers.map((layer) => summarizeLayer(layer, rows.get(layer.name)));
  return {
    kind: "network",
    name: quant.name,
    source,
    schedule: mapping.schedule,
    steps: planSchedule(snn, mapping.schedule).steps,
    input: { shape: quant.input.shape, bits: quant.input.bits },
    neuronsTotal: layers.reduce((sum, l) => sum + l.neurons, 0),
    weightsTotal: layers.reduce((sum, l) => sum + l.weights, 0),
    zeroWeightsPercent: zeroWeightsPercent(quant.layers),
    layers,
    core: summarizeCore(mapping, config),
    worstCase: summarizeWorstCase(mapping, clocks),
    ledger,
  };
}

function summarizeLayer(layer: QuantLayer, conversion: LayerReport | undefined): LayerSummary {
  const errors = {
    maxError: conversion?.maxError ?? null,
    meanError: conversion?.meanError ?? null,
  };
  const { name, shape } = layer;
  if (layer.kind === "pool") {
    const none = { neurons: 0, weights: 0, weightBits: 0, thresholdBits: 0, membraneBits: 0 };
    return { name, kind: `${layer.op} pool`, shape, ...none, ...errors, saturatedPercent: null, deadPercent: null };
  }
  const { terms, activation, membraneBits } = layer;
  const isReadout = activation.kind === "none";
  return {
    name,
    kind: isReadout ? "readout" : "neurons",
    shape,
    neurons: shape[0] * shape[1] * shape[2],
    weights: terms.reduce((sum, term) => sum + term.weights.length, 0),
    weightBits: terms.reduce((most, term) => Math.max(most, term.weightBits), 0),
    thresholdBits: isReadout ? 0 : 32 - Math.clz32(activation.theta.reduce((a, b) => Math.max(a, b), 0)),
    membraneBits,
    ...errors,
    saturatedPercent: isReadout ? null : (conversion?.saturatedPercent ?? null),
    deadPercent: isReadout ? null : (conversion?.deadPercent ?? null),
  };
}

function zeroWeightsPercent(layers: readonly QuantLayer[]): number {
  let all = 0;
  let zeros = 0;
  for (const layer of layers) {
    if (layer.kind === "pool") continue;
    for (const { weights } of layer.terms) {
      all += weights.length;
      for (let i = 0; i < weights.length; i++) if (weights[i] === 0) zeros++;
    }
  }
  return all === 0 ? 0 : (100 * zeros) / all;
}

function summarizeCore({ resources }: Mapping, config: CoreConfig): CoreSummary {
  const { name, lanes, weightBits } = config;
  return {
    name,
    lanes,
    weightBits,
    isReal: coreConfigs.includes(config),
    memories: resources.map(({ resource, used, available, largest }) => ({
      memory: resource,
      used,
      available,
      largest: largest ?? null,
    })),
  };
}

function summarizeWorstCase({ program, worstCase }: Mapping, clocks: readonly CoreClock[]): WorstCaseSummary {
  const layers = worstCase.map(({ population, cycles }) => ({ layer: population, cycles }));
  const cycles = program.worstCaseCycles;
  return {
    cycles,
    layers,
    controlCycles: cycles - layers.reduce((sum, l) => sum + l.cycles, 0),
    latencies: clocks.map((clock) => ({ ...clock, latencyUs: (1e6 * cycles) / clock.coreHz })),
  };
}
