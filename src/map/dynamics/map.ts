import type { CoreConfig } from "../../arch/core-config.js";
import { worstCase } from "../../program/pass/worst-case.js";
import { inputBits, type Program, type ProgramShape } from "../../program/program.js";
import { verifyProgram } from "../../program/verify.js";
import type { DynamicsGraph } from "../../snn/dynamics/graph.js";
import { sampleLayout } from "../../snn/dynamics/sample.js";
import { verifyDynamicsGraph } from "../../snn/dynamics/verify/verify.js";
import { type Diagnostic, SpikewrightError } from "../../support/diagnostic.js";
import type { ResourceUse } from "../budget.js";
import { dynamicsUse, useFaults } from "./budget.js";
import { type LayerPlan, layerSections, planLayers } from "./code/layer-sections.js";
import { operationsOf } from "./code/operation.js";
import { type ProgramSections, sampleCount, stepSections } from "./code/step-sections.js";
import { writeSections } from "./code/write.js";
import { learningLevel } from "./learning-level.js";
import { fieldFaults, legalityFaults } from "./legality.js";
import { type DynamicsPlacement, placementOf } from "./placement.js";
import { type DynamicsPlan, drawPlan } from "./plan.js";
import type { NeuronLayout } from "./shape/layout.js";
import { writeWeights } from "./shape/weights.js";

/** A program of a network with dynamics, and what it takes. */
export interface DynamicsMapping {
  readonly program: Program;
  readonly resources: readonly ResourceUse[];
  /** Where neurons and weights lie, to be read and set on a core. */
  readonly placement: DynamicsPlacement;
}

/**
 * Maps a network with dynamics to a core: step by step, or, where nothing depends on later layers, several steps of a layer in
 * one pass. Synapses other than dense ones and windows take the room of dense ones.
 *
 * @throws SpikewrightError with every finding: those of `verifyDynamicsGraph`, and `no-dynamics`, `no-learning`, `no-input`,
 *   `graded-values`, `weight-bits`, `index-bits`, `accumulator-overflow`, `source-layout`, `geometry-too-large`, `does-not-fit`,
 *   `sample-too-long`.
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

/** Maps a network to a core, or says everything that stands against it. */
export function tryDynamicsMapping(graph: DynamicsGraph, config: CoreConfig): DynamicsAttempt {
  const failed = (faults: readonly Diagnostic[], resources: readonly ResourceUse[] = []): DynamicsAttempt => ({
    mapping: undefined,
    faults,
    resources,
  });
  const findings = verifyDynamicsGraph(graph);
  if (findings.length > 0) return failed(findings);
  const faults = [...legalityFaults(graph, config)];
  const plan = drawPlan(graph, config);
  if (typeof plan === "string") return failed([...faults, sourceFault(plan, config)]);
  const layers = planLayers(graph, config);
  const sections = layers ? layerSections(plan, layers) : stepSections(plan);
  const operations = [...sections.once, ...sections.samples.flat()].flatMap(operationsOf);
  faults.push(...fieldFaults(operations, config));
  const placed = layers
    ? { ...plan, used: { ...plan.used, list: layers.lists.used, pointers: layers.pointers.used } }
    : plan;
  const code = faults.length === 0 ? write(placed, sections) : undefined;
  const resources = dynamicsUse(placed, code?.size ?? 0);
  faults.push(...useFaults(graph.name, resources, config));
  if (faults.length > 0) return failed(faults, resources);
  const program = assemble(placed, code!, resources, layers);
  if (!program) return failed([lengthFault(graph, config)], resources);
  const mapping = { program: verifyProgram(program, config), resources, placement: placementOf(placed) };
  return { mapping, faults: [], resources };
}

function write({ graph }: DynamicsPlan, sections: ProgramSections) {
  const draws = graph.populations.some(({ dynamics }) => dynamics.noise) || graph.projections.some((p) => p.plasticity);
  return writeSections(sections, draws ? graph.seed : undefined, graph.reset === "sample");
}

function assemble(
  plan: DynamicsPlan,
  { words, notes }: ReturnType<typeof write>,
  resources: readonly ResourceUse[],
  layers: LayerPlan | undefined,
): Program | undefined {
  const { graph, config, layouts, parameters, used, reward, blocks } = plan;
  const { lanes } = config;
  const weights = new Int8Array(used.weights * lanes);
  for (const block of blocks.values()) writeWeights(weights, graph, block, config);
  if (reward) weights[reward.row * lanes] = 1;
  const isSteady = graph.reset === "sample";
  const worst = worstCase(words!, config, isSteady ? 1 : sampleCount(plan) + Math.ceil(plan.lists / graph.steps));
  if (!worst) return undefined;
  const readout = layouts.populations.get(graph.readout.population)!;
  const { lanes: _, name, technology: __, linkDepth: ___, ...widths } = config;
  const need = (resource: ResourceUse["resource"]) => resources.find((r) => r.resource === resource)!.used;
  return {
    name: graph.name,
    needs: {
      ...widths,
      config: name,
      lanes,
      weightDepth: need("weights"),
      listDepth: need("list"),
      pointerDepth: need("pointers"),
      parameterDepth: need("parameters"),
      stateDepth: need("state"),
      programDepth: need("program"),
      dynamics: 1,
      learning: Math.max(0, ...graph.projections.map(learningLevel)) as CoreConfig["learning"],
      scatter: 0,
    },
    words: words!,
    thresholds: Uint32Array.from(parameters, ([, high]) => high),
    initials: Int32Array.from(parameters, ([low]) => low),
    weights,
    input: programInput(plan, layers),
    readout: { population: readout.population.name, shape: shapeOf(readout), state: readout.state },
    populations: graph.populations.map((population) => ({
      name: population.name,
      shape: shapeOf(layouts.populations.get(population.name)!),
      kind: "spiking",
    })),
    passes: notes,
    worstCaseCycles: worst.cycles,
  };
}

/** A population in the order in which it is visited: positions, and channels at each. */
function shapeOf({ rows, columns, size }: NeuronLayout): ProgramShape {
  return [rows, columns, size / (rows * columns)];
}

/** The inputs of a sample in the order of its values. */
function inputParts(plan: DynamicsPlan, layers: LayerPlan | undefined): NonNullable<Program["input"]["parts"]> {
  const { graph } = plan;
  const { begin, step, rewards, stepSize } = sampleLayout(graph);
  if (layers) {
    const times = Math.floor(graph.steps / layers.chunk);
    const rest = graph.steps - times * layers.chunk;
    return [{ values: layers.chunk * stepSize, times }, ...(rest > 0 ? [{ values: rest * stepSize, times: 1 }] : [])];
  }
  const first = [...(rewards > 0 ? [rewards] : []), ...begin.map(({ size }) => size)];
  const single = step.length === 1 ? [{ values: stepSize, times: graph.steps }] : [];
  const several = step.length > 1 ? Array.from({ length: graph.steps }, () => step).flat() : [];
  return [
    ...first.map((values) => ({ values, times: 1 })),
    ...single,
    ...several.map(({ size }) => ({ values: size, times: 1 })),
  ];
}

function programInput(plan: DynamicsPlan, layers: LayerPlan | undefined): Program["input"] {
  const { graph } = plan;
  const { size, begin, step, rewards, firstStep, stepSize } = sampleLayout(graph);
  const parts = [...begin, ...step];
  const max = parts.reduce((most, part) => Math.max(most, part.max), 1);
  const shape: ProgramShape = firstStep === 0 && rewards === 0 ? [graph.steps, 1, stepSize] : [1, 1, size];
  const name = parts.map((part) => part.name).join("+");
  return { name, shape, max, bits: inputBits(max), parts: inputParts(plan, layers) };
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
