import type { CoreConfig } from "../../arch/core-config.js";
import type { DynamicsMapping } from "../../map/dynamics/map.js";
import type { DynamicsNetwork } from "../../snn/dynamics/file/file.js";
import {
  type DynamicsGraph,
  type DynamicsPopulation,
  type DynamicsProjection,
  delaysOf,
  neuronCount,
} from "../../snn/dynamics/graph.js";
import { summarizeCore } from "../network/summary.js";
import type { CoreClock, DynamicsReport, PopulationSummary, ProjectionSummary } from "../result.js";

/** The part of a report that needs no sample: what the file says, and what mapping it proves. */
export function summarizeDynamics(
  { graph, encoding, source }: DynamicsNetwork,
  mapping: DynamicsMapping,
  config: CoreConfig,
  clocks: readonly CoreClock[],
): Omit<DynamicsReport, "file" | "digest" | "measured" | "files"> {
  const { worstCaseCycles: cycles } = mapping.program;
  const populations = summarizePopulations(graph);
  const projections = graph.projections.map(summarizeProjection);
  return {
    kind: "dynamics",
    name: graph.name,
    source,
    steps: graph.steps,
    reset: graph.reset,
    encoding: encoding.kind,
    neuronsTotal: graph.populations.reduce((sum, { shape }) => sum + neuronCount(shape), 0),
    weightsTotal: projections.reduce((sum, { weights }) => sum + weights, 0),
    populations,
    projections,
    core: summarizeCore(mapping, config),
    worstCase: { cycles, latencies: clocks.map((clock) => ({ ...clock, latencyUs: (1e6 * cycles) / clock.coreHz })) },
  };
}

function summarizePopulations({ inputs, populations, readout }: DynamicsGraph): readonly PopulationSummary[] {
  const kindOf = ({ name, values, winnerTakeAll }: DynamicsPopulation): PopulationSummary["kind"] => {
    if (values) return "encoder";
    if (winnerTakeAll) return "winner-take-all";
    return name === readout.population ? "readout" : "neurons";
  };
  return [
    ...inputs.map(({ name, shape }) => ({ name, kind: "input" as const, shape, neurons: neuronCount(shape) })),
    ...populations.map((one) => ({
      name: one.name,
      kind: kindOf(one),
      shape: one.shape,
      neurons: neuronCount(one.shape),
    })),
  ];
}

function summarizeProjection(projection: DynamicsProjection): ProjectionSummary {
  const { name, source, target, synapses, plasticity } = projection;
  const { weights } = synapses;
  const all = plasticity ? weights.length : 0;
  return {
    name,
    source,
    target,
    synapses: synapses.kind,
    weights: weights.length,
    range: weights.reduce<[number, number]>(
      ([min, max], w) => [Math.min(min, w), Math.max(max, w)],
      [weights[0] ?? 0, weights[0] ?? 0],
    ),
    delays: delaysOf(projection),
    plastic: plasticity?.enabled?.reduce((sum, learns) => sum + learns, 0) ?? all,
  };
}
