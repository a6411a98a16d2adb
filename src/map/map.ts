import type { CoreConfig } from "../arch/core-config.js";
import { type WorstCase, worstCase } from "../program/pass/worst-case.js";
import type { CoreNeeds, PassNote, Program } from "../program/program.js";
import { verifyProgram } from "../program/verify.js";
import type { Schedule, SnnGraph } from "../snn/graph.js";
import { type Diagnostic, SpikewrightError } from "../support/diagnostic.js";
import { budgetFaults, fieldFaults, hopelessUse, type ResourceUse, resourceUse } from "./budget.js";
import { type Code, descriptionOf, fieldsOf, parameterWords, weightRows, writeCode } from "./encode/program.js";
import { legalityFaults } from "./legality.js";
import { type Blueprint, drawBlueprint } from "./plan/blueprint.js";
import type { Stop } from "./plan/pipelined.js";
import { planesOf } from "./plan/workshop.js";
import { analyseNetwork } from "./shape/network.js";

export interface MapOptions {
  /** Default `graded`. */
  readonly schedule?: Schedule;
  /** When a pipelined sample ends: after the proven number of steps, or after a silent one. Default `bound`. */
  readonly stop?: Stop;
}

/** A program and what it takes. */
export interface Mapping {
  readonly program: Program;
  readonly schedule: Schedule;
  readonly resources: readonly ResourceUse[];
  /** Longest that a sample can take, by population, cycles; what is missing to `program.worstCaseCycles` is control. */
  readonly worstCase: readonly { readonly population: string; readonly cycles: number }[];
}

/**
 * Maps a verified spiking network to a core.
 *
 * @throws SpikewrightError with every finding: `does-not-fit`, `geometry-too-large`, `accumulator-overflow`,
 *   `signed-activation`, `tracer-bits`, `tracer-bound`, `threshold-bits`, `membrane-bits`, `weight-bits`,
 *   `quotient-bits`, `payload-overflow`, `pool-window`, `pool-of-sums`, `readout-unsupported`.
 */
export function mapNetwork(graph: SnnGraph, config: CoreConfig, options: MapOptions = {}): Mapping {
  const attempt = tryMapping(graph, config, options);
  if (attempt.mapping) return attempt.mapping;
  throw new SpikewrightError(attempt.faults);
}

/** What keeps a network from running on a core; empty when it fits. */
export function fits(graph: SnnGraph, config: CoreConfig, options: MapOptions = {}): readonly Diagnostic[] {
  return tryMapping(graph, config, options).faults;
}

/** A mapping, or findings; and the resources either way. */
export interface Attempt {
  readonly mapping?: Mapping;
  readonly faults: readonly Diagnostic[];
  readonly resources: readonly ResourceUse[];
}

/** As `mapNetwork`, without throwing. */
export function tryMapping(graph: SnnGraph, config: CoreConfig, options: MapOptions = {}): Attempt {
  const schedule = options.schedule ?? "graded";
  const stop = options.stop ?? "bound";
  const faults: Diagnostic[] = [];
  const network = analyseNetwork(graph, schedule === "pipelined" && stop === "quiet");
  const hopeless = hopelessUse(network, config);
  if (hopeless) return { faults: budgetFaults(graph.name, hopeless, config), resources: hopeless };
  const blueprint = drawBlueprint(network, config, schedule, stop, faults);
  faults.push(...legalityFaults(blueprint.workshop));
  const fields = fieldsOf(blueprint);
  faults.push(...fieldFaults(fields, config));
  // What does not fit is cut into as many tiles as possible, so its code says nothing about the length of the program.
  const fitting = budgetFaults(graph.name, resourceUse(blueprint, undefined), config).length === 0;
  const code = faults.length === 0 && fitting ? writeCode(blueprint, fields) : undefined;
  const resources = resourceUse(blueprint, code?.size);
  faults.push(...budgetFaults(graph.name, resources, config));
  if (!code?.words || faults.length > 0) return { faults, resources };
  const worst = worstCase(code.words, config);
  if (!worst) throw new Error(`the program of "${graph.name}" does not end`);
  const program = verifyProgram(assembleProgram(blueprint, code.words, code.notes, worst, resources), config);
  return { mapping: { program, schedule, resources, worstCase: byPopulation(code, worst) }, faults, resources };
}

function assembleProgram(
  blueprint: Blueprint,
  words: Uint32Array,
  notes: readonly PassNote[],
  worst: WorstCase,
  resources: readonly ResourceUse[],
): Program {
  const { config } = blueprint.workshop;
  return {
    ...descriptionOf(blueprint),
    ...parameterWords(blueprint),
    needs: needsOf(blueprint, resources),
    words,
    weights: weightRows(blueprint, config),
    passes: notes,
    worstCaseCycles: worst.cycles,
  };
}

function needsOf({ workshop, operations }: Blueprint, resources: readonly ResourceUse[]): CoreNeeds {
  const { config, network } = workshop;
  const words = (resource: ResourceUse["resource"]) => resources.find((r) => r.resource === resource)!.used;
  const neurons = network.units.flatMap((unit) => unit.neurons ?? []);
  const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);
  const weights = operations.flatMap((o) => (o.kind === "pass" ? [o] : o.kind === "loop" ? o.body : []));
  const widest = largest(weights.map((pass) => (pass.walk ? weightBits(pass.walk.weights.weights) : 2)));
  const entries = largest([...workshop.network.shapes.values()].map(([h, w, c]) => h * w * c));
  return {
    config: config.name,
    lanes: config.lanes,
    weightBits: widest,
    accumulatorBits: config.accumulatorBits,
    membraneBits: largest(neurons.map((n) => Math.max(n.membraneBits, ...[...n.vInit].map(signedBits)))),
    thresholdBits: planesOf(largest(neurons.flatMap((n) => [...n.vThreshold]))),
    quotientBits: planesOf(largest(weights.map((pass) => pass.mask))),
    indexBits: Math.min(config.indexBits, planesOf(entries - 1)),
    weightDepth: words("weights"),
    listDepth: words("list"),
    pointerDepth: words("pointers"),
    parameterDepth: words("parameters"),
    stateDepth: words("state"),
    programDepth: words("program"),
    dynamics: 0,
    learning: 0,
    scatter: 0,
  };
}

function weightBits(weights: Int8Array): number {
  return weights.reduce((most, w) => Math.max(most, signedBits(w)), 2);
}

function signedBits(value: number): number {
  return 1 + planesOf(value < 0 ? -value - 1 : value);
}

function byPopulation({ owners }: Code, { passes }: WorstCase): Mapping["worstCase"] {
  const cycles = new Map<string, number>();
  for (const [address, name] of owners) cycles.set(name, (cycles.get(name) ?? 0) + passes.get(address)!);
  return [...cycles].map(([population, spent]) => ({ population, cycles: spent }));
}
