import type { CoreConfig } from "../../arch/core-config.js";
import type { Program } from "../../program/program.js";
import { verifyProgram } from "../../program/verify.js";
import type { DynamicsGraph } from "../../snn/dynamics/graph.js";
import { verifyDynamicsGraph } from "../../snn/dynamics/verify/verify.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";
import type { ResourceUse } from "../budget.js";
import { assemble } from "./assemble.js";
import { dynamicsUse, useFaults } from "./budget.js";
import { type LayerPlan, layerSections, planLayers } from "./code/layer-sections.js";
import { operationsOf } from "./code/operation.js";
import { type ProgramSections, stepSections } from "./code/step-sections.js";
import { writeSections } from "./code/write.js";
import { fieldFaults, legalityFaults } from "./legality.js";
import { type DynamicsPlacement, placementOf } from "./placement.js";
import { type DynamicsPlan, drawPlan } from "./plan.js";
import { type Reached, type ScatterChoice, scatterChoices } from "./scatter/choice.js";
import { walkRowsOf } from "./shape/walk-rows.js";

/** A program of a network with dynamics, and what it takes. */
export interface DynamicsMapping {
  readonly program: Program;
  readonly resources: readonly ResourceUse[];
  /** Where neurons and weights lie, to be read and set on a core. */
  readonly placement: DynamicsPlacement;
}

/**
 * Maps a network with dynamics to a core: step by step, or, where nothing depends on later layers, several steps of a layer in
 * one pass. Synapses other than windows are dense rows, or lists on a core with `scatter` where those are cheaper
 * (`scatter/choice.ts`).
 *
 * @throws SpikewrightError with every finding: those of `verifyDynamicsGraph`, and `no-dynamics`, `no-learning`, `no-input`,
 *   `graded-values`, `weight-bits`, `index-bits`, `accumulator-overflow`, `source-layout`, `geometry-too-large`, `does-not-fit`,
 *   `sample-too-long`, `current-overflow`.
 */
export function mapDynamics(graph: DynamicsGraph, config: CoreConfig): DynamicsMapping {
  const { mapping, faults } = tryDynamicsMapping(graph, config);
  if (!mapping) throw new SpikewrightError(faults);
  return mapping;
}

/** What an attempt to map a network came to. */
export interface DynamicsAttempt {
  /** Present when nothing stands against it. */
  readonly mapping: DynamicsMapping | undefined;
  readonly faults: readonly Diagnostic[];
  /** What each memory would have to hold, as far as it could be laid out. */
  readonly resources: readonly ResourceUse[];
}

/** Maps a network to a core, or says everything that stands against it: of several ways, against the one that is nearest. */
export function tryDynamicsMapping(graph: DynamicsGraph, config: CoreConfig): DynamicsAttempt {
  const findings = verifyDynamicsGraph(graph);
  if (findings.length > 0) return failed(findings);
  const reached = new Map(graph.populations.map(({ name }) => [name, walkRowsOf(graph, name)] as const));
  const layers = planLayers(graph, config);
  let nearest: DynamicsAttempt | undefined;
  for (const choice of scatterChoices(graph, config, reached, layers !== undefined)) {
    const found = tryChoice(graph, config, reached, choice, choice.scattered.size > 0 ? undefined : layers);
    if (found.mapping) return found;
    if (!nearest || obstacles(found) < obstacles(nearest)) nearest = found;
  }
  return nearest!;
}

/** Findings of an attempt but those that say why another way was left out. */
function obstacles({ faults }: DynamicsAttempt): number {
  return faults.filter(({ code }) => code !== "current-overflow").length;
}

function failed(faults: readonly Diagnostic[], resources: readonly ResourceUse[] = []): DynamicsAttempt {
  return { mapping: undefined, faults, resources };
}

/** Maps with some rows as lists of synapses. */
function tryChoice(
  graph: DynamicsGraph,
  config: CoreConfig,
  reached: Reached,
  { scattered, overflows }: ScatterChoice,
  layers: LayerPlan | undefined,
): DynamicsAttempt {
  const walks = new Map([...reached].map(([name, rows]) => [name, rows.filter((row) => !scattered.has(row))] as const));
  const faults = [...legalityFaults(graph, config, walks)];
  const explained = [...overflows].map(([name, most]) => currentFinding(name, most, config));
  const plan = drawPlan(graph, config, walks, scattered);
  if (typeof plan === "string") return failed([...faults, sourceFault(plan, config), ...explained]);
  const sections = layers ? layerSections(plan, layers) : stepSections(plan);
  const operations = [...sections.once, ...sections.samples.flat()].flatMap(operationsOf);
  faults.push(...fieldFaults(operations, config));
  const placed = layers
    ? { ...plan, used: { ...plan.used, list: layers.lists.used, pointers: layers.pointers.used } }
    : plan;
  const code = faults.length === 0 ? write(placed, sections) : undefined;
  const resources = dynamicsUse(placed, code?.size ?? 0);
  faults.push(...useFaults(graph.name, resources, config));
  const isWide = faults.some(({ code }) => code === "weight-bits");
  const isFull = resources.some(({ resource, used, available }) => resource === "weights" && used > available);
  if (faults.length > 0) return failed(isWide || isFull ? [...faults, ...explained] : faults, resources);
  const program = assemble(placed, code!, resources, layers);
  if (!program) return failed([lengthFault(graph, config)], resources);
  const mapping = { program: verifyProgram(program, config), resources, placement: placementOf(placed) };
  return { mapping, faults: [], resources };
}

function write({ graph }: DynamicsPlan, sections: ProgramSections) {
  const draws = graph.populations.some(({ dynamics }) => dynamics.noise) || graph.projections.some((p) => p.plasticity);
  return writeSections(sections, draws ? graph.seed : undefined, graph.reset === "sample");
}

function currentFinding(item: string, most: number, config: CoreConfig): Diagnostic {
  return {
    code: "current-overflow",
    severity: "error",
    message: `Cannot scatter synapses of "${item}" on core ${config.name}: a synaptic current may come to ${most}, it has 16 bits`,
    place: { item },
    found: String(most),
    wanted: "-32768..32767",
    hint: "Use smaller weights, fewer synapses a neuron, or a current that is lost faster",
  };
}

function sourceFault(item: string, config: CoreConfig): Diagnostic {
  return {
    code: "source-layout",
    severity: "error",
    message: `Cannot place "${item}" on core ${config.name}: its sources cannot be walked in one pass`,
    place: { item },
    hint: "Give its projections equal or shorter delays, or connect fewer populations to it",
  };
}

function lengthFault({ name, steps }: DynamicsGraph, config: CoreConfig): Diagnostic {
  return {
    code: "sample-too-long",
    severity: "error",
    message: `Cannot place "${name}" on core ${config.name}: a sample takes more than a million instructions`,
    place: { item: name },
    found: `${steps} steps`,
    hint: "Use fewer steps a sample, and reset never to go on with the next",
  };
}
